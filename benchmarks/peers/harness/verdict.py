"""What a cell says of us, in words."""

import dataclasses
import statistics

from harness.rounds import paired_ratios


@dataclasses.dataclass(frozen=True)
class Verdict:
    word: str  # ahead, at goal, behind, no estimator yet, no peer, not good enough, skipped
    ours: str = ""
    peer: str = ""
    ratio: float | None = None  # the fastest peer's time over ours: median, smallest, largest of the rounds
    low: float | None = None
    high: float | None = None


def timed(rows):
    """Those whose time counts: measured, and good enough or not judged."""
    return [row for row in rows if row.seconds and row.passes is not False]


def verdict(result):
    if result.skipped:
        return Verdict("skipped")
    ours = [row for row in result.results if row.library == "tutti"]
    peers = timed([row for row in result.results if row.library != "tutti"])
    if not ours:
        return Verdict("no estimator yet")
    good = timed(ours)
    if not good:
        return Verdict("not good enough" if any(row.passes is False for row in ours) else "failed", ours[0].contender)
    mine = min(good, key=lambda row: row.median)
    if not peers:
        return Verdict("no peer", mine.contender)
    best = min(peers, key=lambda row: row.median)
    ratios = paired_ratios(mine.seconds, best.seconds)
    ratio = statistics.median(ratios)
    word = "at goal" if ratio >= result.goal else "ahead" if ratio >= 1 else "behind"
    return Verdict(word, mine.contender, best.contender, ratio, min(ratios), max(ratios))
