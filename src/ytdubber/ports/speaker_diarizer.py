"""Speech in, who speaks when out."""

from dataclasses import dataclass
from typing import Protocol

from ytdubber.domain.engine import EngineId
from ytdubber.domain.media import AudioFile
from ytdubber.domain.speakers import SpeakerTurn
from ytdubber.domain.usage import Receipt

from .call_context import CallContext


@dataclass(frozen=True, slots=True)
class Diarization:
    """Who speaks when.

    Attributes:
        turns: When each person speaks, in order; those of different people may overlap. Who is
            heard first is `A`, the next one `B`.
        receipt: What it took.
    """

    turns: tuple[SpeakerTurn, ...]
    receipt: Receipt


class SpeakerDiarizer(Protocol):
    """Tells speakers apart."""

    @property
    def engine(self) -> EngineId:
        """Who it is; cheap, loads nothing."""
        ...

    def diarize(self, audio: AudioFile, speakers: int | None, call: CallContext) -> Diarization:
        """Who speaks when in a 16 kHz mono recording; nobody where nobody speaks.

        Args:
            audio: What to listen to.
            speakers: How many people speak, or None to find out. There are fewer where fewer voices
                are heard.
            call: The work this belongs to.

        Raises:
            BadInput: a model is missing or corrupt.
            VendorError: the engine could not do it.
        """
        ...

    def warm_up(self) -> None:
        """Load now what the first call would load. Safe beside calls from other threads.

        Raises:
            BadInput: a model is missing or corrupt.
            VendorError: it cannot be loaded.
        """
        ...

    def close(self) -> None:
        """Give back memory and connections; calling again loads again."""
        ...
