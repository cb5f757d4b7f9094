"""How time grows with n, p and threads, and the exponent of that growth."""

import dataclasses
import math
import os

from harness.verdict import timed

_PARTS = (1 / 16, 1 / 4, 1)


def exponent(at, seconds):
    """The slope of log seconds over log at, by least squares: 1 is growth in proportion."""
    x, y = [math.log(a) for a in at], [math.log(s) for s in seconds]
    if len(x) < 2 or len(set(x)) < 2:
        return math.nan
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / sum((a - mean_x) ** 2 for a in x)


def _with(cell, **data):
    return dataclasses.replace(cell, data=cell.data | data)


def variants(cell):
    """axis -> [(where on it, cell, threads)]"""
    cores = len(os.sched_getaffinity(0))
    n = cell.data.get("n")
    axes = {}
    if n:
        axes["n"] = [(round(n * part), _with(cell, n=round(n * part)), cores) for part in _PARTS]
    if "features" in cell.data:
        p = cell.data["features"]
        axes["p"] = [(q, _with(cell, features=q), cores) for q in sorted({max(5, round(p * part)) for part in _PARTS})]
    if cores > 1:
        axes["threads"] = [(threads, cell, threads) for threads in range(1, cores + 1)]
    return axes


def sweep(cell, run):
    """axis -> contender -> {at, seconds, exponent}; run(cell, threads) -> CellResult."""
    grown = {}
    for axis, points in variants(cell).items():
        lines = {}
        for at, variant, threads in points:
            for row in timed(run(variant, threads).results):
                line = lines.setdefault(row.contender, {"at": [], "seconds": []})
                line["at"].append(at)
                line["seconds"].append(row.median)
        for line in lines.values():
            line["exponent"] = exponent(line["at"], line["seconds"])
        grown[axis] = {name: line for name, line in lines.items() if len(line["at"]) > 1}
    return grown


def text(name, grown):
    out = [f"{name}: seconds grow as a power of"]
    for axis, lines in grown.items():
        for contender, line in lines.items():
            points = ", ".join(f"{at:g}: {seconds:.3g} s" for at, seconds in zip(line["at"], line["seconds"]))
            out.append(f"  {axis:8} {contender:32} ^{line['exponent']:5.2f}   {points}")
    return "\n".join(out)
