"""Why a person should listen to a part of a dub before it is published."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .media import Interval


class ReviewReason(StrEnum):
    """What may be wrong with a line, or with a stretch that has none."""

    TOO_FAST = "too_fast"
    """The line is spoken faster than the highest rate."""
    NOT_TRANSLATED = "not_translated"
    """The line could not be translated: it is spoken as it was said."""
    PAST_END = "past_end"
    """Somebody speaks past the end of the recording, which is not heard in the dub."""
    UNCOVERED = "uncovered"
    """Somebody speaks and no word was made out, so that no line is there."""


Reasons = tuple[ReviewReason, ...]
"""Why a line needs review, each reason once; none where it does not."""


def merged(*several: Reasons) -> Reasons:
    """All these reasons, each once, in the order in which they are first met."""
    return tuple(dict.fromkeys(reason for reasons in several for reason in reasons))


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a dub that a person should listen to.

    Attributes:
        start_ms: When it begins in the dub.
        end_ms: When it has ended.
        line: The id of the line; None for a stretch without one.
        reasons: Why.
    """

    start_ms: int
    end_ms: int
    line: str | None
    reasons: Reasons


def places(
    lines: Iterable[Place], uncovered: Iterable[Interval], total_ms: int
) -> tuple[Place, ...]:
    """What to listen to, in order: the lines that have a reason, and the stretches without one.

    Args:
        lines: Every line of a dub.
        uncovered: Stretches in which somebody speaks and that have no line.
        total_ms: The length of the dub.
    """
    found = [line for line in lines if line.reasons]
    for each in uncovered:
        reason = ReviewReason.PAST_END if each.end_ms > total_ms else ReviewReason.UNCOVERED
        found.append(Place(each.start_ms, each.end_ms, None, (reason,)))
    return tuple(sorted(found, key=lambda place: (place.start_ms, place.end_ms)))


def counted(found: Iterable[Place]) -> dict[ReviewReason, int]:
    """How many places need review for each reason; reasons that none has are left out."""
    counts = Counter(reason for place in found for reason in place.reasons)
    return {reason: counts[reason] for reason in ReviewReason if counts[reason]}
