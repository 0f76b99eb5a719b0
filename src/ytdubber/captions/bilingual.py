"""Captions in two languages: a translation, and under it what it translates.

Each language keeps its own rules: how long a line is, where it may end, how fast it can be read. A
line of speech is parted into as few cues as both can be shown in, with one row for each language;
where its cues would be too short or too fast to be read so, with up to two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil, inf

from ytdubber.domain.languages import language_of
from ytdubber.domain.media import Interval

from .clusters import width
from .cues import Cue, right_to_left
from .rules import CaptionRules, rules_for
from .spacing import Shown, times
from .units import Unit, units_of

_FLOAT_MS = 600
"""How far a cue that begins within a line may move: when its words are said is an estimate."""
_OFF = 4.0
"""What it costs that a part is so much longer or shorter than its share, squared."""


@dataclass(frozen=True, slots=True)
class BilingualText:
    """A line of a dub, what it translates, and when it sounds; either text may be empty."""

    text: str
    original: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class _Part:
    """What one cue shows: its rows, how long they take to be read as characters of the dub's
    language, and when they are said.
    """

    rows: tuple[str, ...]
    chars: float
    from_ms: float
    to_ms: float
    line: Interval


class _Side:
    """A text in one language, in units that are not parted.

    Args:
        text: It.
        language: Its language.
    """

    def __init__(self, text: str, language: str) -> None:
        self.rules, self._language = rules_for(language), language_of(language)
        self.units = units_of(text, language, self.rules.line_chars) if text.strip() else []
        self._widths = [width(unit.text, self.rules.half_width) for unit in self.units]
        glues = [width(unit.glue, self.rules.half_width) for unit in self.units]
        hyphen = width("-", self.rules.half_width)
        self._begins = [0.0, *accumulate(a + b for a, b in zip(self._widths, glues, strict=True))]
        self._ends = [
            begin + size + (hyphen if unit.hyphen else 0.0)
            for begin, size, unit in zip(self._begins, self._widths, self.units, strict=False)
        ]

    def least(self, rows: int) -> int:
        """In how many parts of so many rows it can be shown at the least; 0 where it is empty."""
        count, start = 0, 0
        while start < len(self.units):
            stop = start + 1
            while stop < len(self.units) and self._row(start, stop + 1, rows) is not None:
                stop += 1
            count, start = count + 1, stop
        return count

    def parted(self, shares: Sequence[float], rows: int) -> list[tuple[int, int]]:
        """Where each part begins and ends, as near to its share of the text as may be: the cheapest
        way for all parts. With fewer units than parts, neighbours show the same.

        Args:
            shares: Of the whole, one for each part.
            rows: The most rows of a part.
        """
        count = len(self.units)
        if count < len(shares):
            return [
                (min(at, count - 1), min(at, count - 1) + 1)
                for at in (place * count // len(shares) for place in range(len(shares)))
            ]
        best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
        for share in shares:
            here: dict[int, tuple[float, int]] = {}
            for start, (cost, _) in best[-1].items():
                for stop, more in self._ending(start, share, rows):
                    if cost + more < here.get(stop, (inf, 0))[0]:
                        here[stop] = cost + more, start
            best.append(here)
        edges = [count]
        for found in reversed(best[1:]):
            edges.append(found[edges[-1]][1])
        return list(pairwise(reversed(edges)))

    def share(self, start: int, stop: int) -> float:
        """How much of the whole these units are."""
        return self.chars(start, stop) / max(1e-9, self.chars(0, len(self.units)))

    def rows(self, start: int, stop: int) -> tuple[str, ...]:
        """What is shown of these units, on one line if it fits, else on two."""
        row = self._row(start, stop, self.rules.lines)
        parts = [(start, stop)] if row in (None, stop) else [(start, row or 0), (row or 0, stop)]
        texts = [_text(self.units[a:b]) for a, b in parts]
        return tuple(map(right_to_left, texts) if self._language.rtl else texts)

    def chars(self, start: int, stop: int) -> float:
        """The characters of these units, as the guides count them."""
        return self._ends[stop - 1] - self._begins[start]

    def _ending(self, start: int, share: float, rows: int) -> Iterator[tuple[int, float]]:
        """Where a part may end that begins here, and what that costs."""
        for stop in range(start + 1, len(self.units) + 1):
            if stop > start + 1 and self._row(start, stop, rows) is None:
                return
            off = self.share(start, stop) / share - 1
            end = 0.0 if stop == len(self.units) else self.units[stop - 1].cost
            yield stop, _OFF * off * off + end

    def _row(self, start: int, stop: int, rows: int) -> int | None:
        """Where the second row of these units begins: `stop` where one is enough, None where so
        many rows are not.
        """
        most, begin, end = self.rules.line_chars, self._begins[start], self._ends[stop - 1]
        if end - begin <= most:
            return stop
        if rows < 2:
            return None
        costs = {
            row: self.units[row - 1].cost
            + abs(self._ends[row - 1] - begin - end + self._begins[row]) / (end - begin)
            for row in range(start + 1, stop)
            if self._ends[row - 1] - begin <= most and end - self._begins[row] <= most
        }
        return min(costs, key=costs.__getitem__, default=None)


def bilingual(
    lines: Sequence[BilingualText], language: str, original: str, total_ms: int
) -> tuple[Cue, ...]:
    """The cues of a dub with the original under the translation, in order, never two at once.

    Args:
        lines: The lines as they sound.
        language: That of the dub.
        original: That of the recording.
        total_ms: No cue is shown past it.
    """
    rules = rules_for(language)
    said = sorted(lines, key=lambda line: line.interval)
    parts = [part for line in said for part in _parts(line, language, original)]
    parts.sort(key=lambda part: part.from_ms)
    if not parts:
        return ()
    shown = list(_shown(parts, rules))
    return tuple(
        Cue(start, end, part.rows, round(each.said_to_ms))
        for part, each, (start, end) in zip(
            parts, shown, times(shown, rules, total_ms), strict=True
        )
    )


def _parts(line: BilingualText, language: str, original: str) -> Iterator[_Part]:
    """The cues of one line of the dub."""
    both = _Side(line.text, language), _Side(line.original, original)
    sides = [side for side in both if side.units]
    if not sides:
        return
    rows, count = _rows_and_count(sides, line.interval.duration_ms)
    first, *others = sides
    cuts = first.parted([1 / count] * count, rows)
    shares = [first.share(*cut) for cut in cuts]
    of_sides = [cuts, *(side.parted(shares, rows) for side in others)]
    fastest = rules_for(language).most_chars_per_second
    begin_ms = float(line.interval.start_ms)
    for number, share in enumerate(shares):
        end_ms = begin_ms + line.interval.duration_ms * share / sum(shares)
        shown = [side.rows(*cut[number]) for side, cut in zip(sides, of_sides, strict=True)]
        chars = max(
            side.chars(*cut[number]) * fastest / side.rules.most_chars_per_second
            for side, cut in zip(sides, of_sides, strict=True)
        )
        rows_shown = tuple(row for each in shown for row in each)
        yield _Part(rows_shown, chars, begin_ms, end_ms, line.interval)
        begin_ms = end_ms


def _rows_and_count(sides: Sequence[_Side], duration_ms: int) -> tuple[int, int]:
    """How many rows each language has in a cue, and how many cues there are: one row where cues of
    one can be read in their time.
    """
    count = 1
    for rows in (1, 2):
        count = max(side.least(rows) for side in sides)
        longest = max(ceil(duration_ms / side.rules.longest_ms) for side in sides)
        count = max(count, min(longest, *(len(side.units) for side in sides)))
        if all(duration_ms >= count * side.rules.shortest_ms for side in sides):
            return rows, count
    return 2, count


def _shown(parts: Sequence[_Part], rules: CaptionRules) -> Iterator[Shown]:
    """What each cue's times depend on."""
    said_ms = 0.0
    for part in parts:
        begins = part.from_ms == part.line.start_ms
        away_ms = rules.onset_ms if begins else _FLOAT_MS
        earliest = max(0.0 if begins else float(part.line.start_ms), part.from_ms - away_ms)
        latest = part.from_ms + away_ms
        if not begins:
            latest = min(latest, float(part.line.end_ms))
        if said_ms > part.from_ms:
            latest = max(latest, said_ms + rules.gap_ms)
        said_ms = max(said_ms, part.to_ms)
        yield Shown(part.chars, part.from_ms, said_ms, earliest, latest)


def _text(units: Sequence[Unit]) -> str:
    text = "".join(unit.text + unit.glue for unit in units[:-1])
    return (text + units[-1].text).strip() + ("-" if units[-1].hyphen else "")
