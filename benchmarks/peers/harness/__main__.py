"""tutti beside its peers.

    bash benchmarks/peers/run.sh                          every cell
    bash benchmarks/peers/run.sh --quick                  the quick ones
    bash benchmarks/peers/run.sh logistic-200k forests    cells or families by name
    bash benchmarks/peers/run.sh --sweep ridge-1m         how its time grows with n, p and threads
    bash benchmarks/peers/run.sh --against main~5         this tree and an older revision, in turns
    bash benchmarks/peers/run.sh --seeds 32 forest-full-100k   mean quality over seeds, ours and a peer's
"""

import argparse
import contextlib
import dataclasses
import datetime
import os
import pathlib
import subprocess
import sys

from harness import builds, cells, data, machine, report, rounds, seeds, sweep
from harness.contender import Failed, Process
from harness.install import Libraries

HERE = pathlib.Path(__file__).resolve().parent.parent
REPOSITORY = HERE.parent.parent
BUILD = REPOSITORY / "build" / "peers"


def read_options(arguments):
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", nargs="*", help="names of cells or families; all if none is given")
    parser.add_argument("--list", action="store_true", help="name the cells and stop")
    parser.add_argument("--quick", action="store_true", help="only the cells for a quick look")
    parser.add_argument("--threads", help="numbers of threads, one table each (default: what the cell says)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--patience", type=float, default=180, help="seconds after which a contender is given up")
    parser.add_argument("--sweep", action="store_true", help="vary n, p and threads instead")
    parser.add_argument("--against", metavar="REV", help="compare with an older revision instead of peers")
    parser.add_argument("--seeds", type=int, metavar="N", help="compare the mean quality of N seeds with the first peer's instead")
    parser.add_argument("--out", type=pathlib.Path, default=BUILD / "results", help="where results.json, tables and plots go")
    parser.add_argument("--publish", action="store_true", help="put tables and plots into benchmarks/README.md")
    return parser.parse_args(arguments)


def say(text):
    """Progress: one line that is written over on a terminal, lines of their own elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text[:118]}", end="", file=sys.stderr, flush=True)
    else:
        print(text, file=sys.stderr, flush=True)


class Judge:
    """quality.py, if numpy is there; no opinion otherwise."""

    def __init__(self, python):
        self._python = python

    def __call__(self, measure, paths, answer):
        command = [self._python, "-m", "harness.judge", measure, answer, *(f"{name}={path}" for name, path in paths.items())]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE)
        if done.returncode != 0:
            raise Failed(f"cannot be judged: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
        return float(done.stdout)


class Harness:
    def __init__(self, options):
        self.options = options
        self.libraries = Libraries(HERE / "libraries.toml", BUILD / "python", say)
        say("building our side")
        self.programs = {"tutti": builds.build(REPOSITORY, BUILD / "build")}
        self.data = data.DataSets(BUILD / "data", self.programs["tutti"] / "make_data", REPOSITORY)
        self.limits = machine.Limits(self.programs["tutti"] / "runner_limits")
        self.no_python = self.libraries.why_not("harness")
        judge = Judge(self.libraries.python) if not self.no_python else lambda measure, paths, answer: None
        self.logs = BUILD / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.judge = judge
        self.rounds = rounds.Rounds(self.start, lambda cell: self.data.get(cell.data), judge, options.rounds, say=say)
        self.facts = machine.facts(REPOSITORY) | {"date": datetime.date.today().isoformat(), "rounds": options.rounds}

    def start(self, cell, spec, threads):
        """A contender's process."""
        if spec.library in self.programs:
            program = self.programs[spec.library] / f"runner_{cell.family}"
            if not program.exists():
                raise Failed(f"there is no program for {cell.family}")
            command = [program, spec.policy, str(threads)]
        else:
            reason = self.no_python or self.libraries.why_not(spec.library)
            if reason:
                raise Failed(reason)
            command = [self.libraries.python, "-m", "harness.worker", str(threads), spec.dtype]
        with open(self.logs / f"{spec.name.replace(' ', '-')}.log", "w") as log:
            return Process(command, threads, log, self.options.patience)

    def run(self, cell, threads):
        skipped = self.why_skipped(cell, threads)
        if skipped:
            return rounds.CellResult(cell.name, cell.title, threads, cell.goal, cell.task, cell.data, cell.gate.measure, [],
                                     skipped=skipped)
        contenders = tuple(c for c in cell.contenders if c.policy not in ("seq", "simd") or threads == 1)
        result = self.rounds.run(dataclasses.replace(cell, contenders=contenders), threads)
        n, p = self.shape(cell)
        result.limit_seconds, result.limit_name = self.limits.seconds(cell.work, n, p, threads)
        return result

    def shape(self, cell):
        """Rows and columns of the cell's X, or of X_test if that is what the task reads."""
        paths = self.data.get(cell.data)
        with open(paths["X" if cell.task == "fit" else "X_test"], "rb") as file:
            header = file.read(128).decode("latin-1")
        n, p = header.partition("'shape': (")[2].partition(")")[0].split(",")[:2]
        return int(n), int(p)

    def why_skipped(self, cell, threads):
        cores = len(os.sched_getaffinity(0))
        if threads > cores:
            return f"{threads} threads on {cores} core{'s' if cores > 1 else ''}"
        try:
            size = data.bytes_of(self.data.get(cell.data))
        except data.DataError as error:
            return str(error)
        needed, free = 3 * size * len(cell.contenders), machine.available_memory()
        if free is not None and needed > free:
            return f"needs about {needed / 2**30:.1f} GiB of memory, {free / 2**30:.1f} GiB are free"
        return ""


def compare(harness, chosen, threads):
    """Every cell on every number of threads; what was measured is kept if the run is broken off."""
    out = harness.options.out
    out.mkdir(parents=True, exist_ok=True)
    print(report.protocol_text(harness.options.rounds), "\n", flush=True)
    results = []
    with contextlib.suppress(KeyboardInterrupt):
        for number, cell in enumerate(chosen, 1):
            for count in threads or cell.threads:
                say(f"cell {number} of {len(chosen)}: {cell.name}, {count} threads")
                results.append(harness.run(cell, count))
                say("")
                print(report.table(results[-1]), "\n", flush=True)
                harness.facts["versions"] = harness.libraries.versions()
                harness.facts["limits"] = {str(r.threads): harness.limits.on(r.threads) for r in results if not r.skipped}
                report.save(out / "results.json", harness.facts, results)
        return finish(harness, results)
    print("broken off; what was measured is kept", file=sys.stderr)
    finish(harness, results)
    return 130


def finish(harness, results):
    out = harness.options.out
    (out / "results.md").write_text(report.markdown(harness.facts, results))
    if harness.no_python:
        print(f"no plots and no judgement of quality: {harness.no_python}", file=sys.stderr)
    else:
        subprocess.run([harness.libraries.python, "-m", "harness.draw", out / "results.json", out], check=True, cwd=HERE)
        if harness.options.publish:
            subprocess.run([sys.executable, "-m", "harness.publish", out, HERE.parent], check=True, cwd=HERE)
    print(f"results.json, results.md and plots are in {out}")
    return 0


def against(harness, chosen, threads, revision):
    """Ours now and ours then, with nobody else."""
    old = f"tutti-{revision}"
    say(f"building {revision}")
    harness.programs[old] = builds.build_revision(REPOSITORY, revision, BUILD / "revisions")
    paired = []
    for cell in chosen:
        now = [c for c in cell.contenders if c.library == "tutti"]
        then = [dataclasses.replace(c, library=old) for c in now]
        if now:
            paired.append(dataclasses.replace(cell, contenders=(*now, *then), goal=1.0))
    return compare(harness, paired, threads)


def over_seeds(harness, chosen):
    """Mean qualities; cells without a seed say so."""
    out = harness.options.out
    out.mkdir(parents=True, exist_ok=True)
    for cell in chosen:
        try:
            sides = [seeds.fit_all(cell, spec, cell.threads[-1], harness.options.seeds, harness.start,
                                   harness.data.get(cell.data), harness.judge, say) for spec in seeds.sides(cell)]
        except Failed as failure:
            print(f"{cell.name}: {failure}", flush=True)
            continue
        say("")
        print(seeds.text(cell, *sides), "\n", flush=True)
        report.save_seeds(out / f"seeds-{cell.name}.json", harness.facts, cell.gate.measure,
                          {side.contender: side.qualities for side in sides})
    return 0


def grow(harness, chosen):
    harness.options.out.mkdir(parents=True, exist_ok=True)
    for cell in chosen:
        grown = sweep.sweep(cell, harness.run)
        say("")
        print(sweep.text(cell.name, grown), "\n", flush=True)
        report.save_growth(harness.options.out / f"growth-{cell.name}.json", harness.facts, grown)
        if not harness.no_python:
            subprocess.run([harness.libraries.python, "-m", "harness.draw", harness.options.out / f"growth-{cell.name}.json",
                            harness.options.out], check=True, cwd=HERE)
    return 0


def main(arguments):
    options = read_options(arguments)
    try:
        known = cells.read_cells(HERE / "cells")
        chosen = cells.choose(known, options.cells, options.quick)
        threads = [int(t) for t in options.threads.split(",")] if options.threads else None
        if options.list:
            for cell in known.values():
                print(f"{cell.name:24} {cell.family:16} {cell.title}")
            return 0
        harness = Harness(options)
        if options.against:
            return against(harness, chosen, threads, options.against)
        if options.seeds:
            return over_seeds(harness, chosen)
        return grow(harness, chosen) if options.sweep else compare(harness, chosen, threads)
    except (cells.CellError, builds.BuildError, ValueError) as error:
        print(f"run.sh: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
