"""How well a dub fits its original, in figures that any dubbing system can be measured by.

A score is read together with the rate: forcing every line into its slot wins the overlap alone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .media import Interval
from .timing import RULES

GRID_MS = 10
FIT_TOLERANCE = 0.2
FAST_RATE = 1.2
HOLE_MS = 400
"""A shorter silence of the dub is none that people notice."""
PAUSE_MS = 300
"""Within a line, nobody speaks in a pause that is as long; shorter ones are part of the speech."""


@dataclass(frozen=True, slots=True)
class ScoredLine:
    """One line of a dub against its original.

    Attributes:
        speaker: Who says it, where that is known.
        source_start_ms: When the original begins.
        source_end_ms: When it ends.
        room_ms: How long the dub of it may last.
        dub_start_ms: When the dub begins.
        dub_end_ms: When it ends.
        rate: How much faster than the voice's own pace it is heard.
        lost_ms: How much of its speech was cut away.
        source_pauses: When the original pauses within it, where both are known.
        dub_pauses: When the dub does.
    """

    speaker: str | None
    source_start_ms: int
    source_end_ms: int
    room_ms: int
    dub_start_ms: int
    dub_end_ms: int
    rate: float
    lost_ms: int = 0
    source_pauses: tuple[Interval, ...] = ()
    dub_pauses: tuple[Interval, ...] = ()

    @property
    def too_fast(self) -> bool:
        """Whether it is spoken faster than the highest rate."""
        return self.rate > RULES.highest_rate + 0.005


@dataclass(frozen=True, slots=True)
class TimingScore:
    """The figures of a dub's timing.

    Attributes:
        lines: How many lines there are.
        speech_overlap: Intersection over union of source and dub speech on a 10 ms grid, pauses of
            0.3 s and more within lines left out where both are known.
        double_talk_s: How long two lines of one speaker sound at once.
        lost_speech_s: How much speech was cut, or has no line at all.
        holes_share: The share of the original's speech during which the dub is silent for more
            than 400 ms at a time.
        rate_p95: 95th percentile of the rates.
        rate_max: The highest rate.
        rate_over_1_2_share: The share of lines faster than 1.2.
        rate_step_p95: 95th percentile of the relative change of rate between neighbours.
        onset_drift_p95_s: 95th percentile of the distance of dub onsets from source onsets.
        onset_drift_max_s: The largest.
        duration_fit_share: The share of lines that take 0.8 to 1.2 of their source's length.
        flagged: Lines spoken faster than the highest rate.
    """

    lines: int
    speech_overlap: float
    double_talk_s: float
    lost_speech_s: float
    holes_share: float
    rate_p95: float
    rate_max: float
    rate_over_1_2_share: float
    rate_step_p95: float
    onset_drift_p95_s: float
    onset_drift_max_s: float
    duration_fit_share: float
    flagged: int


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of the values do not exceed (nearest rank); 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def pauses_between(words: Iterable[Interval]) -> tuple[Interval, ...]:
    """Where nobody speaks between words for PAUSE_MS or longer.

    Args:
        words: When each sounds, in the order they begin.
    """
    found, ended_ms = list[Interval](), None
    for word in words:
        if ended_ms is not None and word.start_ms - ended_ms >= PAUSE_MS:
            found.append(Interval(ended_ms, word.start_ms))
        ended_ms = max(word.end_ms, ended_ms or 0)
    return tuple(found)


def score(lines: Sequence[ScoredLine], uncovered: Sequence[Interval] = ()) -> TimingScore:
    """The figures of a dub.

    Args:
        lines: Its lines, in the order they begin.
        uncovered: Where somebody speaks in the original and no word was made out.
    """
    rates = [line.rate for line in lines]
    steps = [abs(b.rate / a.rate - 1) for a, b in pairwise(lines) if a.speaker == b.speaker]
    drifts = [abs(line.dub_start_ms - line.source_start_ms) / 1000 for line in lines]
    fits = [abs(_length_ratio(line) - 1) <= FIT_TOLERANCE for line in lines]
    lost_ms = sum(line.lost_ms for line in lines) + sum(each.duration_ms for each in uncovered)
    count = max(1, len(lines))
    return TimingScore(
        lines=len(lines),
        speech_overlap=_overlap(lines),
        double_talk_s=_double_talk_ms(lines) / 1000,
        lost_speech_s=lost_ms / 1000,
        holes_share=_holes_share(lines, uncovered),
        rate_p95=percentile(rates, 95),
        rate_max=max(rates, default=0.0),
        rate_over_1_2_share=sum(rate > FAST_RATE for rate in rates) / count,
        rate_step_p95=percentile(steps, 95),
        onset_drift_p95_s=percentile(drifts, 95),
        onset_drift_max_s=max(drifts, default=0.0),
        duration_fit_share=sum(fits) / count,
        flagged=sum(line.too_fast for line in lines),
    )


def _length_ratio(line: ScoredLine) -> float:
    """How long the dub takes against the original; longer is fine as long as it has the room."""
    spoken = line.dub_end_ms - line.dub_start_ms
    source = max(1, line.source_end_ms - line.source_start_ms)
    if spoken > source:
        return max(1.0, spoken / max(source, line.room_ms))
    return spoken / source


def _overlap(lines: Sequence[ScoredLine]) -> float:
    source, dub = _source_cells(lines), _dub_cells(lines)
    return len(source & dub) / len(source | dub) if source | dub else 1.0


def _holes_share(lines: Sequence[ScoredLine], uncovered: Sequence[Interval]) -> float:
    source = _source_cells(lines)
    for each in uncovered:
        source |= _cells(each)
    silent = sorted(source - _dub_cells(lines))
    holes, run = 0, 0
    for place, cell in enumerate(silent):
        run += 1
        ends = place + 1 == len(silent) or silent[place + 1] != cell + 1
        if ends:
            holes += run if run * GRID_MS > HOLE_MS else 0
            run = 0
    return holes / len(source) if source else 0.0


def _source_cells(lines: Iterable[ScoredLine]) -> set[int]:
    cells: set[int] = set()
    for line in lines:
        cells |= _cells(Interval(line.source_start_ms, line.source_end_ms), line.source_pauses)
    return cells


def _dub_cells(lines: Iterable[ScoredLine]) -> set[int]:
    cells: set[int] = set()
    for line in lines:
        cells |= _cells(Interval(line.dub_start_ms, line.dub_end_ms), line.dub_pauses)
    return cells


def _cells(span: Interval, pauses: Iterable[Interval] = ()) -> set[int]:
    """The cells of the grid in which somebody speaks."""
    cells = set(range(span.start_ms // GRID_MS, -(-span.end_ms // GRID_MS)))
    for pause in pauses:
        cells.difference_update(range(-(-pause.start_ms // GRID_MS), pause.end_ms // GRID_MS))
    return cells


def _double_talk_ms(lines: Sequence[ScoredLine]) -> int:
    total, last_end = 0, dict[str | None, int]()
    for line in sorted(lines, key=lambda each: each.dub_start_ms):
        before = last_end.get(line.speaker, 0)
        total += max(0, min(before, line.dub_end_ms) - line.dub_start_ms)
        last_end[line.speaker] = max(before, line.dub_end_ms)
    return total
