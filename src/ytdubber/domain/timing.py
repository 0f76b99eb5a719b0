"""How spoken lines are made to fit where the original spoke.

A line begins on its original onset and ends before the next one begins. One that outlasts its
original takes, in this order: 3 % of speed, the silence after it, a little more speed, a start up
to 100 ms early, a start up to 400 ms late, more speed, a start up to 400 ms early. One that would
end before its original is slowed by up to 5 %, to end with it. It is never cut, and never sounds
together with another line, unless two people spoke at once in the original. No lateness passes a
long pause. What still does not fit is spoken as fast as it must be and flagged for a person.

Sources: people notice tempo changes of about 5 % (Quene 2007), and dubbers add silence rather than
slow speech down by more (Pettorino 2003); speech over 1.2 times its own pace is what users of
dubbing tools complain about first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from .media import Interval
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
        slowest_rate: Speed of a line that would end before its original, at the least.
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
    slowest_rate: float = 0.95
    ending_rate: float = 1.03
    unheard_rate: float = 1.05
    comfortable_rate: float = 1.15
    highest_rate: float = 1.25
    rate_step: float = 1.10


RULES = TimingRules()


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a line was spoken in the original, and the room it has: until room_end_ms. What is kept
    of the original stays where it is, as it is.
    """

    utterance_id: str
    start_ms: int
    source_end_ms: int
    room_end_ms: int
    speaker: str | None = None
    kept: bool = False

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
        stretch: Speed-up by time-stretching, 1.0 for none; less slows it down.
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
    utterances: Sequence[Utterance],
    total_ms: int,
    kept: Sequence[Interval] = (),
    rules: TimingRules = RULES,
) -> tuple[Slot, ...]:
    """The room of every utterance: to shortly before the next line it may not meet begins, or what
    is kept of the original, the last to shortly before the end, and never less than it took itself.
    """
    result = []
    for index, line in enumerate(utterances):
        later = islice(utterances, index + 1, None)
        rival = next((u for u in later if not together(line, u)), None)
        if rival:
            limit, spare = min(rival.start_ms, total_ms), rules.gap_ms
        else:
            limit, spare = total_ms, rules.tail_ms
        following = [each.start_ms for each in kept if each.start_ms >= line.end_ms]
        if following and min(following) < limit:
            limit, spare = min(following), rules.gap_ms
        end = max(limit - spare, min(line.end_ms, limit), line.start_ms + 1)
        result.append(Slot(line.id, line.start_ms, line.end_ms, end, line.speaker))
    return tuple(result)


def together(a: Utterance | Slot, b: Utterance | Slot) -> bool:
    """Whether two people spoke at once: what the dub then mirrors."""
    a_end = a.end_ms if isinstance(a, Utterance) else a.source_end_ms
    return a.speaker != b.speaker and b.start_ms < a_end


def place(
    slot: Slot,
    planned: PlannedLine,
    natural_ms: int,
    rules: TimingRules = RULES,
) -> Placement:
    """Put a line where it was planned, stretched to the length that it was to have there.

    Args:
        slot: Its place in the original.
        planned: Where it goes.
        natural_ms: Its length at the voice's own pace, as it was spoken.
        rules: The rate past which it is flagged, and the lowest.
    """
    natural_ms = max(1, natural_ms)
    duration_ms = min(max(1, int(natural_ms / rules.slowest_rate)), planned.duration_ms)
    too_fast = planned.rate > rules.highest_rate + 0.005
    return Placement(
        utterance_id=slot.utterance_id,
        start_ms=planned.start_ms,
        duration_ms=duration_ms,
        natural_ms=natural_ms,
        stretch=natural_ms / duration_ms,
        review=(ReviewReason.TOO_FAST,) if too_fast else (),
    )
