"""Voices, and how they are asked to speak."""

from collections.abc import Sequence
from dataclasses import dataclass

from ytdubber.domain.engine import EngineId
from ytdubber.domain.voice import Voice
from ytdubber.ports.engine import Engine
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer, TTSCapabilities

from .direct import Direct


@dataclass(frozen=True, slots=True)
class Synthesizer:
    """A synthesizer whose lines go through middlewares.

    Attributes:
        port: What it is and which voices it has.
        inner: Speaks.
    """

    port: SpeechSynthesizer
    inner: Engine

    @classmethod
    def direct(cls, port: SpeechSynthesizer) -> "Synthesizer":
        """With nothing between."""
        return cls(port, Direct(port))

    @property
    def engine(self) -> EngineId:
        """Who it is."""
        return self.port.engine

    @property
    def capabilities(self) -> TTSCapabilities:
        """What it takes and gives."""
        return self.port.capabilities

    def voices(self, language: str) -> Sequence[Voice]:
        """The voices of a language, the default first."""
        return self.port.voices(language)

    def warm_up(self) -> None:
        """Load what the first line would load."""
        self.inner.warm_up()

    def close(self) -> None:
        """Give back memory and connections."""
        self.inner.close()
