"""Cues: what is shown, from when to when."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ytdubber.domain.languages import language_of

from .layout import Group, Layout
from .rules import CaptionRules, rules_for
from .spacing import Shown, times
from .speech import SpokenText, TimedUnit, timed_units

_FLOAT_MS = 600
"""How far a cue that begins within a line may move: when its words are said is an estimate."""

_RIGHT_TO_LEFT_MARK = "\u200f"


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: at most a few lines, shown from start_ms to end_ms.

    `speech_end_ms` is when what it shows has been said.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speech_end_ms: int


def cues(spoken: Sequence[SpokenText], language: str, total_ms: int) -> tuple[Cue, ...]:
    """The cues of a dub, in order and never two at once.

    What two speakers say at the same time is one cue with a line for each, or one cue after the
    other where it is too long for that. Short lines of the dub that follow one another closely are
    shown together.

    Args:
        spoken: The lines as they sound.
        language: Decides line length and where lines may break.
        total_ms: No cue is shown past it.
    """
    rules = rules_for(language)
    units = timed_units(spoken, language, rules)
    if not units:
        return ()
    layout = Layout(units, rules, language_of(language).caption_dash, total_ms)
    groups = layout.groups()
    shown = list(_shown(layout, groups, rules))
    return tuple(
        Cue(start, end, _lines(layout, group, language), round(each.said_to_ms))
        for group, each, (start, end) in zip(
            groups, shown, times(shown, rules, total_ms), strict=True
        )
    )


def _shown(layout: Layout, groups: Sequence[Group], rules: CaptionRules) -> Iterator[Shown]:
    """What each cue's times depend on."""
    said_ms = 0.0
    for group in groups:
        units = layout.units[group.start : group.stop]
        first = units[0]
        earliest, latest = _bounds(first, rules)
        if said_ms > first.start_ms:
            latest = max(latest, said_ms + rules.gap_ms)
        said_ms = max(unit.end_ms for unit in units)
        yield Shown(layout.chars(group), first.start_ms, said_ms, earliest, latest)


def _bounds(first: TimedUnit, rules: CaptionRules) -> tuple[float, float]:
    """When a cue that begins with this unit may begin."""
    if first.first:
        return max(0.0, first.start_ms - rules.onset_ms), first.start_ms + rules.onset_ms
    return (
        max(float(first.line_start_ms), first.start_ms - _FLOAT_MS),
        min(float(first.line_end_ms), first.start_ms + _FLOAT_MS),
    )


def _lines(layout: Layout, group: Group, language: str) -> tuple[str, ...]:
    rows = [(group.start, group.row), (group.row, group.stop)]
    texts = [_row(layout.units[a:b]) for a, b in rows if a < b]
    if group.dual:
        texts = [layout.dash + text for text in texts]
    if language_of(language).rtl:
        texts = [right_to_left(text) for text in texts]
    return tuple(texts)


def _row(units: Sequence[TimedUnit]) -> str:
    text = "".join(each.unit.text + each.unit.glue for each in units[:-1])
    last = units[-1].unit
    return (text + last.text).strip() + ("-" if last.hyphen else "")


def right_to_left(text: str) -> str:
    """The line with a mark in front where its first letter would have it set from left to right."""
    strong = next((d for d in map(unicodedata.bidirectional, text) if d in ("L", "R", "AL")), None)
    return _RIGHT_TO_LEFT_MARK + text if strong == "L" else text
