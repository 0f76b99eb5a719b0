"""Cues: what is shown, from when to when.

The rules follow the Netflix timed-text style guide and the BBC subtitle guidelines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from ytdubber.domain.languages import WITHOUT_SPACES
from ytdubber.domain.media import Interval
from ytdubber.domain.punctuation import ends_clause, ends_sentence

_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class CaptionRules:
    """What a cue may be.

    Attributes:
        line_chars: The most characters in a line.
        lines: The most lines in a cue.
        shortest_ms: The shortest a cue is shown.
        longest_ms: The longest.
        chars_per_second: The reading speed cues are lengthened for where there is room.
        linger_ms: How long a cue may stay after its speech has ended.
        gap_ms: The least time between two cues (2 frames at 24 a second).
        close_gap_ms: Gaps shorter than this are closed to gap_ms (12 frames).
    """

    line_chars: int = 42
    lines: int = 2
    shortest_ms: int = 833
    longest_ms: int = 7_000
    chars_per_second: int = 17
    linger_ms: int = 500
    gap_ms: int = 84
    close_gap_ms: int = 500


@dataclass(frozen=True, slots=True)
class SpokenText:
    """A line of the dub and when it sounds."""

    text: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: at most a few lines, shown from start_ms to end_ms."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def rules_for(language: str) -> CaptionRules:
    """The rules for a language: scripts without spaces have shorter lines."""
    return CaptionRules(line_chars=16) if language in WITHOUT_SPACES else CaptionRules()


def cues(spoken: Sequence[SpokenText], language: str, total_ms: int) -> tuple[Cue, ...]:
    """The cues of a dub, in order and never two at once.

    Args:
        spoken: The lines as they sound, in order, without overlaps.
        language: Decides line length and where lines may break.
        total_ms: No cue is shown past it.
    """
    rules = rules_for(language)
    raw = [
        cue
        for line in spoken
        if line.text.strip()
        for cue in _split(line, rules, language in WITHOUT_SPACES)
    ]
    return _spaced(raw, rules, total_ms)


def _split(line: SpokenText, rules: CaptionRules, dense: bool) -> list[Cue]:
    """One spoken line as cues that each hold their text, timed by their share of characters."""
    tokens = list(line.text.strip().replace(" ", "")) if dense else _TOKEN.findall(line.text)
    joint = "" if dense else " "
    count = max(1, -(-line.interval.duration_ms // rules.longest_ms))
    while True:
        parts = _parts(tokens, count, joint)
        wrapped = [_wrap(part, rules, joint) for part in parts]
        if all(len(lines) <= rules.lines for lines in wrapped) or count >= len(tokens):
            break
        count += 1
    sizes = list(accumulate((len(joint.join(part)) for part in parts), initial=0))
    begin, length = line.interval.start_ms, line.interval.duration_ms
    times = [begin + round(length * size / max(1, sizes[-1])) for size in sizes]
    return [
        Cue(start, end, tuple(lines))
        for (start, end), lines in zip(pairwise(times), wrapped, strict=True)
    ]


def _parts(tokens: Sequence[str], count: int, joint: str) -> list[list[str]]:
    """Tokens in `count` parts of about the same length, cut at punctuation where it is near."""
    parts: list[list[str]] = []
    rest = list(tokens)
    for left in range(min(count, len(tokens)), 1, -1):
        cut = _cut(rest, len(joint.join(rest)) / left, joint, len(rest) - left + 1)
        parts.append(rest[:cut])
        rest = rest[cut:]
    return [*parts, rest]


def _cut(tokens: Sequence[str], ideal: float, joint: str, most: int) -> int:
    """How many tokens come before the cut: near the ideal length, after punctuation if it can."""
    ends = list(accumulate(len(token) + len(joint) for token in tokens))

    def cost(cut: int) -> float:
        off = abs(ends[cut - 1] - len(joint) - ideal) / max(1.0, ideal)
        last = tokens[cut - 1]
        return off - (0.35 if ends_sentence(last) else 0.25 if ends_clause(last) else 0.0)

    return min(range(1, most + 1), key=cost)


def _wrap(tokens: Sequence[str], rules: CaptionRules, joint: str) -> list[str]:
    """A cue's tokens in lines: one if it fits, else two balanced ones, else as many as it takes."""
    text = joint.join(tokens)
    if len(text) <= rules.line_chars:
        return [text]
    fitting = [
        cut
        for cut in range(1, len(tokens))
        if len(joint.join(tokens[:cut])) <= rules.line_chars
        and len(joint.join(tokens[cut:])) <= rules.line_chars
    ]
    if fitting:
        best = _cut(tokens, len(text) / 2, joint, len(tokens) - 1)
        cut = best if best in fitting else min(fitting, key=lambda c: abs(c - best))
        return [joint.join(tokens[:cut]), joint.join(tokens[cut:])]
    lines = [""]
    for token in tokens:
        longer = lines[-1] + joint + token if lines[-1] else token
        if len(longer) <= rules.line_chars or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(token)
    return lines


def _spaced(raw: Sequence[Cue], rules: CaptionRules, total_ms: int) -> tuple[Cue, ...]:
    """Let cues stay long enough to be read, keep them apart and close small gaps."""
    result: list[Cue] = []
    for index, cue in enumerate(raw):
        following = raw[index + 1].start_ms if index + 1 < len(raw) else None
        limit = total_ms if following is None else min(total_ms, following - rules.gap_ms)
        readable = round(sum(map(len, cue.lines)) * 1000 / rules.chars_per_second)
        wanted = max(cue.start_ms + max(rules.shortest_ms, readable), cue.end_ms)
        end = min(wanted, max(cue.end_ms + rules.linger_ms, cue.start_ms + rules.shortest_ms))
        end = min(end, cue.start_ms + rules.longest_ms)
        if following is not None and 0 < following - end < rules.close_gap_ms:
            end = following - rules.gap_ms
        result.append(replace(cue, end_ms=max(cue.start_ms + 1, min(end, limit))))
    return tuple(result)
