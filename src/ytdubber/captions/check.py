"""A list of everything in captions that breaks a rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from .cues import Cue, SpokenText
from .rules import CaptionRules, rules_for


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a cue breaks; `cue` counts from 1, as in the file."""

    cue: int
    rule: str
    detail: str


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
    starts = [cue.start_ms for cue in cues]
    found = [
        Violation(number, rule, detail)
        for number, cue in enumerate(cues, start=1)
        for rule, detail in (*_shape(cue, rules), *_place(cue, _after(cues, number), rules))
    ]
    for line in spoken:
        nearest = min(starts, key=lambda s: abs(s - line.interval.start_ms), default=None)
        if not line.text.strip() or nearest is None:
            continue
        if abs(nearest - line.interval.start_ms) > rules.onset_ms:
            detail = f"a line begins at {line.interval.start_ms} ms, its cue at {nearest} ms"
            found.append(Violation(starts.index(nearest) + 1, "onset", detail))
    return tuple(found)


def passing_share(cues: Sequence[Cue], found: Sequence[Violation]) -> float:
    """The share of cues that keep every rule; 1.0 when there is none."""
    return 1.0 - len({violation.cue for violation in found}) / len(cues) if cues else 1.0


def _after(cues: Sequence[Cue], number: int) -> Cue | None:
    return cues[number] if number < len(cues) else None


def _shape(cue: Cue, rules: CaptionRules) -> list[tuple[str, str]]:
    found = []
    if len(cue.lines) > rules.lines:
        found.append(("lines", f"{len(cue.lines)} lines, at most {rules.lines}"))
    longest = max(map(len, cue.lines), default=0)
    if longest > rules.line_chars:
        found.append(("line_length", f"{longest} characters, at most {rules.line_chars}"))
    length = cue.end_ms - cue.start_ms
    if length < rules.shortest_ms:
        found.append(("too_short", f"{length} ms, at least {rules.shortest_ms}"))
    if length > rules.longest_ms:
        found.append(("too_long", f"{length} ms, at most {rules.longest_ms}"))
    speed = cue.chars * 1000 / max(1, length)
    if speed > rules.most_chars_per_second:
        found.append(
            ("reading_speed", f"{speed:.1f} a second, at most {rules.most_chars_per_second}")
        )
    return found


def _place(cue: Cue, following: Cue | None, rules: CaptionRules) -> list[tuple[str, str]]:
    found = []
    if cue.end_ms > max(cue.speech_end_ms + rules.linger_ms, cue.start_ms + rules.shortest_ms):
        late = cue.end_ms - cue.speech_end_ms
        found.append(("lingers", f"{late} ms past its speech, at most {rules.linger_ms}"))
    if following is not None:
        gap = following.start_ms - cue.end_ms
        if gap < rules.gap_ms:
            found.append(("gap", f"{gap} ms to the next, at least {rules.gap_ms}"))
        elif rules.gap_ms < gap < rules.close_gap_ms:
            found.append(("open_gap", f"{gap} ms to the next, which is neither closed nor long"))
    return found
