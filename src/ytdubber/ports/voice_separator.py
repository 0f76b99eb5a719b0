"""A mixed recording in, its voice out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ytdubber.domain.engine import EngineId
from ytdubber.domain.media import AudioFile
from ytdubber.domain.usage import Receipt

from .call_context import CallContext


@dataclass(frozen=True, slots=True)
class Separation:
    """The voice of a recording, as long as it and on its timeline, at any rate, with as many
    channels. What it leaves of the recording is the background.
    """

    voice: AudioFile
    receipt: Receipt


class VoiceSeparator(Protocol):
    """Separates voices from music and noise."""

    @property
    def engine(self) -> EngineId:
        """Who it is; cheap, loads nothing."""
        ...

    def separate(self, mix: AudioFile, into: Path, call: CallContext) -> Separation:
        """Write the voice of a recording of one or two channels.

        Args:
            mix: The recording.
            into: Where the voice goes, as a WAV file.
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
