"""Credit for "highlight the indicator": found signs minus false alarms.

Section 5 of the measurement design. Plus/minus is the rule of the nursing licence examination
NCLEX, and of H5P's "Mark the Words"; the floor of 0 is for feedback only, the signal-detection
counts keep the full information. Source: NCSBN scoring models; Betts et al. 2022.
"""

from collections.abc import Sequence
from typing import TypedDict

from quizzes.measures import checks, limits
from quizzes.measures.signal import kind_of


class HighlightScore(TypedDict):
    """Item credit is `plus_minus`, 0 to 1. `every_decision` is for research only."""

    plus_minus: float
    every_decision: float | None
    all_or_nothing: float
    f1: float | None
    raw_points: int
    max_points: int


class Segment(TypedDict):
    """A stretch of text, half-open, in Unicode code points."""

    id: str
    start: int
    end: int
    kind: str


class HighlightSpans(HighlightScore):
    """Which segments count as marked, in document order, and the counts they make."""

    marked: list[str]
    hits: int
    misses: int
    false_alarms: int
    correct_rejections: int


def highlight_score(*, n_key: int, n_nonkey: int, hits: int, false_alarms: int) -> HighlightScore:
    """Credit from counts (5.1). A text without signs earns 1 for leaving everything alone.

    `every_decision` is None when nothing is scored, `f1` when there was nothing to find and nothing
    was marked. ValueError for a negative count or more hits than signs.
    """
    hits, n_key = checks.part(hits, n_key, ("hits", "n_key"))
    false_alarms, n_nonkey = checks.part(false_alarms, n_nonkey, ("false_alarms", "n_nonkey"))
    scored, named = n_key + n_nonkey, hits + false_alarms + n_key
    points = max(0, hits - false_alarms) if n_key else int(false_alarms == 0)
    return HighlightScore(
        plus_minus=points / max(n_key, 1),
        every_decision=(hits + n_nonkey - false_alarms) / scored if scored else None,
        all_or_nothing=float(hits == n_key and false_alarms == 0),
        f1=2 * hits / named if named else None,
        raw_points=points,
        max_points=max(n_key, 1),
    )


def _union(selections: Sequence[Sequence[int]], length: int) -> list[tuple[int, int]]:
    """The selections inside the text as disjoint stretches, whatever their order or direction."""
    inside = []
    for selection in selections:
        if len(selection) != 2:
            raise ValueError(f"a selection is [start, end], not {list(selection)!r}")
        start, end = sorted(min(max(edge, 0), length) for edge in selection)
        inside.append((start, end))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(inside):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _is_marked(segment: Segment, stretches: Sequence[tuple[int, int]]) -> bool:
    start, end = segment["start"], segment["end"]
    covered = sum(max(0, min(end, right) - max(start, left)) for left, right in stretches)
    return covered >= limits.MARKED_FROM_SHARE * (end - start)


def highlight_spans(
    *, text: str, segments: Sequence[Segment], selections: Sequence[Sequence[int]]
) -> HighlightSpans:
    """Credit from a free selection (5.2).

    A segment is marked when the union of all selections covers at least half of its characters.
    `marked` also names neutral segments; they are not scored. Selections beyond the text are cut
    off. ValueError for a segment that is empty or outside the text, or of an unknown kind.
    """
    for segment in segments:
        if not 0 <= segment["start"] < segment["end"] <= len(text):
            raise ValueError(f"segment {segment['id']!r} does not lie inside the text")
    stretches = _union(selections, len(text))
    tally = {"signal": [0, 0], "noise": [0, 0], "unscored": [0, 0]}
    marked = []
    for segment in sorted(segments, key=lambda each: (each["start"], each["end"])):
        cell = tally[kind_of(segment["kind"])]
        cell[0] += 1
        if _is_marked(segment, stretches):
            cell[1] += 1
            marked.append(segment["id"])
    (n_key, hits), (n_nonkey, false_alarms) = tally["signal"], tally["noise"]
    score = highlight_score(n_key=n_key, n_nonkey=n_nonkey, hits=hits, false_alarms=false_alarms)
    return HighlightSpans(
        **score,
        marked=marked,
        hits=hits,
        misses=n_key - hits,
        false_alarms=false_alarms,
        correct_rejections=n_nonkey - false_alarms,
    )
