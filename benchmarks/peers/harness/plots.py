"""Plots of a run: ratios to the goal, shares of the limit, growth. PNG and SVG, readable in print. Needs matplotlib."""

import pathlib
import statistics

from harness.report import best_of_ours
from harness.rounds import paired_ratios
from harness.verdict import timed

_INK = {"ours": "#1b6ca8", "peer": "#8a8a8a", "goal": "#c44e00"}


def _pyplot():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as pyplot

    pyplot.rcParams.update({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False, "svg.hashsalt": "tutti", "svg.fonttype": "none"})
    return pyplot


def _save(pyplot, figure, folder, name):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ("png", "svg"):
        figure.savefig(folder / f"{name}.{kind}", dpi=150, bbox_inches="tight", metadata={"Date": None} if kind == "svg" else None)
    pyplot.close(figure)


def _threads(result):
    return f"{result.threads} thread" + ("s" if result.threads > 1 else "")


def ratios(results, folder):
    """How many times as fast as each peer we are, with the range of the rounds, a bar each, by cell."""
    pyplot = _pyplot()
    bars = []
    for result in results:
        ours = best_of_ours(result)
        if ours is None:
            continue
        for row in timed([r for r in result.results if r.library != "tutti"]):
            r = paired_ratios(ours.seconds, row.seconds)
            bars.append((f"{result.cell}, {_threads(result)}: {row.contender}", statistics.median(r), min(r), max(r), result.goal))
    if not bars:
        return
    figure, axes = pyplot.subplots(figsize=(8, 0.32 * len(bars) + 1.2))
    for y, (_, middle, low, high, goal) in enumerate(reversed(bars)):
        axes.barh(y, middle, color=_INK["ours"] if middle >= 1 else _INK["peer"])
        axes.plot([low, high], [y, y], color="black", linewidth=1)
        axes.plot([goal, goal], [y - 0.4, y + 0.4], color=_INK["goal"], linewidth=2)
    axes.set_yticks(range(len(bars)), [bar[0] for bar in reversed(bars)])
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(pyplot.matplotlib.ticker.LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(pyplot.matplotlib.ticker.NullFormatter())
    axes.set_xlabel("times as fast as the peer (line: range of the rounds; orange: goal against the fastest)")
    _save(pyplot, figure, folder, "ratios")


def limits(results, folder):
    """The share of the limit that our policies reach."""
    pyplot = _pyplot()
    bars = [(f"{result.cell}, {_threads(result)}: {row.contender}", 100 * result.limit_seconds / row.median)
            for result in results if result.limit_seconds for row in timed(result.results)]
    if not bars:
        return
    figure, axes = pyplot.subplots(figsize=(8, 0.32 * len(bars) + 1.2))
    axes.barh(range(len(bars)), [share for _, share in reversed(bars)],
              color=[_INK["ours" if "tutti" in name else "peer"] for name, _ in reversed(bars)])
    axes.set_yticks(range(len(bars)), [name for name, _ in reversed(bars)])
    axes.set_xlabel("% of what the machine can do at most")
    _save(pyplot, figure, folder, "limits")


def growth(name, sweeps, folder):
    """Seconds against what is varied, a line a contender, one panel each for n, p and threads."""
    pyplot = _pyplot()
    figure, panels = pyplot.subplots(1, len(sweeps), figsize=(4.2 * len(sweeps), 3.6), squeeze=False)
    for axes, (axis, lines) in zip(panels[0], sweeps.items()):
        for contender, line in lines.items():
            style = "-o" if contender.startswith("tutti") else "--s"
            axes.plot(line["at"], line["seconds"], style, markersize=4, label=f"{contender}: ^{line['exponent']:.2f}")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel(axis)
        axes.set_ylabel("seconds")
        axes.legend(fontsize=7)
    figure.suptitle(name)
    _save(pyplot, figure, folder, f"growth-{name}")


def all_of(results, folder):
    ratios(results, folder)
    limits(results, folder)
