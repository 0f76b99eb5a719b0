"""What a person should listen to, in sentences."""

from collections.abc import Sequence
from typing import Protocol

from ytdubber.domain.review import ReviewReason

_SAYS = {
    ReviewReason.TOO_FAST: "spoken very fast, to fit",
    ReviewReason.NOT_TRANSLATED: "could not be translated and is spoken as it was said",
    ReviewReason.PAST_END: "somebody speaks past the end of the recording: nothing is dubbed here",
    ReviewReason.UNCOVERED: "somebody speaks and no word was made out: nothing is dubbed here",
}


class Flagged(Protocol):
    """A part of a dub to listen to, as the scoreboard and the manifest have it."""

    @property
    def start_ms(self) -> int:
        """When it begins in the dub."""
        ...

    @property
    def end_ms(self) -> int:
        """When it has ended."""
        ...

    @property
    def reasons(self) -> Sequence[ReviewReason]:
        """Why."""
        ...


def sentences(places: Sequence[Flagged], most: int | None = None) -> list[str]:
    """A sentence for each place; past the first `most`, one that says how many more there are."""
    shown = [f"{clock(e.start_ms)} to {clock(e.end_ms)}: {said(e.reasons)}" for e in places[:most]]
    left = len(places) - len(shown)
    return [*shown, f"and {left} more"] if left else shown


def said(reasons: Sequence[ReviewReason]) -> str:
    """These reasons for people."""
    return "; ".join(_SAYS[reason] for reason in reasons)


def clock(ms: int) -> str:
    """A moment to a tenth of a second: `1:02.3`, `1:00:02.3`."""
    tenths = ms // 100
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest / 10:04.1f}"
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"
