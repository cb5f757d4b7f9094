"""What a randomised learner is worth: the mean over many seeds, ours beside a peer's.

One fit's quality proves little: that of a forest of 100 trees changes by 0.002 of AUC with its seed.
"""

import contextlib
import dataclasses
import math
import statistics
import tempfile

from harness.contender import Failed

_PARAMETERS = ("seed", "random_state")


@dataclasses.dataclass
class Seeded:
    contender: str
    qualities: list

    @property
    def mean(self):
        return statistics.fmean(self.qualities)

    @property
    def error(self):
        """Of the mean."""
        return statistics.stdev(self.qualities) / math.sqrt(len(self.qualities))


def parameter_of(spec):
    """The name of the contender's seed; None if the cell gives it none."""
    if spec.library == "tutti":
        return _PARAMETERS[0]
    return next((name for name in _PARAMETERS if name in spec.parameters), None)


def sides(cell):
    """Ours, by the last policy, and the first peer that takes a seed."""
    ours = [spec for spec in cell.contenders if spec.library == "tutti"]
    peers = [spec for spec in cell.contenders if spec.library != "tutti" and parameter_of(spec)]
    if not ours or not peers:
        raise Failed("there is nobody of ours, or no peer whose parameters have a seed")
    return ours[-1], peers[0]


def fit_all(cell, spec, threads, seeds, start, paths, judge, say=lambda text: None):
    """The quality of each seed."""
    values = []
    with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        process = start(cell, spec, threads)
        stack.callback(process.close)
        for name, path in paths.items():
            if name != "y_test":
                process.load(name, path)
        for seed in range(seeds):
            say(f"{cell.name}: seed {seed + 1} of {seeds}, {spec.name}")
            process.make(spec.estimator, spec.parameters | {parameter_of(spec): seed})
            process.run("fit")
            process.judge(cell.gate.output, f"{folder}/answer.npy")
            values.append(judge(cell.gate.measure, paths, f"{folder}/answer.npy"))
    return Seeded(spec.name, values)


def errors_apart(ours, peer):
    """Our mean less theirs, in standard errors of that difference; more than 2 is a difference that can be seen."""
    return (ours.mean - peer.mean) / math.hypot(ours.error, peer.error)


def text(cell, ours, peer):
    lines = [f"{cell.name}: {cell.gate.measure} over {len(ours.qualities)} seeds"]
    lines += [f"  {side.contender:32} {side.mean:.5f} +- {side.error:.5f}" for side in (ours, peer)]
    return "\n".join([*lines, f"  difference: {errors_apart(ours, peer):+.1f} standard errors"])
