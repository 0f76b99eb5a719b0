"""Why a person should listen to a part of a dub before it is published."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class ReviewReason(StrEnum):
    """What may be wrong with a line, or with a stretch that has none."""

    TOO_FAST = "too_fast"
    """The line is spoken faster than the highest rate."""
    NOT_TRANSLATED = "not_translated"
    """The line could not be translated: it is spoken as it was said."""
    PAST_END = "past_end"
    """Words of the line lay past the end of the recording and are not heard."""
    UNCOVERED = "uncovered"
    """Somebody speaks and no word was made out, so that no line is there."""


Reasons = tuple[ReviewReason, ...]
"""Why a line needs review, each reason once; none where it does not."""


def merged(*several: Reasons) -> Reasons:
    """All these reasons, each once, in the order in which they are first met."""
    return tuple(dict.fromkeys(reason for reasons in several for reason in reasons))


def counted(lines: Iterable[Reasons]) -> dict[ReviewReason, int]:
    """How many lines need review for each reason; reasons that no line has are left out."""
    found = Counter(reason for reasons in lines for reason in reasons)
    return {reason: found[reason] for reason in ReviewReason if found[reason]}
