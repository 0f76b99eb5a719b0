"""How long a translation may be to be spoken in the time its original took."""

from collections.abc import Sequence
from dataclasses import dataclass

from .languages import language_of
from .timing import Slot

FLOOR, CEILING = 0.85, 1.10
"""How far a translation may be from the ideal length."""
_KEPT = 0.7  # how much of what was learned before stays when something new is learned
_LEAST_CHANGE, _MOST_CHANGE = 0.5, 1.5


@dataclass(frozen=True, slots=True)
class Budget:
    """The characters a line should have."""

    target_chars: int
    min_chars: int
    max_chars: int


def first_guess(language: str) -> float:
    """Characters a second of a voice nobody has measured yet."""
    return language_of(language).spoken_chars_per_second


def learned(before: float, chars: int, spoken_ms: int) -> float:
    """The speaking rate after hearing so many characters in so long, in characters a second.

    A moving average that no single job can move by more than half.
    """
    if chars <= 0 or spoken_ms <= 0:
        return before
    now = chars * 1000 / spoken_ms
    bounded = min(before * _MOST_CHANGE, max(before * _LEAST_CHANGE, now))
    return _KEPT * before + (1 - _KEPT) * bounded


def budget(slot: Slot, chars_per_second: float) -> Budget:
    """The characters that fill the time the original took; never more than its room holds."""
    ideal = slot.source_ms / 1000 * chars_per_second
    most = min(ideal * CEILING, slot.room_ms / 1000 * chars_per_second)
    target = max(1, round(min(ideal, most)))
    return Budget(target, max(1, min(target, round(ideal * FLOOR))), max(target, round(most)))


def choose(candidates: Sequence[str], slot: Slot, chars_per_second: float) -> str:
    """The candidate nearest to the original's length among those that have room; where none has,
    the shortest. Candidates keep their order where they are as good.
    """
    wanted = budget(slot, chars_per_second)
    fitting = [text for text in candidates if len(text) <= wanted.max_chars]
    if not fitting:
        return min(candidates, key=len)
    return min(fitting, key=lambda text: abs(len(text) - wanted.target_chars))
