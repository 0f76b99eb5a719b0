"""What is said and when, in the units that captions are made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ytdubber.domain.languages import language_of
from ytdubber.domain.media import Interval
from ytdubber.domain.spacing import joined

from .clusters import width
from .rules import CaptionRules
from .units import Unit, units_of

LEAST_REST_MS = 1_000


@dataclass(frozen=True, slots=True)
class SpokenText:
    """A line of the dub, when it sounds and who says it, where that is known."""

    text: str
    interval: Interval
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class TimedUnit:
    """A unit and when it is said.

    Attributes:
        unit: What is shown.
        width: Its characters, as the guides count them.
        glue_width: Those of what joins it to the next one.
        start_ms: When it begins, by its share of its line's characters.
        end_ms: When it ends.
        line: The line it is of.
        first: Whether it begins its line.
        last: Whether it ends its line.
        speaker: Who says it.
        line_start_ms: When its line begins.
        line_end_ms: When its line ends.
    """

    unit: Unit
    width: float
    glue_width: float
    start_ms: float
    end_ms: float
    line: int
    first: bool
    last: bool
    speaker: str | None
    line_start_ms: int
    line_end_ms: int


def timed_units(
    spoken: Sequence[SpokenText], language: str, rules: CaptionRules
) -> list[TimedUnit]:
    """All units in the order in which they are shown.

    Args:
        spoken: The lines, in any order; where two sound at once, both are known by their times.
        language: Decides what a unit is.
        rules: The limits of a line.
    """
    dash = width(language_of(language).caption_dash, rules.half_width)
    most = rules.line_chars - dash
    said = sorted((line for line in spoken if line.text.strip()), key=_start)
    lines = []
    for number, line in enumerate(said):
        units = units_of(line.text, language, most)
        if units:
            following = said[number + 1].text.strip() if number + 1 < len(said) else ""
            glue = _between_lines(units[-1].text, following, language)
            units[-1] = replace(units[-1], glue=glue)
            lines.append(_timed(line, number, units, rules))
    return list(_interleaved(lines))


def _between_lines(last: str, following: str, language: str) -> str:
    """What parts two lines in one cue: a space where the language writes one, or no mark is."""
    spaced = joined((last, following), language, phrases=True) != last + following
    return " " if spaced or last[-1].isalnum() else ""


def _start(line: SpokenText) -> int:
    return line.interval.start_ms


def _timed(
    line: SpokenText, number: int, units: Sequence[Unit], rules: CaptionRules
) -> list[TimedUnit]:
    """A line's units, its time shared among them by their characters."""
    widths = [width(unit.text, rules.half_width) for unit in units]
    glues = [width(unit.glue, rules.half_width) for unit in units]
    shares = list(accumulate((max(0.5, a) + b for a, b in zip(widths, glues, strict=True))))
    begin, length = line.interval.start_ms, line.interval.duration_ms
    times = [begin, *(begin + length * share / shares[-1] for share in shares)]
    return [
        TimedUnit(
            unit,
            widths[place],
            glues[place],
            times[place],
            times[place + 1],
            number,
            place == 0,
            place + 1 == len(units),
            line.speaker,
            line.interval.start_ms,
            line.interval.end_ms,
        )
        for place, unit in enumerate(units)
    ]


def _goes_on(rest: Sequence[TimedUnit], line: Sequence[TimedUnit]) -> bool:
    """Whether what is left of a longer line is worth a cue after the line within it."""
    return rest[-1].end_ms - max(rest[0].start_ms, line[-1].end_ms) >= LEAST_REST_MS


def _interleaved(lines: Sequence[Sequence[TimedUnit]]) -> Iterator[TimedUnit]:
    """The units of all lines. A line that is said while a longer one goes on stands within it,
    after what had begun by then.
    """
    waiting: list[TimedUnit] = []
    for line in lines:
        onset = line[0].start_ms
        due = [unit for unit in waiting if unit.start_ms < onset]
        yield from due
        waiting = waiting[len(due) :]
        if waiting and _goes_on(waiting, line):
            yield from line
        else:
            yield from waiting
            waiting = list(line)
    yield from waiting
