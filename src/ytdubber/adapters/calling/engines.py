"""Engines whose calls another process makes. What they are is known here, without asking."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ytdubber.audio.sealed import key_of, write_bytes
from ytdubber.domain.engine import EngineId
from ytdubber.domain.media import AudioFile
from ytdubber.domain.voice import Voice
from ytdubber.ports.call import Call
from ytdubber.ports.shortener import Overrun, Shortener
from ytdubber.ports.speech_synthesizer import SpeakerTraits, SpeakRequest, Speech, SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText, Transcription
from ytdubber.ports.translator import Line, Translation, Translator

from .messages import Seal, Target
from .process import VendorProcess


@dataclass(frozen=True, slots=True)
class CalledSpeechToText:
    """A `SpeechToText`; `inner` says what it is."""

    inner: SpeechToText
    process: VendorProcess
    vendor: str

    @property
    def engine(self) -> EngineId:
        """The inner engine."""
        return self.inner.engine

    @property
    def languages(self) -> frozenset[str]:
        """The inner engine's."""
        return self.inner.languages

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: Call
    ) -> Transcription:
        """As the inner engine, or as it did before."""
        key = key_of(audio.path)
        seal = Seal(audio.path.parent, key) if key else None
        arguments = {"audio": audio, "language": language, "glossary": glossary}
        target = Target("transcribe", self.vendor)
        made: Transcription = self.process.ask(target, arguments, call, seal)
        call.progress(1.0)
        return made

    def warm_up(self) -> None:
        """Start the process."""
        self.process.start()

    def close(self) -> None:
        """Nothing is held here."""


@dataclass(frozen=True, slots=True)
class CalledTranslator:
    """A `Translator`; `inner` says what it is."""

    inner: Translator
    process: VendorProcess
    vendor: str
    place: int

    def engine(self, source: str, target: str) -> EngineId:
        """The inner engine's."""
        return self.inner.engine(source, target)

    def translates(self, source: str, target: str) -> bool:
        """As the inner engine says."""
        return self.inner.translates(source, target)

    def translate(
        self, lines: Sequence[Line], source: str, target: str, glossary: Sequence[str], call: Call
    ) -> Translation:
        """As the inner engine, or as it did before."""
        arguments = {"lines": lines, "source": source, "target": target, "glossary": glossary}
        made: Translation = self.process.ask(
            Target("translate", self.vendor, self.place), arguments, call
        )
        call.progress(1.0)
        return made

    def close(self) -> None:
        """Nothing is held here."""


@dataclass(frozen=True, slots=True)
class CalledShortener:
    """A `Shortener`; `inner` says what it is."""

    inner: Shortener
    process: VendorProcess
    vendor: str
    place: int

    def engine(self, source: str, target: str) -> EngineId:
        """The inner engine's."""
        return self.inner.engine(source, target)

    def shorten(
        self,
        overruns: Sequence[Overrun],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: Call,
    ) -> Translation:
        """As the inner engine, or as it did before."""
        arguments = {"overruns": overruns, "source": source, "target": target, "glossary": glossary}
        made: Translation = self.process.ask(
            Target("shorten", self.vendor, self.place), arguments, call
        )
        return made


@dataclass(frozen=True, slots=True)
class CalledSynthesizer:
    """A `SpeechSynthesizer`; `inner` says what it is."""

    inner: SpeechSynthesizer
    process: VendorProcess
    vendor: str

    @property
    def engine(self) -> EngineId:
        """The inner engine."""
        return self.inner.engine

    @property
    def traits(self) -> SpeakerTraits:
        """The inner engine's."""
        return self.inner.traits

    def voices(self, language: str) -> Sequence[Voice]:
        """The inner engine's."""
        return self.inner.voices(language)

    def speak(self, request: SpeakRequest, into: Path, call: Call) -> Speech:
        """As the inner engine, or as it did before."""
        speech: Speech
        sound: bytes
        target = Target("speak", self.vendor)
        speech, sound = self.process.ask(target, {"request": request}, call)
        write_bytes(into, sound)
        return replace(speech, audio=replace(speech.audio, path=into))

    def warm_up(self) -> None:
        """Start the process."""
        self.process.start()

    def close(self) -> None:
        """Nothing is held here."""
