"""When each line begins and how fast it is spoken, so that all of them fit: see `timing`."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .media import Interval
from .timing import RULES, PlannedLine, Slot, TimingRules, together

_EARLIER_MS = 100  # by such steps a line begins earlier, before it is flagged


def plan(
    slots: Sequence[Slot],
    natural_ms: Sequence[int],
    total_ms: int,
    rules: TimingRules = RULES,
    unslowed: Collection[str] = (),
) -> tuple[PlannedLine, ...]:
    """When each line begins and how fast it is spoken, for lines of these natural lengths.

    Args:
        slots: The lines' places in the original, in the order they begin.
        natural_ms: How long each lasts at the voice's own pace, at least 1.
        total_ms: The length of the recording.
        rules: What a line may do to fit.
        unslowed: The utterance ids of those that are not slowed down.
    """
    schedule = _Schedule(slots, [max(1, length) for length in natural_ms], total_ms, rules)
    for index in range(len(slots)):
        schedule.settle(index)
    schedule.relax()
    schedule.smooth()
    schedule.relax()
    schedule.slow_down(unslowed)
    return schedule.lines()


def plan_around(
    slots: Sequence[Slot],
    natural_ms: Mapping[str, int],
    total_ms: int,
    kept: Sequence[Interval],
    unslowed: Collection[str] = (),
) -> dict[str, PlannedLine]:
    """The same, by utterance id, for lines between which parts of the original are kept, which they
    do not sound together with unless they did.

    Args:
        slots: The lines' places in the original.
        natural_ms: How long each lasts, by utterance id.
        total_ms: The length of the recording.
        kept: When the original is kept.
        unslowed: The utterance ids of those that are not slowed down.
    """
    fixed = [Slot("", each.start_ms, each.end_ms, each.end_ms, kept=True) for each in kept]
    order = sorted([*slots, *fixed], key=lambda slot: slot.start_ms)
    lengths_ms = [slot.source_ms if slot.kept else natural_ms[slot.utterance_id] for slot in order]
    planned = plan(order, lengths_ms, total_ms, unslowed=unslowed)
    return {
        slot.utterance_id: line for slot, line in zip(order, planned, strict=True) if not slot.kept
    }


@dataclass(slots=True)
class _Schedule:
    """Rates and starts under construction. While lines are settled rates only ever rise, so what
    fits keeps fitting.
    """

    slots: Sequence[Slot]
    natural_ms: list[int]
    total_ms: int
    rules: TimingRules
    rates: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    early_ms: list[int] = field(default_factory=list)
    before: list[list[tuple[int, int]]] = field(default_factory=list)
    after: list[list[tuple[int, int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rates = [
            min(self.rules.ending_rate, max(1.0, length / max(1, slot.source_ms)))
            for length, slot in zip(self.natural_ms, self.slots, strict=True)
        ]
        self.starts = [slot.start_ms for slot in self.slots]
        self.early_ms = [0] * len(self.slots)
        self.before = self._predecessors()
        self.after = [[] for _ in self.slots]
        for index, found in enumerate(self.before):
            for earlier, gap in found:
                self.after[earlier].append((index, gap))

    def _predecessors(self) -> list[list[tuple[int, int]]]:
        """For every line those that must have ended before it begins, each with the gap to keep:
        of every speaker the last one it does not sound together with.
        """
        said: dict[str | None, list[int]] = {}
        before = []
        for index, slot in enumerate(self.slots):
            found = []
            for lines in said.values():
                earlier = next(
                    (i for i in reversed(lines) if not together(self.slots[i], slot)), None
                )
                if earlier is not None:
                    pause = slot.start_ms - self.slots[earlier].source_end_ms
                    found.append((earlier, min(self.rules.gap_ms, max(0, pause))))
            before.append(found)
            said.setdefault(slot.speaker, []).append(index)
        return before

    def duration(self, index: int) -> int:
        return max(1, math.floor(self.natural_ms[index] / self.rates[index]))

    def end(self, index: int) -> int:
        return self.starts[index] + self.duration(index)

    def free_from(self, index: int) -> int:
        """The earliest the line may begin for the lines before it."""
        return max((self.end(i) + gap for i, gap in self.before[index]), default=0)

    def start(self, index: int) -> int:
        early_ms = 0 if self.slots[index].kept else self.early_ms[index]
        wish = max(0, self.slots[index].start_ms - early_ms)
        return max(wish, self.free_from(index))

    def settle(self, index: int) -> None:
        """Place a line; when it or the end of the recording comes too soon, hurry its chain."""
        rules = self.rules
        self.starts[index] = self.start(index)
        attempts = (
            (0, 0, 1.0, rules.unheard_rate),
            (rules.near_ms, rules.early_ms, rules.unheard_rate, rules.comfortable_rate),
            (rules.late_ms, rules.early_ms, rules.comfortable_rate, rules.highest_rate),
        )
        for late_ms, early_ms, least, highest in attempts:
            if self._hurry(index, late_ms, early_ms, (least, highest)):
                return
        for early_ms in range(rules.early_ms, rules.earliest_ms + 1, _EARLIER_MS):
            self._make_way(index, early_ms)
            if self._hurry(index, late_ms, early_ms, (least, highest)):
                return
        self._force(index)

    def _hurry(self, index: int, late_ms: int, early_ms: int, between: tuple[float, float]) -> bool:
        """Raise the rates of the line's chain just enough within bounds; False if that is not
        enough, and nothing has changed.
        """
        if self._fits(index, late_ms):
            return True
        chain = self._chain(index)
        touched = slice(chain[0], index + 1)
        kept = (self.rates[touched], self.starts[touched], self.early_ms[touched])
        self._let_early(chain, early_ms)
        least, highest = between
        if self._raise(index, chain, late_ms, least, highest):
            return True
        self.rates[touched], self.starts[touched], self.early_ms[touched] = kept
        return False

    def _make_way(self, index: int, early_ms: int) -> None:
        """Hurry what keeps the line's chain from beginning early, as long as that is pleasant."""
        first = self._chain(index)[0]
        wish = max(0, self.slots[first].start_ms - early_ms)
        changed = first
        for earlier, gap in self.before[first]:
            most_ms = wish - gap - self.starts[earlier]
            if 0 < most_ms < self.duration(earlier):
                needed = self.natural_ms[earlier] / most_ms
                pleasant = min(needed, self.rules.comfortable_rate)
                self.rates[earlier] = max(self.rates[earlier], pleasant)
                changed = min(changed, earlier)
        for each in range(changed, index + 1):
            self.starts[each] = self.start(each)

    def _let_early(self, lines: Sequence[int], early_ms: int) -> None:
        for each in lines:
            self.early_ms[each] = max(self.early_ms[each], early_ms)

    def _force(self, index: int) -> None:
        """The chain at the highest rate, and the lines that are too long by themselves faster."""
        highest, late_ms = self.rules.highest_rate, self.rules.late_ms
        chain = self._chain(index)
        self._let_early(chain, self.rules.earliest_ms)
        rates = {each: self.rates[each] for each in chain}
        if self._fits_at(index, chain, highest, late_ms, rates):
            return
        guilty = [i for i in chain if self.natural_ms[i] > highest * self.slots[i].room_ms]
        self._raise(index, guilty or chain, late_ms, highest, 1e4)
        if not self._fits(index, late_ms):
            self._raise(index, chain, late_ms, highest, 1e4)

    def _raise(
        self, index: int, lines: Sequence[int], late_ms: int, least: float, most: float
    ) -> bool:
        """Give the lines the lowest rate from `least` to `most` with which the line fits; `most`
        when none does.
        """
        rates = {each: self.rates[each] for each in lines}
        if not self._fits_at(index, lines, most, late_ms, rates):
            return False
        low, high = least, most
        if self._fits_at(index, lines, least, late_ms, rates):
            return True
        for _ in range(30):
            middle = math.sqrt(low * high)
            if self._fits_at(index, lines, middle, late_ms, rates):
                high = middle
            else:
                low = middle
        return self._fits_at(index, lines, high, late_ms, rates)

    def _fits_at(
        self,
        index: int,
        chain: Sequence[int],
        rate: float,
        late_ms: int,
        rates: Mapping[int, float],
    ) -> bool:
        for each in chain:
            self.rates[each] = max(rate, rates[each])
        for each in range(chain[0], index + 1):
            self.starts[each] = self.start(each)
        return self._fits(index, late_ms)

    def _chain(self, index: int) -> list[int]:
        """The lines to hurry so that this one fits: all that push it, directly or by pushing one
        that does, and the line itself where it sounds into the recording's end.
        """
        chain, queue = {index}, [index]
        while queue:
            at = queue.pop()
            for earlier, gap in self.before[at]:
                if earlier not in chain and self.end(earlier) + gap > self.slots[at].start_ms:
                    chain.add(earlier)
                    queue.append(earlier)
        if len(chain) > 1 and not self._overruns(index):
            chain.remove(index)  # it is only pushed: its own length changes nothing
        return sorted(chain)

    def _fits(self, index: int, late_ms: int) -> bool:
        """Whether the line begins in time and ends before the recording does."""
        allowed = 0 if self._anchored(index) else late_ms
        late = self.starts[index] - self.slots[index].start_ms
        return late <= allowed and not self._overruns(index)

    def _overruns(self, index: int) -> bool:
        """Whether the line would sound into the recording's end."""
        return self.end(index) > self._latest_end(index)

    def _latest_end(self, index: int) -> int:
        """When the line must have ended for the recording's end."""
        slot = self.slots[index]
        room_end = max(self.total_ms - self.rules.tail_ms, min(slot.source_end_ms, self.total_ms))
        return max(room_end, slot.start_ms + 1)

    def _anchored(self, index: int) -> bool:
        """Whether a pause that no lateness may pass comes before the line."""
        slot = self.slots[index]
        if slot.kept:
            return True
        ends = [self.slots[i].source_end_ms for i, _ in self.before[index]]
        return not ends or slot.start_ms - max(ends) >= self.rules.anchor_gap_ms

    def relax(self) -> None:
        """Lines that would be flagged are as slow as the lines after them let them be: a chain
        that was hurried as one may hold some that need it less.
        """
        for index, rate in enumerate(self.rates):
            if rate > self.rules.highest_rate:
                needed = self._rate_to_end_by(self._latest_end(index), index)
                self.rates[index] = min(rate, max(1.0, needed))

    def _rate_to_end_by(self, end_ms: int, index: int) -> float:
        """The rate at which the line ends then, or before the next one if that begins earlier."""
        ends = [self.starts[later] - gap for later, gap in self.after[index]]
        return self.natural_ms[index] / max(1, min([end_ms, *ends]) - self.starts[index])

    def slow_down(self, unslowed: Collection[str]) -> None:
        """A line that ends before its original is as slow as it needs to be to end with it, within
        bounds, and not much slower than its neighbours. No line begins elsewhere for that.
        """
        for index, slot in enumerate(self.slots):
            if slot.kept or slot.utterance_id in unslowed or self.end(index) >= slot.source_end_ms:
                continue
            beside = [
                self.rates[other] / self.rules.rate_step
                for other in (index - 1, index + 1)
                if 0 <= other < len(self.slots) and self._alike(index, other)
            ]
            end_ms = min(slot.source_end_ms, self._latest_end(index))
            needed = self._rate_to_end_by(end_ms, index)
            slowest = max(self.rules.slowest_rate, needed, *beside)
            self.rates[index] = min(self.rates[index], slowest)

    def _alike(self, index: int, other: int) -> bool:
        """Whether one person says both lines."""
        one, another = self.slots[index], self.slots[other]
        return not one.kept and not another.kept and one.speaker == another.speaker

    def smooth(self) -> None:
        """No line is much faster than its neighbour: the slower one of two hurries a little, as
        long as that is pleasant.
        """
        for order in (range(len(self.rates)), range(len(self.rates) - 1, -1, -1)):
            for one, other in pairwise(order):
                if self._alike(one, other):
                    fast = min(self.rates[one] / self.rules.rate_step, self.rules.comfortable_rate)
                    self.rates[other] = max(self.rates[other], fast)
        for index in range(len(self.slots)):
            self.starts[index] = self.start(index)

    def lines(self) -> tuple[PlannedLine, ...]:
        return tuple(
            PlannedLine(self.starts[i], self.duration(i), self.natural_ms[i] / self.duration(i))
            for i in range(len(self.slots))
        )
