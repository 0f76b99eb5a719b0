"""Cues: what is shown, from when to when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from ytdubber.domain.languages import language_of
from ytdubber.domain.media import Interval

from .phrasing import break_cost
from .rules import CaptionRules, rules_for

_TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class SpokenText:
    """A line of the dub and when it sounds."""

    text: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: at most a few lines, shown from start_ms to end_ms.

    `speech_end_ms` is when what it shows has been said.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speech_end_ms: int

    @property
    def chars(self) -> int:
        """Characters to read."""
        return sum(map(len, self.lines))


def cues(spoken: Sequence[SpokenText], language: str, total_ms: int) -> tuple[Cue, ...]:
    """The cues of a dub, in order and never two at once.

    Args:
        spoken: The lines as they sound, in order, without overlaps.
        language: Decides line length and where lines may break.
        total_ms: No cue is shown past it.
    """
    layout = _Layout(rules_for(language), language)
    raw = [cue for line in spoken if line.text.strip() for cue in layout.split(line)]
    return _spaced(raw, layout.rules, total_ms)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How text of one language is cut into cues and lines."""

    rules: CaptionRules
    language: str

    @property
    def dense(self) -> bool:
        return not language_of(self.language).spaces

    def joined(self, tokens: Sequence[str]) -> str:
        return ("" if self.dense else " ").join(tokens)

    def tokens(self, text: str) -> list[str]:
        """Words; where there are no spaces, characters, with words of other scripts kept whole."""
        if not self.dense:
            return _TOKEN.findall(text)
        found = re.findall(r"[A-Za-z0-9][A-Za-z0-9.,'-]*|\S", text)
        return list(_with_marks(found))

    def split(self, line: SpokenText) -> list[Cue]:
        """One spoken line as cues that hold all of its text, timed by their characters."""
        tokens = self.tokens(line.text)
        count = max(1, -(-line.interval.duration_ms // self.rules.longest_ms))
        while True:
            parts = self._parts(tokens, count)
            wrapped = [self._wrap(part) for part in parts]
            if all(map(self._fits, wrapped)) or count >= len(tokens):
                break
            count += 1
        sizes = list(accumulate((len(self.joined(part)) for part in parts), initial=0))
        begin, length = line.interval.start_ms, line.interval.duration_ms
        times = [begin + round(length * size / max(1, sizes[-1])) for size in sizes]
        return [
            Cue(start, end, tuple(lines), end)
            for (start, end), lines in zip(pairwise(times), wrapped, strict=True)
        ]

    def _fits(self, lines: Sequence[str]) -> bool:
        short = all(len(line) <= self.rules.line_chars for line in lines)
        return short and len(lines) <= self.rules.lines

    def _parts(self, tokens: Sequence[str], count: int) -> list[list[str]]:
        """Tokens in `count` parts of about the same length, cut where it reads well."""
        parts: list[list[str]] = []
        rest = list(tokens)
        for left in range(min(count, len(tokens)), 1, -1):
            ideal = len(self.joined(rest)) / left
            choices = range(1, len(rest) - left + 2)
            cut = min(choices, key=lambda c: self._cost(rest, c, ideal))
            parts.append(rest[:cut])
            rest = rest[cut:]
        return [*parts, rest]

    def _cost(self, tokens: Sequence[str], cut: int, ideal: float) -> float:
        off = abs(len(self.joined(tokens[:cut])) - ideal) / max(1.0, ideal)
        return off + break_cost(tokens, cut, self.language)

    def _wrap(self, tokens: Sequence[str]) -> list[str]:
        """A cue's tokens in one line if they fit, else in two that read well, else in as many as
        it takes.
        """
        text, most = self.joined(tokens), self.rules.line_chars
        if len(text) <= most:
            return [text]
        choices = [
            cut
            for cut in range(1, len(tokens))
            if len(self.joined(tokens[:cut])) <= most and len(self.joined(tokens[cut:])) <= most
        ]
        if choices:
            cut = min(choices, key=lambda c: self._cost(tokens, c, len(text) / 2))
            return [self.joined(tokens[:cut]), self.joined(tokens[cut:])]
        lines: list[list[str]] = [[]]
        for token in tokens:
            if lines[-1] and len(self.joined([*lines[-1], token])) > most:
                lines.append([])
            lines[-1].append(token)
        return [self.joined(line) for line in lines]


def _with_marks(tokens: Sequence[str]) -> list[str]:
    """Punctuation stays with the character before it: no line begins with a full stop."""
    result: list[str] = []
    for token in tokens:
        if result and not token[0].isalnum() and token[0] not in "「『（《“‘(":
            result[-1] += token
        else:
            result.append(token)
    return result


def _spaced(raw: Sequence[Cue], rules: CaptionRules, total_ms: int) -> tuple[Cue, ...]:
    """Let cues stay long enough to be read, keep them apart and close small gaps."""
    result: list[Cue] = []
    for index, cue in enumerate(raw):
        following = raw[index + 1].start_ms if index + 1 < len(raw) else None
        limit = total_ms if following is None else min(total_ms, following - rules.gap_ms)
        readable = round(cue.chars * 1000 / rules.chars_per_second)
        wanted = max(cue.start_ms + max(rules.shortest_ms, readable), cue.end_ms)
        longest = max(cue.end_ms + rules.linger_ms, cue.start_ms + rules.shortest_ms)
        end = min(wanted, longest, cue.start_ms + rules.longest_ms)
        if following is not None and following - end < rules.close_gap_ms:
            closed = following - rules.gap_ms
            near = closed - cue.end_ms <= rules.linger_ms
            end = closed if near else following - rules.close_gap_ms
        result.append(replace(cue, end_ms=max(cue.start_ms + 1, min(end, limit))))
    return tuple(result)
