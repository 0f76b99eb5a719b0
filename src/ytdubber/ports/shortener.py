"""Translations that took too long to speak in, shorter ones out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ytdubber.domain.engine import EngineId

from .call_context import CallContext
from .translator import Translation


@dataclass(frozen=True, slots=True)
class Overrun:
    """A translation that is too long when spoken.

    Attributes:
        id: The line's; comes back with the shorter text.
        source: What was said.
        text: The translation as it was spoken.
        spoken_ms: How long that took, measured.
        room_ms: How long it may take.
    """

    id: str
    source: str
    text: str
    spoken_ms: int
    room_ms: int


class Shortener(Protocol):
    """A translator that can say the same in less time."""

    def engine(self, source: str, target: str) -> EngineId:
        """Who does it for this pair; cheap, loads nothing."""
        ...

    def shorten(
        self,
        overruns: Sequence[Overrun],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        """A shorter text for each, ids and order kept; the same text where none is to be had.

        Numbers, names and negations must survive; whoever asks checks it.

        Raises:
            VendorError: the engine could not do it.
        """
        ...

    def warm_up(self) -> None:
        """Load now what the first call would load. Safe beside calls from other threads."""
        ...

    def close(self) -> None:
        """Give back memory and connections; calling again loads again."""
        ...
