"""Speech in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ytdubber.domain.engine import EngineId
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.transcript import Word
from ytdubber.domain.usage import Receipt

from .call_context import CallContext


@dataclass(frozen=True, slots=True)
class Transcription:
    """The words heard, in order, and the language they are in (ISO 639-1)."""

    language: str
    words: tuple[Word, ...]
    receipt: Receipt


class SpeechToText(Protocol):
    """A recognizer of speech."""

    @property
    def engine(self) -> EngineId:
        """Who it is; cheap, loads nothing."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """The languages it understands."""
        ...

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: CallContext
    ) -> Transcription:
        """The words of a 16 kHz mono recording; no words when nobody speaks.

        Args:
            audio: What to listen to.
            language: What is spoken, or None to find out.
            glossary: Names and terms to listen for.
            call: The work this belongs to.

        Raises:
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


class VoiceActivity(Protocol):
    """A detector of speech."""

    def speech(self, audio: AudioFile) -> tuple[Interval, ...]:
        """When somebody speaks in a 16 kHz mono recording, in order, to about 30 ms."""
        ...
