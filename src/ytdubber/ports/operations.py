"""The operations there are."""

import os
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from ytdubber.domain.engine import EngineId
from ytdubber.domain.media import AudioFile
from ytdubber.domain.usage import Quantity, Receipt

from .call_context import CallContext
from .engine import Operation
from .shortener import Overrun, Shortener
from .speaker_diarizer import Diarization, SpeakerDiarizer
from .speech_synthesizer import Speech, SpeechSynthesizer, SynthesisRequest
from .speech_to_text import SpeechToText, Transcription
from .translator import Line, TranslatedLine, Translation, Translator
from .voice_separator import Separation, VoiceSeparator

_NO_AUDIO = AudioFile(Path(os.devnull), 16_000, 1, 0)


def _characters(count: int) -> tuple[Quantity, ...]:
    return (Quantity("characters", Decimal(count)),)


@dataclass(frozen=True, slots=True)
class Transcribe(Operation[Transcription]):
    """The words of a 16 kHz mono recording.

    Attributes:
        audio: What to listen to.
        language: What is spoken, or None to find out.
        glossary: Names and terms to listen for.
    """

    name: ClassVar[str] = "transcribe"
    result: ClassVar[type[Transcription]] = Transcription
    audio: AudioFile
    language: str | None = None
    glossary: Sequence[str] = ()

    @classmethod
    def probe(cls, language: str | None = None) -> "Transcribe":
        """To ask an engine whether it understands a language, and who it is."""
        return cls(_NO_AUDIO, language)

    @property
    def routing_language(self) -> str | None:
        return self.language

    @property
    def reads(self) -> Path | None:
        return self.audio.path

    def cache_parameters(self) -> Mapping[str, object]:
        return {"audio": self.audio, "language": self.language, "glossary": list(self.glossary)}

    def size(self) -> tuple[Quantity, ...]:
        seconds = Decimal(self.audio.samples) / self.audio.sample_rate_hz
        units = ["audio_seconds", *(["keyterm_seconds"] if self.glossary else [])]
        return tuple(Quantity(unit, seconds) for unit in units)

    def engine_of(self, port: SpeechToText) -> EngineId:
        return port.engine

    def supported_by(self, port: SpeechToText) -> bool:
        return self.language is None or self.language in port.languages

    def ask(self, port: SpeechToText, call: CallContext) -> Transcription:
        return port.transcribe(self.audio, self.language, self.glossary, call)


@dataclass(frozen=True, slots=True)
class Diarize(Operation[Diarization]):
    """Who speaks when in a 16 kHz mono recording.

    Attributes:
        audio: What to listen to.
        speakers: How many people speak, or None to find out.
    """

    name: ClassVar[str] = "diarize"
    result: ClassVar[type[Diarization]] = Diarization
    audio: AudioFile = _NO_AUDIO
    speakers: int | None = None

    @property
    def routing_language(self) -> None:
        return None

    @property
    def reads(self) -> Path:
        return self.audio.path

    def cache_parameters(self) -> Mapping[str, object]:
        return {"audio": self.audio, "speakers": self.speakers}

    def size(self) -> tuple[Quantity, ...]:
        seconds = Decimal(self.audio.samples) / self.audio.sample_rate_hz
        return (Quantity("audio_seconds", seconds),)

    def engine_of(self, port: SpeakerDiarizer) -> EngineId:
        return port.engine

    def supported_by(self, port: SpeakerDiarizer) -> bool:
        return True

    def ask(self, port: SpeakerDiarizer, call: CallContext) -> Diarization:
        return port.diarize(self.audio, self.speakers, call)


class _OverLines(Operation[Translation]):
    """Something asked for lines, which can be asked for a few at a time.

    Attributes:
        target: The language of what comes back.
    """

    __slots__ = ()

    result: ClassVar[type[Translation]] = Translation
    target: str

    @property
    @abstractmethod
    def asked(self) -> Sequence[Line] | Sequence[Overrun]:
        """The lines."""

    @property
    def routing_language(self) -> str:
        return self.target

    @property
    def items(self) -> int:
        return len(self.asked)

    def size(self) -> tuple[Quantity, ...]:
        return _characters(sum(len(each.text) for each in self.asked))


@dataclass(frozen=True, slots=True)
class Translate(_OverLines):
    """The same lines in another language.

    Length targets are no cache parameters: they are learned anew with every job, and what was
    translated is not paid for again because of them.

    Attributes:
        lines: What was said.
        source: Their language.
        target: The language to translate into.
        glossary: Terms to write as they are given.
    """

    name: ClassVar[str] = "translate"
    lines: Sequence[Line]
    source: str
    target: str
    glossary: Sequence[str] = ()

    @property
    def asked(self) -> Sequence[Line]:
        return self.lines

    def cache_parameters(self) -> Mapping[str, object]:
        lines = [[each.id, each.text, each.speaker, each.before, each.after] for each in self.lines]
        return {"lines": lines, "pair": [self.source, self.target], "glossary": list(self.glossary)}

    def engine_of(self, port: Translator) -> EngineId:
        return port.engine(self.source, self.target)

    def supported_by(self, port: Translator) -> bool:
        return port.translates(self.source, self.target)

    def ask(self, port: Translator, call: CallContext) -> Translation:
        return port.translate(self.lines, self.source, self.target, self.glossary, call)


@dataclass(frozen=True, slots=True)
class Shorten(_OverLines):
    """Shorter texts for lines that took too long; a dub whose lines stay as long as they were is
    worth more than none.

    Attributes:
        overruns: The lines.
        source: The language of what was said.
        target: The language of the texts.
        glossary: Terms to write as they are given.
    """

    name: ClassVar[str] = "shorten"
    overruns: Sequence[Overrun]
    source: str
    target: str
    glossary: Sequence[str] = ()

    @property
    def asked(self) -> Sequence[Overrun]:
        return self.overruns

    def cache_parameters(self) -> Mapping[str, object]:
        return {
            "overruns": [asdict(each) for each in self.overruns],
            "pair": [self.source, self.target],
            "glossary": list(self.glossary),
        }

    def engine_of(self, port: Shortener) -> EngineId:
        return port.engine(self.source, self.target)

    def supported_by(self, port: Shortener) -> bool:
        return True

    def ask(self, port: Shortener, call: CallContext) -> Translation:
        return port.shorten(self.overruns, self.source, self.target, self.glossary, call)

    def otherwise(self, receipt: Receipt) -> Translation:
        """The texts as they were."""
        same = tuple(TranslatedLine(each.id, each.text) for each in self.overruns)
        return Translation(same, receipt)


@dataclass(frozen=True, slots=True)
class Synthesize(Operation[Speech]):
    """One spoken line, as a WAV file.

    Attributes:
        request: What to say, and how.
        path: Where the file goes.
    """

    name: ClassVar[str] = "speak"
    result: ClassVar[type[Speech]] = Speech
    request: SynthesisRequest
    path: Path

    @property
    def routing_language(self) -> str:
        return self.request.language

    @property
    def into(self) -> Path:
        return self.path

    def written_to(self, path: Path) -> "Synthesize":
        return replace(self, path=path)

    def with_file(self, result: Speech) -> Speech:
        return replace(result, audio=replace(result.audio, path=self.path))

    def cache_parameters(self) -> Mapping[str, object]:
        return asdict(self.request)

    def size(self) -> tuple[Quantity, ...]:
        return _characters(len(self.request.text))

    def engine_of(self, port: SpeechSynthesizer) -> EngineId:
        return port.engine

    def supported_by(self, port: SpeechSynthesizer) -> bool:
        return any(each.id == self.request.voice_id for each in port.voices(self.request.language))

    def ask(self, port: SpeechSynthesizer, call: CallContext) -> Speech:
        return port.synthesize(self.request, self.path, call)


@dataclass(frozen=True, slots=True)
class Separate(Operation[Separation]):
    """The voice of a mixed recording, as a WAV file.

    Attributes:
        mix: The recording, one or two channels.
        path: Where the file goes.
    """

    name: ClassVar[str] = "separate"
    result: ClassVar[type[Separation]] = Separation
    mix: AudioFile
    path: Path

    @classmethod
    def probe(cls) -> "Separate":
        """To ask an engine who it is."""
        return cls(_NO_AUDIO, _NO_AUDIO.path)

    @property
    def routing_language(self) -> None:
        return None

    @property
    def reads(self) -> Path | None:
        return self.mix.path

    @property
    def into(self) -> Path:
        return self.path

    def written_to(self, path: Path) -> "Separate":
        return replace(self, path=path)

    def with_file(self, result: Separation) -> Separation:
        return replace(result, voice=replace(result.voice, path=self.path))

    def cache_parameters(self) -> Mapping[str, object]:
        return {"mix": self.mix}

    def size(self) -> tuple[Quantity, ...]:
        seconds = Decimal(self.mix.samples) / self.mix.sample_rate_hz
        return (Quantity("audio_seconds", seconds),)

    def engine_of(self, port: VoiceSeparator) -> EngineId:
        return port.engine

    def supported_by(self, port: VoiceSeparator) -> bool:
        return True

    def ask(self, port: VoiceSeparator, call: CallContext) -> Separation:
        return port.separate(self.mix, self.path, call)
