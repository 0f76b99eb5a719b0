"""How spoken lines are made to fit where the original spoke.

A line begins on its original onset and ends before the next one begins. One that outlasts its
original takes, in this order: 3 % of speed, the silence after it, a little more speed, a start up
to 100 ms early, a start up to 400 ms late, more speed, a start up to 400 ms early. It is never
slowed down, never cut, and never sounds together with another line, unless two people spoke at once
in the original. No lateness passes a long pause. What still does not fit is spoken as fast as it
must be and flagged for a person.

Sources: people notice tempo changes of about 5 % (Quene 2007); dubbers add silence rather than
stretch speech (Pettorino 2003); speech over 1.2 times its own pace is what users of dubbing tools
complain about first.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from .review import Reasons, ReviewReason
from .transcript import Utterance


@dataclass(frozen=True, slots=True)
class TimingRules:
    """What a line may do to fit.

    Attributes:
        gap_ms: Silence kept between two lines, or as much as the original had if that was less.
        tail_ms: Silence kept before the end of the recording.
        anchor_gap_ms: After a pause this long in the original a line is never late.
        early_ms: How much earlier than its original a line may begin.
        earliest_ms: How much earlier one may that would have to be flagged otherwise.
        near_ms: How late a line may begin before it is spoken faster than `comfortable_rate`.
        late_ms: How late a line may ever begin.
        ending_rate: Speed given to any line that would outlast its original, to end nearer to it.
        unheard_rate: Speed nobody notices.
        comfortable_rate: Speed that is still pleasant.
        highest_rate: A line that needs more is flagged.
        rate_step: The largest ratio of the rates of two neighbours.
    """

    gap_ms: int = 120
    tail_ms: int = 50
    anchor_gap_ms: int = 600
    early_ms: int = 100
    earliest_ms: int = 400
    near_ms: int = 100
    late_ms: int = 400
    ending_rate: float = 1.03
    unheard_rate: float = 1.05
    comfortable_rate: float = 1.15
    highest_rate: float = 1.25
    rate_step: float = 1.10


RULES = TimingRules()
_EARLIER_MS = 100  # by such steps a line begins earlier, before it is flagged


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a line was spoken in the original, and the room it has: until room_end_ms."""

    utterance_id: str
    start_ms: int
    source_end_ms: int
    room_end_ms: int
    speaker: str | None = None

    @property
    def source_ms(self) -> int:
        """How long the original took."""
        return self.source_end_ms - self.start_ms

    @property
    def room_ms(self) -> int:
        """The longest a line that begins on its onset may last."""
        return self.room_end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """When a line begins and how long it lasts."""

    start_ms: int
    duration_ms: int
    rate: float


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a line sounds in the dub, and how it got that long.

    Attributes:
        utterance_id: Which line.
        start_ms: When it begins.
        duration_ms: How long it sounds.
        natural_ms: How long it lasts at the voice's own pace.
        stretch: Speed-up by time-stretching, 1.0 for none.
        review: Why a person should listen to it; empty where nobody need.
    """

    utterance_id: str
    start_ms: int
    duration_ms: int
    natural_ms: int
    stretch: float
    review: Reasons = ()

    @property
    def end_ms(self) -> int:
        """When it has ended."""
        return self.start_ms + self.duration_ms

    @property
    def rate(self) -> float:
        """How much faster than the voice's own pace it is heard."""
        return self.natural_ms / self.duration_ms


def slots(
    utterances: Sequence[Utterance], total_ms: int, rules: TimingRules = RULES
) -> tuple[Slot, ...]:
    """The room of every utterance: to shortly before the next line it may not meet begins, the
    last to shortly before the end, and never less than it took itself.
    """
    result = []
    for index, line in enumerate(utterances):
        later = islice(utterances, index + 1, None)
        rival = next((u for u in later if not _together(line, u)), None)
        if rival:
            limit, spare = min(rival.start_ms, total_ms), rules.gap_ms
        else:
            limit, spare = total_ms, rules.tail_ms
        end = max(limit - spare, min(line.end_ms, limit), line.start_ms + 1)
        result.append(Slot(line.id, line.start_ms, line.end_ms, end, line.speaker))
    return tuple(result)


def _together(a: Utterance | Slot, b: Utterance | Slot) -> bool:
    """Whether two people spoke at once: what the dub then mirrors."""
    a_end = a.end_ms if isinstance(a, Utterance) else a.source_end_ms
    return a.speaker != b.speaker and b.start_ms < a_end


def plan(
    slots: Sequence[Slot],
    natural_ms: Sequence[int],
    total_ms: int,
    rules: TimingRules = RULES,
) -> tuple[PlannedLine, ...]:
    """When each line begins and how fast it is spoken, for lines of these natural lengths.

    Args:
        slots: The lines' places in the original, in the order they begin.
        natural_ms: How long each lasts at the voice's own pace, at least 1.
        total_ms: The length of the recording.
        rules: What a line may do to fit.
    """
    schedule = _Schedule(slots, [max(1, length) for length in natural_ms], total_ms, rules)
    for index in range(len(slots)):
        schedule.settle(index)
    schedule.relax()
    schedule.smooth()
    schedule.relax()
    return schedule.lines()


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

    def __post_init__(self) -> None:
        self.rates = [
            min(self.rules.ending_rate, max(1.0, length / max(1, slot.source_ms)))
            for length, slot in zip(self.natural_ms, self.slots, strict=True)
        ]
        self.starts = [slot.start_ms for slot in self.slots]
        self.early_ms = [0] * len(self.slots)
        self.before = self._predecessors()

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
                    (i for i in reversed(lines) if not _together(self.slots[i], slot)), None
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
        wish = max(0, self.slots[index].start_ms - self.early_ms[index])
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
        ends = [self.slots[i].source_end_ms for i, _ in self.before[index]]
        return not ends or slot.start_ms - max(ends) >= self.rules.anchor_gap_ms

    def relax(self) -> None:
        """Lines that would be flagged are as slow as the lines after them let them be: a chain
        that was hurried as one may hold some that need it less.
        """
        after: list[list[tuple[int, int]]] = [[] for _ in self.slots]
        for index, found in enumerate(self.before):
            for earlier, gap in found:
                after[earlier].append((index, gap))
        for index, rate in enumerate(self.rates):
            if rate > self.rules.highest_rate:
                ends = [self.starts[later] - gap for later, gap in after[index]]
                free_ms = min([self._latest_end(index), *ends]) - self.starts[index]
                needed = self.natural_ms[index] / max(1, free_ms)
                self.rates[index] = min(rate, max(1.0, needed))

    def smooth(self) -> None:
        """No line is much faster than its neighbour: the slower one of two hurries a little, as
        long as that is pleasant.
        """
        for order in (range(len(self.rates)), range(len(self.rates) - 1, -1, -1)):
            for one, other in pairwise(order):
                if self.slots[one].speaker == self.slots[other].speaker:
                    fast = min(self.rates[one] / self.rules.rate_step, self.rules.comfortable_rate)
                    self.rates[other] = max(self.rates[other], fast)
        for index in range(len(self.slots)):
            self.starts[index] = self.start(index)

    def lines(self) -> tuple[PlannedLine, ...]:
        return tuple(
            PlannedLine(self.starts[i], self.duration(i), self.natural_ms[i] / self.duration(i))
            for i in range(len(self.slots))
        )


def place(
    slot: Slot,
    planned: PlannedLine,
    natural_ms: int,
    rules: TimingRules = RULES,
) -> Placement:
    """Put a line where it was planned, stretched as far as it is too long.

    Args:
        slot: Its place in the original.
        planned: Where it goes.
        natural_ms: Its length at the voice's own pace, as it was spoken.
        rules: The rate past which it is flagged.
    """
    natural_ms = max(1, natural_ms)
    duration_ms = min(natural_ms, planned.duration_ms)
    too_fast = planned.rate > rules.highest_rate + 0.005
    return Placement(
        utterance_id=slot.utterance_id,
        start_ms=planned.start_ms,
        duration_ms=duration_ms,
        natural_ms=natural_ms,
        stretch=natural_ms / duration_ms,
        review=(ReviewReason.TOO_FAST,) if too_fast else (),
    )
