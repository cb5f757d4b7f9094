"""What a cell says of us, in words."""

import dataclasses
import statistics

from harness.rounds import Result, paired_ratios


@dataclasses.dataclass(frozen=True)
class Verdict:
    word: str  # ahead, at goal, behind, no estimator yet, no peer, not good enough, skipped
    ours: Result | None = None  # our fastest
    peer: Result | None = None  # the fastest peer
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
    best = min(peers, key=lambda row: row.median, default=None)
    if not ours:
        return Verdict("no estimator yet", peer=best)
    mine = min(timed(ours), key=lambda row: row.median, default=None)
    if mine is None:
        return Verdict("not good enough" if any(row.passes is False for row in ours) else "failed", peer=best)
    if best is None:
        return Verdict("no peer", mine)
    ratios = paired_ratios(mine.seconds, best.seconds)
    ratio = statistics.median(ratios)
    word = "at goal" if ratio >= result.goal else "ahead" if ratio >= 1 else "behind"
    return Verdict(word, mine, best, ratio, min(ratios), max(ratios))
