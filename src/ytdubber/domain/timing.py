"""How spoken lines are made to fit where the original spoke.

Every line begins on its original onset and must end inside its room. A line too long for its room
is spoken faster, by the engine and then by time-stretching; it is never slowed down, never cut and
never sounds together with its neighbour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .transcript import Utterance

GAP_MS = 120
"""Silence kept between two lines."""
TAIL_MS = 50
"""Silence kept before the end of the recording."""
COMFORTABLE_RATE = 1.15
"""Faster than this is heard as fast."""
HIGHEST_RATE = 1.25
"""A line that needs more is spoken at what it needs and flagged for a person."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a line may sound: it begins at start_ms and ends by room_end_ms."""

    utterance_id: str
    start_ms: int
    source_end_ms: int
    room_end_ms: int

    @property
    def room_ms(self) -> int:
        """The longest it may last."""
        return self.room_end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a line sounds in the dub, and how it got that long.

    Attributes:
        utterance_id: Which line.
        start_ms: When it begins.
        duration_ms: How long it sounds.
        natural_ms: How long it lasts at the voice's own pace.
        engine_speed: The speed asked of the engine.
        stretch: Speed-up by time-stretching on top, 1.0 for none.
        needs_review: It had to be spoken faster than `HIGHEST_RATE`.
    """

    utterance_id: str
    start_ms: int
    duration_ms: int
    natural_ms: int
    engine_speed: float
    stretch: float
    needs_review: bool

    @property
    def end_ms(self) -> int:
        """When it has ended."""
        return self.start_ms + self.duration_ms

    @property
    def rate(self) -> float:
        """How much faster than the voice's own pace it is heard."""
        return self.natural_ms / self.duration_ms if self.duration_ms else 1.0


def slots(utterances: Sequence[Utterance], total_ms: int) -> tuple[Slot, ...]:
    """The room of every utterance: to shortly before the next onset, the last to shortly before
    the end. An utterance always has the room it took itself, up to the next onset.
    """
    result = []
    for index, utterance in enumerate(utterances):
        last = index + 1 == len(utterances)
        limit = total_ms if last else min(total_ms, utterances[index + 1].start_ms)
        wanted = limit - (TAIL_MS if last else GAP_MS)
        end = max(wanted, min(utterance.end_ms, limit), utterance.start_ms + 1)
        result.append(Slot(utterance.id, utterance.start_ms, utterance.end_ms, end))
    return tuple(result)


def rate_needed(natural_ms: int, slot: Slot) -> float:
    """How much faster than its own pace a line must be spoken to fit; 1.0 when it fits."""
    return max(1.0, natural_ms / slot.room_ms)


def place(slot: Slot, natural_ms: int, spoken_ms: int, engine_speed: float) -> Placement:
    """Put a spoken line into its slot, stretched as far as it still overflows.

    Args:
        slot: Where it belongs.
        natural_ms: Its length at the voice's own pace.
        spoken_ms: Its length as spoken at `engine_speed`.
        engine_speed: The speed asked of the engine.
    """
    duration_ms = min(spoken_ms, slot.room_ms)
    return Placement(
        utterance_id=slot.utterance_id,
        start_ms=slot.start_ms,
        duration_ms=duration_ms,
        natural_ms=natural_ms,
        engine_speed=engine_speed,
        stretch=spoken_ms / duration_ms if duration_ms else 1.0,
        needs_review=natural_ms / max(1, duration_ms) > HIGHEST_RATE,
    )


def double_talk_ms(placements: Sequence[Placement]) -> int:
    """How long any two neighbours sound at once."""
    return sum(max(0, a.end_ms - b.start_ms) for a, b in pairwise(placements))
