"""Which units stand together in a cue, and where its line ends: the cheapest way for all of them.

A cue costs what it does to its reader: being one more, being short or fast, ending where it reads
badly, showing two lines of the dub at once. The sum is least over the whole dub (dynamic
programming, as TeX breaks paragraphs: Knuth and Plass, 1981), in time that grows with its length.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import inf

from .clusters import width
from .rules import CaptionRules
from .speech import TimedUnit

_ONE_MORE = 1.5  # a cue
_FULL = 1.0  # a cue of two full lines; it grows with the square, so cues become alike
_CUE_END, _ROW_END = 2.0, 1.0  # weights of where a cue or its first line ends
_UNEVEN = 0.4  # lines of which one is empty
_TOP_HEAVY = 0.1
_JOINED, _JOINED_SECOND = 1.5, 2.0  # two lines of the dub in one cue, and each second between them
_TWO_SPEAKERS = 1.0
_TOO_SHORT, _TOO_FAST, _TOO_LONG = 8.0, 5.0, 50.0
_OVERFLOW = 200.0
LINE_ENDS = -0.35
"""What a line's end costs where a line of the dub ends: as after a sentence."""


@dataclass(frozen=True, slots=True)
class Group:
    """The units of one cue.

    Attributes:
        start: The first one.
        stop: The one after the last.
        row: Where its second line begins; `stop` where it has but one.
        row_cost: What that costs.
        dual: Whether each line is another speaker's.
    """

    start: int
    stop: int
    row: int
    row_cost: float = 0.0
    dual: bool = False


class Layout:
    """The search for the cheapest cues."""

    def __init__(
        self, units: Sequence[TimedUnit], rules: CaptionRules, dash: str, total_ms: int
    ) -> None:
        """Take what the search needs.

        Args:
            units: All that is shown, in order.
            rules: The limits.
            dash: What a line begins with where two speak.
            total_ms: No cue is shown past it.
        """
        self.units, self.rules, self.dash, self.total_ms = units, rules, dash, total_ms
        hyphen = width("-", rules.half_width)
        self._dash_width = width(dash, rules.half_width)
        self._begins = list(accumulate((u.width + u.glue_width for u in units), initial=0.0))
        self._ends = [
            begin + unit.width + (hyphen if unit.unit.hyphen else 0.0)
            for begin, unit in zip(self._begins, units, strict=False)
        ]
        self._end_costs = [LINE_ENDS if unit.last else unit.unit.cost for unit in units]

    def groups(self) -> list[Group]:
        """The units of every cue."""
        count = len(self.units)
        best = [0.0, *[inf] * count]
        chosen: list[Group | None] = [None] * (count + 1)
        for stop in range(1, count + 1):
            for group, said_ms in self._ending(stop):
                cost = best[group.start] + group.row_cost
                if cost < best[stop]:
                    cost += self._cost(group, said_ms)
                    if cost < best[stop]:
                        best[stop], chosen[stop] = cost, group
        found, stop = list[Group](), count
        while (group_here := chosen[stop]) is not None:
            found.append(group_here)
            stop = group_here.start
        return found[::-1]

    def chars(self, group: Group) -> float:
        """Characters of a cue."""
        size = self._width(group.start, group.row)
        if group.row < group.stop:
            size += self._width(group.row, group.stop)
        return size + (2 * self._dash_width if group.dual else 0.0)

    def _width(self, start: int, stop: int) -> float:
        """Characters of a line of units, with its hyphen where it ends within a word."""
        return self._ends[stop - 1] - self._begins[start]

    def _ending(self, stop: int) -> Iterator[tuple[Group, float]]:
        """Every group that may end before `stop`, from the shortest, and when it has been said."""
        turn = stop  # where the second speaker begins
        said_ms = 0.0
        for start in range(stop - 1, -1, -1):
            here = self.units[start]
            if start + 1 < stop and here.line != self.units[start + 1].line:
                following = self.units[start + 1]
                if following.start_ms - here.end_ms > self.rules.join_gap_ms:
                    return
                if _other(here, following):
                    if turn < stop:
                        return
                    turn = start + 1
            said_ms = max(said_ms, here.end_ms)
            dual = turn < stop
            rows = self._dual(start, stop, turn) if dual else self._wrapped(start, stop)
            if rows is None and start + 1 < stop:
                return
            row, row_cost = rows or (stop, _OVERFLOW)
            yield Group(start, stop, row, row_cost, dual), said_ms

    def _dual(self, start: int, stop: int, turn: int) -> tuple[int, float] | None:
        most = self.rules.line_chars - self._dash_width
        fits = self._width(start, turn) <= most and self._width(turn, stop) <= most
        return (turn, 0.0) if fits else None

    def _wrapped(self, start: int, stop: int) -> tuple[int, float] | None:
        """Where the second line begins and what that costs; `stop` where one line is enough, None
        where two are not.
        """
        most, begins, ends = self.rules.line_chars, self._begins, self._ends
        begin, end = begins[start], ends[stop - 1]
        if end - begin <= most:
            return stop, 0.0
        costs, best, chosen = self._end_costs, inf, 0
        first = max(start + 1, bisect_left(begins, end - most, start + 1, stop))
        for row in range(first, stop):
            above = ends[row - 1] - begin
            if above > most:
                break
            uneven = (above - end + begins[row]) / (end - begin)
            weight = _UNEVEN + _TOP_HEAVY if uneven > 0 else -_UNEVEN
            cost = _ROW_END * costs[row - 1] + weight * uneven
            if cost < best:
                best, chosen = cost, row
        return (chosen, best) if chosen else None

    def _cost(self, group: Group, said_ms: float) -> float:
        """What a cue costs but for its rows."""
        size, full = self.chars(group), self.rules.line_chars * self.rules.lines
        cost = _ONE_MORE + _FULL * (size / full) ** 2
        if not self.units[group.stop - 1].last:
            cost += _CUE_END * self._end_costs[group.stop - 1]
        return cost + self._time_cost(group, size, said_ms) + self._joint_cost(group)

    def _time_cost(self, group: Group, size: float, said_ms: float) -> float:
        """What it costs that a cue is shorter, faster or longer than it should be."""
        rules, start_ms = self.rules, self.units[group.start].start_ms
        free_ms = self._free_until(group, said_ms) - start_ms
        cost = _TOO_LONG if said_ms - start_ms > rules.longest_ms else 0.0
        if free_ms < rules.shortest_ms:
            cost += _TOO_SHORT * (1.2 - max(0.0, free_ms) / rules.shortest_ms)
        linger_ms = max(said_ms + rules.linger_ms - start_ms, rules.shortest_ms)
        speed = size * 1000 / max(1.0, min(free_ms, linger_ms, rules.longest_ms))
        if speed > rules.chars_per_second:
            cost += min(4.0, speed / rules.chars_per_second - 1.0)
        if speed > rules.most_chars_per_second:
            cost += _TOO_FAST * min(4.0, 0.5 + 4.0 * (speed / rules.most_chars_per_second - 1.0))
        return cost

    def _free_until(self, group: Group, said_ms: float) -> float:
        """Until when a cue can be shown: a gap before the next, or its own end where both sound."""
        if group.stop == len(self.units):
            return self.total_ms
        following = self.units[group.stop].start_ms - self.rules.gap_ms
        return max(following, min(said_ms, following + self.rules.onset_ms))

    def _joint_cost(self, group: Group) -> float:
        """What it costs to show lines of the dub together; nothing where they sound together."""
        if self.units[group.start].line == self.units[group.stop - 1].line and not group.dual:
            return 0.0
        cost = _TWO_SPEAKERS if group.dual else 0.0
        for here, following in pairwise(self.units[group.start : group.stop]):
            if here.line == following.line:
                continue
            pause_ms = following.start_ms - here.line_end_ms
            if pause_ms < 0 and _other(here, following):
                cost -= _TWO_SPEAKERS
            else:
                cost += _JOINED + _JOINED_SECOND * max(0.0, pause_ms) / 1000
        return cost


def _other(here: TimedUnit, following: TimedUnit) -> bool:
    """Whether another speaker says the second unit."""
    return (
        here.speaker is not None
        and following.speaker is not None
        and here.speaker != following.speaker
    )
