"""What was measured, as a table on the terminal, as Markdown, and as results.json."""

import dataclasses
import json
import pathlib
import statistics

from harness.cells import Cell
from harness.rounds import CellResult, Result, paired_ratios
from harness.verdict import verdict


def time_text(seconds):
    if seconds is None:
        return ""
    for unit, scale in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if seconds * scale >= 1 or unit == "us":
            return f"{seconds * scale:.3g} {unit}"


def memory_text(size):
    return "" if size is None else f"{size / 2**20:.0f} MiB"


def parameters_text(parameters):
    return ", ".join(f"{key}={value:g}" if isinstance(value, float) else f"{key}={value}" for key, value in parameters.items())


def ratio_text(row, first):
    """Its time by another's: median, smallest, largest of the rounds that both took part in."""
    if not row.seconds or not first or not first.seconds:
        return ""
    ratios = paired_ratios(first.seconds, row.seconds)
    if len(ratios) == 1:
        return f"{ratios[0]:.2f} (1 round)"
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def best_of_ours(result):
    ours = [row for row in result.results if row.library == "tutti" and row.seconds and row.passes is not False]
    return min(ours, key=lambda row: row.median, default=None)


def state_text(row):
    if row.failure:
        return f"not available: {row.failure}"
    if row.passes is None:
        return "not judged"
    return "ok" if row.passes else "not good enough"


def rows_of(result):
    """The columns of a cell's table, row by row."""
    first = best_of_ours(result) or verdict(result).peer
    for row in result.results:
        quality = "" if row.quality is None else f"{row.quality:.8g}"
        share = ""
        if result.limit_seconds and row.seconds:
            share = f"{100 * result.limit_seconds / row.median:.0f} %"
        yield (row.contender, time_text(row.median), ratio_text(row, first), str(len(row.seconds) or ""),
               time_text(row.convert_seconds or None), share, memory_text(row.memory), quality, state_text(row),
               parameters_text(row.parameters))


HEADER = ("contender", "time", "ratio", "rounds", "conversion", "of limit", "memory", "quality", "state", "parameters")


def verdict_text(result):
    v = verdict(result)
    if v.ratio is None:
        return f"{v.word}{': ' + result.skipped if result.skipped else ''}"
    return (f"{v.word}: {v.ours.contender} is {v.ratio:.2f} ({v.low:.2f} to {v.high:.2f}) times as fast as "
            f"{v.peer.contender}; goal {result.goal:g}")


def title_of(result):
    return f"{result.cell}, {result.threads} thread{'s' if result.threads > 1 else ''}: {result.title}"


def table(result):
    """A cell on the terminal."""
    lines = [title_of(result)]
    if not result.skipped:
        rows = [HEADER[:-1], *(row[:-1] for row in rows_of(result))]
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for row in rows:
            lines.append("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())
    lines.append(f"  -> {verdict_text(result)}")
    return "\n".join(lines)


def _with_time(row):
    return "" if row is None else f"{row.contender}, {time_text(row.median)}"


def protocol_text(rounds):
    return (f"{rounds} rounds, in turns. Slow peers take part in as many as fit into the cell's budget, {Cell.budget:g} s of turns "
            "unless it says otherwise; ours and the fastest in all. A ratio is a time by our fastest in the same round (by the "
            "fastest peer's where there is none of ours): median (smallest to largest).")


def markdown(facts, results):
    """All cells: a summary, then a table each."""
    out = [f"Measured on {facts['date']}: {facts['processor']}, {facts['cores']} cores; {facts['compiler']}; tutti {facts['tutti']}.",
           protocol_text(facts["rounds"]), "",
           "| cell | threads | ours | fastest peer | ratio | goal | |", "|---|---|---|---|---|---|---|"]
    for result in results:
        v = verdict(result)
        ratio = "" if v.ratio is None else f"{v.ratio:.2f} ({v.low:.2f} to {v.high:.2f})"
        out.append(f"| {result.title} | {result.threads} | {_with_time(v.ours)} | {_with_time(v.peer)} | {ratio} | {result.goal:g} "
                   f"| {v.word} |")
    for result in results:
        out += ["", f"### {title_of(result)}", "", verdict_text(result) + "."]
        if result.skipped:
            continue
        out += ["", "| " + " | ".join(HEADER) + " |", "|" + "---|" * len(HEADER)]
        out += ["| " + " | ".join(text.replace("|", "/") for text in row) + " |" for row in rows_of(result)]
    return "\n".join(out) + "\n"


def _write(path, document):
    path = pathlib.Path(path)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(document, indent=1) + "\n")
    partial.replace(path)


def save(path, facts, results):
    """Written anew after every cell: an interrupted run keeps what was measured."""
    _write(path, {"facts": facts, "cells": [dataclasses.asdict(result) for result in results]})


def save_growth(path, facts, growth):
    _write(path, {"facts": facts, "growth": growth})


def save_seeds(path, facts, measure, qualities):
    """qualities: contender -> one of each seed"""
    _write(path, {"facts": facts, "measure": measure, "qualities": qualities})


def load(path):
    document = json.loads(pathlib.Path(path).read_text())
    results = []
    for cell in document["cells"]:
        cell["results"] = [Result(**row) for row in cell["results"]]
        results.append(CellResult(**cell))
    return document["facts"], results
