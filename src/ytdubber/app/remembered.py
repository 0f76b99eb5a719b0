"""Engines that remember: a result is stored before anybody sees it and never made twice.

The key is the SHA-256 of the engine's identity, the parameters and the input, so that a changed
line is made again alone, and a changed engine makes everything again.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from ytdubber.domain.engine import EngineId
from ytdubber.domain.media import AudioFile
from ytdubber.domain.voice import Voice
from ytdubber.ports.call import Call
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.shortener import Overrun, Shortener
from ytdubber.ports.speech_synthesizer import SpeakRequest, Speech, SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText, Transcription
from ytdubber.ports.translator import Line, Translation, Translator

_TRANSCRIPTION = TypeAdapter(Transcription)
_TRANSLATION = TypeAdapter(Translation)
_SPEECH = TypeAdapter(Speech)


def _key(engine: EngineId, operation: str, **parameters: object) -> str:
    text = json.dumps([asdict(engine), operation, parameters], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class RememberedSpeechToText:
    """A `SpeechToText` that hears a recording once."""

    inner: SpeechToText
    results: ResultStore

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
        key = _key(
            self.engine,
            "transcribe",
            audio=_file_sha256(audio.path),
            language=language,
            glossary=list(glossary),
        )
        if (stored := self.results.load(key)) is not None:
            return _TRANSCRIPTION.validate_json(stored)
        made = self.inner.transcribe(audio, language, glossary, call)
        self.results.save(key, _TRANSCRIPTION.dump_json(made))
        return made

    def warm_up(self) -> None:
        """Warm up the inner engine."""
        self.inner.warm_up()

    def close(self) -> None:
        """Close the inner engine."""
        self.inner.close()


@dataclass(frozen=True, slots=True)
class RememberedTranslator:
    """A `Translator` that translates the same lines once.

    Lengths wished for are not part of the key: they are learned anew with every job, and what was
    translated is not paid for again because of them.
    """

    inner: Translator
    results: ResultStore

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
        key = _key(
            self.engine(source, target),
            "translate",
            lines=[[line.id, line.text, line.speaker] for line in lines],
            pair=[source, target],
            glossary=list(glossary),
        )
        if (stored := self.results.load(key)) is not None:
            return _TRANSLATION.validate_json(stored)
        made = self.inner.translate(lines, source, target, glossary, call)
        self.results.save(key, _TRANSLATION.dump_json(made))
        return made

    def close(self) -> None:
        """Close the inner engine."""
        self.inner.close()


@dataclass(frozen=True, slots=True)
class RememberedShortener:
    """A `Shortener` that shortens the same lines once; `engine` is who does it."""

    inner: Shortener
    engine: EngineId
    results: ResultStore

    def shorten(
        self,
        overruns: Sequence[Overrun],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: Call,
    ) -> Translation:
        """As the inner engine, or as it did before."""
        key = _key(
            self.engine,
            "shorten",
            overruns=[asdict(overrun) for overrun in overruns],
            pair=[source, target],
            glossary=list(glossary),
        )
        if (stored := self.results.load(key)) is not None:
            return _TRANSLATION.validate_json(stored)
        made = self.inner.shorten(overruns, source, target, glossary, call)
        self.results.save(key, _TRANSLATION.dump_json(made))
        return made


@dataclass(frozen=True, slots=True)
class RememberedSynthesizer:
    """A `SpeechSynthesizer` that speaks a line once."""

    inner: SpeechSynthesizer
    results: ResultStore

    @property
    def engine(self) -> EngineId:
        """The inner engine."""
        return self.inner.engine

    @property
    def max_chars(self) -> int:
        """The inner engine's."""
        return self.inner.max_chars

    @property
    def speed_range(self) -> tuple[float, float]:
        """The inner engine's."""
        return self.inner.speed_range

    @property
    def native_rate_hz(self) -> int:
        """The inner engine's."""
        return self.inner.native_rate_hz

    @property
    def concurrency(self) -> int:
        """The inner engine's."""
        return self.inner.concurrency

    def voices(self, language: str) -> Sequence[Voice]:
        """The inner engine's."""
        return self.inner.voices(language)

    def speak(self, request: SpeakRequest, into: Path, call: Call) -> Speech:
        """As the inner engine, or as it did before."""
        key = _key(self.engine, "speak", **asdict(request))
        stored, sound = self.results.load(key), self.results.load(f"{key}.wav")
        if stored is not None and sound is not None:
            into.write_bytes(sound)
            speech = _SPEECH.validate_json(stored)
            return replace(speech, audio=replace(speech.audio, path=into))
        made = self.inner.speak(request, into, call)
        self.results.save(f"{key}.wav", into.read_bytes())
        self.results.save(key, _SPEECH.dump_json(made))
        return made

    def warm_up(self) -> None:
        """Warm up the inner engine."""
        self.inner.warm_up()

    def close(self) -> None:
        """Close the inner engine."""
        self.inner.close()
