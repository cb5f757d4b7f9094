"""The protocol: contenders take turns within a budget, ratios are of one round, and what fails says so in its row."""

import bisect
import contextlib
import dataclasses
import statistics
import tempfile
import time

from harness.contender import Failed


@dataclasses.dataclass
class Result:
    """What was seen of one contender in one cell."""

    contender: str
    library: str
    policy: str
    parameters: dict
    seconds: list = dataclasses.field(default_factory=list)  # a round each
    convert_seconds: float = 0.0  # to its own layout, once
    memory: int | None = None  # bytes above what it held before the task
    quality: float | None = None
    passes: bool | None = None  # None: not judged
    failure: str = ""  # why there is no time

    @property
    def median(self):
        return statistics.median(self.seconds) if self.seconds else None


@dataclasses.dataclass
class CellResult:
    cell: str
    title: str
    threads: int
    goal: float
    task: str
    data: dict
    measure: str
    results: list
    best: float | None = None  # quality
    limit_seconds: float | None = None
    limit_name: str = ""
    skipped: str = ""  # why nothing was run


def paired_ratios(mine, theirs):
    """Theirs by mine, round by round."""
    return [b / a for a, b in zip(mine, theirs)]


class Turn:
    """A contender that is alive, and its row."""

    def __init__(self, spec, process, row):
        self.spec, self.process, self.row = spec, process, row
        self.first = 0.0  # seconds of the task in the warm-up
        self.cost = 0.0  # seconds of its last turn, untimed calls and all
        self.rounds = 1  # that it takes part in


def decisive(turns):
    """Whose times the verdict needs, judged by the first round: ours, and the good peers that may turn out the fastest."""
    peers = [turn for turn in turns if turn.row.library != "tutti" and turn.row.passes is not False]
    fastest = min((turn.row.seconds[0] for turn in peers), default=0.0)
    return [turn for turn in turns if turn.row.library == "tutti" or turn in peers and turn.row.seconds[0] < 1.5 * fastest]


def share_budget(turns, rounds, budget):
    """After a first round of all: the decisive ones take part in every round, then, from fast to slow, each other in as
    many as the rest of the budget, in seconds, pays for."""
    certain = decisive(turns)
    for turn in sorted(turns, key=lambda turn: (turn not in certain, turn.cost)):
        turn.rounds = rounds if turn in certain else max(1, min(rounds, int(budget / turn.cost)))
        budget -= turn.rounds * turn.cost


class Rounds:
    def __init__(self, start, arrays_of, judge, rounds, pause=0.2, turn=0.1, long=5.0, say=lambda text: None):
        """start(cell, spec, threads) -> Process; arrays_of(cell) -> paths; judge(measure, paths, path) -> number or None.

        pause   seconds between turns: idle threads spin a while
        turn    seconds of calls before the clock and against it, for jobs that are shorter
        long    seconds of a task that needs no warm-up: that run is its turn of the first round
        """
        self._start, self._arrays_of, self._judge = start, arrays_of, judge
        self._rounds, self._pause, self._turn_seconds, self._long, self._say = rounds, pause, turn, long, say

    def run(self, cell, threads):
        paths = self._arrays_of(cell)
        result = CellResult(cell.name, cell.title, threads, cell.goal, cell.task, cell.data, cell.gate.measure, [])
        with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
            answer = f"{folder}/answer.npy"
            best, why = self._reference(cell, threads, paths, answer)
            turns = []
            for spec in cell.contenders:
                row = Result(spec.name, spec.library, spec.policy, dict(spec.parameters))
                result.results.append(row)
                self._say(f"{cell.name}, {threads} threads: {spec.name} warms up")
                turn = self._warm_up(cell, spec, threads, paths, row, answer, (best, why), stack)
                if turn is not None:
                    turns.append(turn)
            self._decide(cell, result, best)
            self._take_turns(cell, turns)
        return result

    def _open(self, cell, spec, threads, paths, row, stack):
        process = self._start(cell, spec, threads)
        stack.callback(process.close)
        row.convert_seconds = sum(process.load(name, path) for name, path in paths.items() if name != "y_test")
        return process

    def _reference(self, cell, threads, paths, answer):
        """The best quality there is, from a contender that takes no part: (quality, ""), or (None, why there is none)."""
        if cell.reference is None:
            return None, "the cell names no reference"
        row = Result("", "", "", {})
        with contextlib.ExitStack() as stack:
            try:
                process = self._open(cell, cell.reference, threads, paths, row, stack)
                process.make(cell.reference.estimator, cell.reference.parameters)
                process.run("fit")
                process.judge(cell.gate.output, answer)
                return self._judge(cell.gate.measure, paths, answer), ""
            except Failed as failure:
                return None, f"no reference: {failure}"

    def _warm_up(self, cell, spec, threads, paths, row, answer, reference, stack):
        """Brings a contender to its first answer; None, and the reason in its row, if it does not come so far."""
        try:
            process = self._open(cell, spec, threads, paths, row, stack)
            turn = Turn(spec, process, row)
            process.make(spec.estimator, row.parameters)
            process.forget_peak()
            before = process.memory_peak()
            if spec.tune:
                self._tune(cell, turn, paths, answer, reference)
            else:
                self._try(cell, turn, paths, answer)
            after = process.memory_peak()
            row.memory = None if before is None or after is None else after - before
            if turn.first >= self._long:
                row.seconds.append(turn.first)
                turn.cost = turn.first
            return turn
        except Failed as failure:
            row.failure = str(failure)
            return None

    def _try(self, cell, turn, paths, answer):
        turn.process.make(turn.spec.estimator, turn.row.parameters)
        turn.first = turn.process.run(cell.task)
        turn.process.judge(cell.gate.output, answer)
        turn.row.quality = self._judge(cell.gate.measure, paths, answer)

    def _tune(self, cell, turn, paths, answer, reference):
        """The loosest tolerance whose result is good enough."""
        best, why = reference
        if best is None:
            raise Failed(f"cannot be tuned: {why}")

        def good(tolerance):
            turn.row.parameters[turn.spec.tune] = tolerance
            self._try(cell, turn, paths, answer)
            return cell.gate.passes(turn.row.quality, best)

        # From loose to tight results get better: the first that is good enough is found by halving.
        good(cell.tolerances[bisect.bisect_left(cell.tolerances[:-1], True, key=good)])

    def _take_turns(self, cell, turns):
        for number in range(1, self._rounds + 1):
            for turn in [turn for turn in turns if len(turn.row.seconds) < number]:
                self._say(f"{cell.name}: round {number} of {self._rounds}, {turn.spec.name}")
                begin = time.monotonic()
                try:
                    turn.row.seconds.append(self._turn(turn.process, cell.task))
                except Failed as failure:
                    turn.row.failure, turn.row.seconds = str(failure), []
                    turns.remove(turn)
                    continue
                time.sleep(self._pause)
                turn.cost = time.monotonic() - begin
            if number == 1:
                share_budget(turns, self._rounds, cell.budget)
            turns = [turn for turn in turns if turn.rounds > number]

    def _turn(self, process, task):
        """One call of a long job. Of a short one the median of some, after others have woken threads, caches and clock."""
        warm = self._calls(process, task)
        return warm[0] if warm[0] >= 10 * self._turn_seconds else statistics.median(self._calls(process, task))

    def _calls(self, process, task):
        seconds = [process.run(task)]
        while sum(seconds) < self._turn_seconds:
            seconds.append(process.run(task))
        return seconds

    def _decide(self, cell, result, best):
        values = [row.quality for row in result.results if not row.failure]
        result.best = cell.gate.best(values if best is None else [*values, best])
        for row in result.results:
            if row.quality is not None and result.best is not None:
                row.passes = cell.gate.passes(row.quality, result.best)
