"""Engines that need no model: they hear what they are told, translate by rule and speak in tones.

Each counts its calls and can be told to fail: `faults[n]` is raised by call n, counted from 0.
"""

import itertools
import threading
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.files import read_mono
from ytdubber.audio.speech import write
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.languages import NAMES
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.transcript import Word
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.domain.voice import Gender, Voice
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest, TTSCapabilities
from ytdubber.ports.speech_to_text import Transcription
from ytdubber.ports.translator import Line, TranslatedLine, Translation

RATE_HZ = 24_000
CHAR_MS = 60
"""How long the fake voice takes for a character."""

LOUD = 0.05
"""The level from which the fake hears speech."""


class Calls:
    """Counts calls, from any thread, and raises the fault a test has put under a number."""

    def __init__(self, faults: Mapping[int, VendorError] | None = None) -> None:
        self.count = 0
        self._faults = dict(faults or {})
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def next(self) -> None:
        """Count one call."""
        with self._lock:
            number = next(self._numbers)
            self.count = number + 1
        if number in self._faults:
            raise self._faults[number]


def _receipt(engine: EngineId, operation: str, unit: str, quantity: float) -> Receipt:
    return Receipt(engine, operation, (Quantity(unit, Decimal(str(quantity))),), elapsed_ms=0)


class FakeSpeechToText:
    """Hears what it was told to hear, in any recording that is not silent.

    Args:
        words: The words with their times, or a text that is spread evenly over what is loud.
        language: What it takes the language for when it is not told.
        faults: What calls raise.
    """

    def __init__(
        self,
        words: Sequence[Word] | str,
        language: str = "en",
        faults: Mapping[int, VendorError] | None = None,
    ) -> None:
        self._words = words
        self._language = language
        self.calls = Calls(faults)

    @property
    def engine(self) -> EngineId:
        return EngineId("fake", "ears", "1")

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(NAMES)

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: CallContext
    ) -> Transcription:
        call.raise_if_cancelled()
        if isinstance(self._words, str) or not any(word.language for word in self._words):
            call.spoken(language or self._language)
        self.calls.next()
        if language is not None and language not in self.languages:
            raise VendorError("fake", ErrorKind.UNSUPPORTED, f"it does not understand {language}")
        speech = FakeVoiceActivity().speech(audio)
        words = _spread(self._words, speech) if isinstance(self._words, str) else self._words
        call.progress(1.0)
        receipt = _receipt(self.engine, "transcribe", "audio_seconds", audio.duration_ms / 1000)
        return Transcription(language or self._language, tuple(words) if speech else (), receipt)

    def warm_up(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """Nothing is held."""


def _spread(text: str, speech: Sequence[Interval]) -> list[Word]:
    """Words of even length, as many in each interval as its share of all speech."""
    texts = text.split()
    total = sum(interval.duration_ms for interval in speech)
    words: list[Word] = []
    passed = 0
    for interval in speech:
        passed += interval.duration_ms
        here = texts[len(words) : round(len(texts) * passed / total)]
        edges = np.linspace(interval.start_ms, interval.end_ms, len(here) + 1).astype(int).tolist()
        words += [
            Word(word, start, end, 0.9)
            for word, (start, end) in zip(here, itertools.pairwise(edges), strict=True)
        ]
    return words


class FakeVoiceActivity:
    """Hears speech wherever there is sound, to 10 ms, over pauses of up to 250 ms."""

    def speech(self, audio: AudioFile) -> tuple[Interval, ...]:
        sound, rate_hz = read_mono(audio), audio.sample_rate_hz
        step = rate_hz // 100
        loud = [np.abs(sound[i : i + step]).max() > LOUD for i in range(0, len(sound), step)]
        found: list[Interval] = []
        for place, is_loud in enumerate(loud):
            start, end = place * 10, min(place * 10 + 10, audio.duration_ms)
            if is_loud and found and start - found[-1].end_ms <= 250:
                found[-1] = Interval(found[-1].start_ms, end)
            elif is_loud:
                found.append(Interval(start, end))
        return tuple(found)


class FakeTranslator:
    """Translates `text` to `pt:text` and back; `growth` makes it longer by repeating its words.

    Args:
        pairs: The pairs it knows; all when None.
        growth: How much longer a translation is than its source.
        faults: What calls raise.
        broken: What every call for a target raises.
    """

    def __init__(
        self,
        pairs: Sequence[tuple[str, str]] | None = None,
        growth: float = 1.0,
        faults: Mapping[int, VendorError] | None = None,
        broken: Mapping[str, VendorError] | None = None,
    ) -> None:
        self._broken = dict(broken or {})
        self._pairs = pairs
        self._growth = growth
        self.calls = Calls(faults)

    def engine(self, source: str, target: str) -> EngineId:
        return EngineId("fake", f"words-{source}-{target}", "1")

    def translates(self, source: str, target: str) -> bool:
        return source != target and (self._pairs is None or (source, target) in self._pairs)

    def translate(
        self,
        lines: Sequence[Line],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        call.raise_if_cancelled()
        self.calls.next()
        if not self.translates(source, target):
            raise VendorError(
                "fake", ErrorKind.UNSUPPORTED, f"it does not know {source} to {target}"
            )
        if target in self._broken:
            raise self._broken[target]
        made = tuple(
            TranslatedLine(line.id, self._line(line.text, source, target)) for line in lines
        )
        call.progress(1.0)
        chars = sum(len(line.text) for line in lines)
        receipt = _receipt(self.engine(source, target), "translate", "characters", chars)
        return Translation(made, receipt)

    def _line(self, text: str, source: str, target: str) -> str:
        if not text.strip():
            return ""
        if text.startswith(f"{source}:"):
            return text.removeprefix(f"{source}:")
        words = text.split()
        wanted = max(1, round(len(words) * self._growth))
        return f"{target}:" + " ".join(itertools.islice(itertools.cycle(words), wanted))

    def warm_up(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """Nothing is held."""


class FakeSynthesizer:
    """Speaks in a tone, `CHAR_MS` a character; women's voices an octave higher.

    Args:
        languages: What it speaks.
        faults: What calls raise.
        delay_s: How long a call takes, for tests of what happens meanwhile.
        broken: What every call in a language raises.
    """

    def __init__(
        self,
        languages: Sequence[str] = ("en", "pt", "es"),
        faults: Mapping[int, VendorError] | None = None,
        delay_s: float = 0.0,
        broken: Mapping[str, Exception] | None = None,
    ) -> None:
        self._broken = dict(broken or {})
        self._languages = languages
        self._delay_s = delay_s
        self.calls = Calls(faults)

    @property
    def engine(self) -> EngineId:
        return EngineId("fake", "tones", "1")

    @property
    def capabilities(self) -> TTSCapabilities:
        return TTSCapabilities(RATE_HZ, max_chars=1_000, concurrency=2)

    def voices(self, language: str) -> Sequence[Voice]:
        if language not in self._languages:
            return ()
        kinds = (Gender.FEMALE, Gender.MALE)
        return [Voice(f"{language}-{kind}", language, kind, kind.title()) for kind in kinds]

    def synthesize(self, request: SynthesisRequest, into: Path, call: CallContext) -> Speech:
        call.raise_if_cancelled()
        self.calls.next()
        if request.language in self._broken:
            raise self._broken[request.language]
        voice = self._voice(request)
        if not any(map(str.isalnum, request.text)):
            raise VendorError("fake", ErrorKind.BAD_OUTPUT, "there is nothing to say")
        time.sleep(self._delay_s)
        samples = round(len(request.text) * CHAR_MS * RATE_HZ / 1000)
        tone = _tone(samples, 220.0 if voice.gender is Gender.FEMALE else 110.0)
        write(tone, RATE_HZ, into)
        receipt = _receipt(self.engine, "speak", "characters", len(request.text))
        return Speech(AudioFile(into, RATE_HZ, 1, samples), receipt)

    def _voice(self, request: SynthesisRequest) -> Voice:
        if len(request.text) > self.capabilities.max_chars:
            raise VendorError("fake", ErrorKind.BAD_INPUT, "the text is too long")
        for voice in self.voices(request.language):
            if voice.id == request.voice_id:
                return voice
        raise VendorError("fake", ErrorKind.UNSUPPORTED, f"it has no voice {request.voice_id}")

    def warm_up(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """Nothing is held."""


def _tone(samples: int, pitch_hz: float) -> NDArray[np.float32]:
    """A tone that fades in and out over 10 ms."""
    seconds = np.arange(samples) / RATE_HZ
    fade = np.minimum(1.0, np.minimum(seconds, seconds[::-1]) / 0.01)
    return (0.3 * fade * np.sin(2 * np.pi * pitch_hz * seconds)).astype(np.float32)
