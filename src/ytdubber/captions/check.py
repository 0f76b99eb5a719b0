"""A list of everything in captions that breaks a rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .alignment import Place, places, plain
from .clusters import width
from .cues import Cue
from .rules import CaptionRules, rules_for
from .speech import SpokenText


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a cue breaks.

    Attributes:
        cue: Which, counted from 1, as in the file.
        rule: Which rule.
        detail: The figure, and the limit.
        inevitable: Whether what is said is itself too fast for the rule: no captions that hold all
            of it could keep it. It counts all the same.
    """

    cue: int
    rule: str
    detail: str
    inevitable: bool = False


def violations(
    cues: Sequence[Cue], spoken: Sequence[SpokenText], language: str
) -> tuple[Violation, ...]:
    """What breaks a rule, cue by cue.

    Args:
        cues: The captions, in order.
        spoken: The lines of the dub they show.
        language: Decides the limits.
    """
    rules = rules_for(language)
    said = sorted((line for line in spoken if plain(line.text)), key=_start)
    found: list[Violation] = []
    for number, cue in enumerate(cues, start=1):
        found += [Violation(number, *broken) for broken in _shape(cue, rules)]
        found += [Violation(number, *broken) for broken in _speed(cue, said, rules)]
        found += [Violation(number, *broken) for broken in _place(cue, _after(cues, number), rules)]
    return (*found, *_onsets(cues, said, rules))


def passing_share(cues: Sequence[Cue], found: Sequence[Violation]) -> float:
    """The share of cues that keep every rule; 1.0 when there is none."""
    return 1.0 - len({violation.cue for violation in found}) / len(cues) if cues else 1.0


def _start(line: SpokenText) -> int:
    return line.interval.start_ms


def _after(cues: Sequence[Cue], number: int) -> Cue | None:
    return cues[number] if number < len(cues) else None


def _shape(cue: Cue, rules: CaptionRules) -> Iterator[tuple[str, str]]:
    if len(cue.lines) > rules.lines:
        yield "lines", f"{len(cue.lines)} lines, at most {rules.lines}"
    longest = max((width(line, rules.half_width) for line in cue.lines), default=0.0)
    if longest > rules.line_chars:
        yield "line_length", f"{longest:g} characters, at most {rules.line_chars}"


def _speed(
    cue: Cue, said: Sequence[SpokenText], rules: CaptionRules
) -> Iterator[tuple[str, str, bool]]:
    """Whether it can be read in its time."""
    length = cue.end_ms - cue.start_ms
    if length < rules.shortest_ms:
        room = _room_ms(cue, said, rules)
        yield "too_short", f"{length} ms, at least {rules.shortest_ms}", room < rules.shortest_ms
    if length > rules.longest_ms:
        yield "too_long", f"{length} ms, at most {rules.longest_ms}", False
    chars = sum(width(line, rules.half_width) for line in cue.lines)
    speed = chars * 1000 / max(1, length)
    if speed > rules.most_chars_per_second:
        fast = _speech_speed(cue, said, rules)
        inevitable = fast > rules.most_chars_per_second
        why = f"; the speech itself: {fast:.1f}" if inevitable else ""
        detail = f"{speed:.1f} a second, at most {rules.most_chars_per_second}{why}"
        yield "reading_speed", detail, inevitable


def _lines_of(cue: Cue, said: Sequence[SpokenText]) -> list[int]:
    """The lines that sound while it is shown."""
    return [
        place
        for place, line in enumerate(said)
        if line.interval.start_ms < cue.end_ms and line.interval.end_ms > cue.start_ms
    ]


def _room_ms(cue: Cue, said: Sequence[SpokenText], rules: CaptionRules) -> int:
    """The time that the lines it shows have until the next: no cue of theirs has more."""
    here = _lines_of(cue, said)
    if not here:
        return rules.longest_ms
    start = said[here[0]].interval.start_ms - rules.onset_ms
    following = [line.interval.start_ms for line in said[here[-1] + 1 :]]
    end = max(said[place].interval.end_ms for place in here) + rules.linger_ms
    return min([end, *(each + rules.onset_ms - rules.gap_ms for each in following)]) - start


def _speech_speed(cue: Cue, said: Sequence[SpokenText], rules: CaptionRules) -> float:
    """Characters a second of the lines it shows, in all the time they have; 0 where none sounds."""
    here = _lines_of(cue, said)
    chars = sum(width(said[place].text, rules.half_width) for place in here)
    return chars * 1000 / max(1, _room_ms(cue, said, rules))


def _place(cue: Cue, following: Cue | None, rules: CaptionRules) -> Iterator[tuple[str, str]]:
    gap = None if following is None else following.start_ms - cue.end_ms
    longest = max(cue.speech_end_ms + rules.linger_ms, cue.start_ms + rules.shortest_ms)
    if gap == rules.gap_ms:  # a small gap has been closed
        longest += rules.close_gap_ms - rules.gap_ms
    if cue.end_ms > longest:
        late = cue.end_ms - cue.speech_end_ms
        yield "lingers", f"{late} ms past its speech, at most {rules.linger_ms}"
    if gap is not None and gap < rules.gap_ms:
        yield "gap", f"{gap} ms to the next, at least {rules.gap_ms}"
    elif gap is not None and rules.gap_ms < gap < rules.close_gap_ms:
        yield "open_gap", f"{gap} ms to the next, which is neither closed nor long"


def _onsets(
    cues: Sequence[Cue], said: Sequence[SpokenText], rules: CaptionRules
) -> Iterator[Violation]:
    """Lines that are not shown when they begin.

    A line that begins within the cue of the line before has been shown. One that begins while
    another speaker's goes on may wait for its end.
    """
    starts = [cue.start_ms for cue in cues]
    busy_ms = 0
    for line, place in zip(said, places(cues, said), strict=True):
        onset = line.interval.start_ms
        latest = max(onset, busy_ms + rules.gap_ms if busy_ms > onset else 0) + rules.onset_ms
        busy_ms = max(busy_ms, line.interval.end_ms)
        shown = _shown_at(place, starts, onset)
        if shown is None:
            continue
        early = onset - starts[shown] > rules.onset_ms and (place is None or place.leads)
        if early or starts[shown] > latest:
            detail = f"a line begins at {onset} ms, its cue at {starts[shown]} ms"
            yield Violation(shown + 1, "onset", detail)


def _shown_at(place: Place | None, starts: Sequence[int], onset: int) -> int | None:
    """The cue of a line; by its time where no cue has its text, None where there are no cues."""
    if place is not None:
        return place.cue
    return min(range(len(starts)), key=lambda each: abs(starts[each] - onset), default=None)
