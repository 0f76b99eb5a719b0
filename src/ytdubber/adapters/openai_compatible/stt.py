"""Speech to text by `POST /v1/audio/transcriptions`."""

import hashlib
import time
from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from math import exp

from pydantic import BaseModel, ValidationError

from ytdubber.app.dubs.code_version import code_version
from ytdubber.app.vendors.faults import unreadable
from ytdubber.app.vendors.transcribe_request import flac, heard_within, in_order
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, UnknownLanguage, VendorError
from ytdubber.domain.languages import NAMES, normalize
from ytdubber.domain.media import AudioFile
from ytdubber.domain.transcript import Word
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_to_text import Transcription

from .client import PROVIDER, SpeechServer, request_id
from .punctuation import punctuated

MOST_BYTES = 2_000_000_000
MOST_HINT_CHARS = 600
"""Whisper reads 224 tokens of a prompt; this stays under it in most languages."""


class _Word(BaseModel):
    word: str
    start: float
    end: float
    probability: float | None = None


class _Segment(BaseModel):
    start: float
    avg_logprob: float | None = None


class _Answer(BaseModel):
    text: str
    language: str | None = None
    words: list[_Word] | None = None
    segments: list[_Segment] | None = None


class SpeechServerRecognizer:
    """A server's model, with times of words; speakers are not told apart.

    Args:
        server: Which server.
        model: Which of its models hears.
    """

    def __init__(self, server: SpeechServer, model: str) -> None:
        self._server = server
        self._model = model

    @property
    def engine(self) -> EngineId:
        """The model, and the version of what we ask it for."""
        return EngineId(PROVIDER, self._model, code_version(__name__))

    @property
    def languages(self) -> frozenset[str]:
        """All of ours: what its model knows, the server does not tell."""
        return frozenset(NAMES)

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: CallContext
    ) -> Transcription:
        """The words, with as many of the glossary's terms for a hint as a model reads."""
        call.raise_if_cancelled()
        if language is not None and language not in NAMES:
            raise VendorError(PROVIDER, ErrorKind.UNSUPPORTED, f"it does not understand {language}")
        started = time.perf_counter()
        if not audio.samples:
            return Transcription(language or "en", (), self._receipt(audio, started, None))
        data = flac(audio, PROVIDER, MOST_BYTES, call)
        wanted: dict[str, str | list[str]] = {
            "model": self._model,
            "response_format": "verbose_json",
            "timestamp_granularities[]": ["word", "segment"],
        }
        if language is not None:
            wanted["language"] = language
        if glossary:
            wanted["prompt"] = _hint(glossary)
        # It may hear no faster than somebody speaks.
        patience_s = self._server.answer_s + audio.duration_ms / 1000
        limits = heard_within(patience_s, audio, len(data))
        form = {
            "data": wanted,
            "files": {"file": ("voice.flac", data, "audio/flac")},
            "headers": {"Content-Type": f"multipart/form-data; boundary={_boundary(data)}"},
        }
        with self._server.answer("/audio/transcriptions", limits, **form) as sent:
            body = sent.read()
        call.raise_if_cancelled()
        named = request_id(sent)
        try:
            answer = _Answer.model_validate_json(body)
        except ValidationError:
            raise unreadable(PROVIDER, "the answer cannot be read", request_id=named) from None
        receipt = self._receipt(audio, started, named)
        heard = Transcription(
            language or _language(answer.language, receipt), _words(answer, audio, receipt), receipt
        )
        call.progress(1.0)
        return heard

    def warm_up(self) -> None:
        """Make the client; the connection comes with the first call."""
        self._server.client()

    def close(self) -> None:
        """Close the server's connections."""
        self._server.close()

    def _receipt(self, audio: AudioFile, started: float, named: str | None) -> Receipt:
        seconds = Quantity("audio_seconds", Decimal(audio.samples) / audio.sample_rate_hz)
        return Receipt(
            self.engine,
            "transcribe",
            (seconds,) if audio.samples else (),
            elapsed_ms=round((time.perf_counter() - started) * 1000),
            request_id=named,
            measured=(seconds,),
        )


def seconds_counted(size: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """What such a server counts for a recording: its seconds, whatever it listens for."""
    return tuple(each for each in size if each.unit == "audio_seconds")


def _boundary(data: bytes) -> str:
    """What parts a form; the same for the same recording, so that equal requests are equal."""
    return f"ytdubber-{hashlib.sha256(data).hexdigest()[:32]}"


def _hint(glossary: Sequence[str]) -> str:
    return ", ".join(term.strip() for term in glossary if term.strip())[:MOST_HINT_CHARS]


def _language(detected: str | None, receipt: Receipt) -> str:
    """Our code for the language it names, as a code or in English; English where it names none."""
    try:
        return normalize(detected or "en")
    except UnknownLanguage:
        detail = f"it heard a language we do not know, {detected}"
        raise VendorError(PROVIDER, ErrorKind.UNSUPPORTED, detail, receipt=receipt) from None


def _words(answer: _Answer, audio: AudioFile, receipt: Receipt) -> tuple[Word, ...]:
    words = answer.words or []
    if not words and any(map(str.isalnum, answer.text)):
        detail = "it tells the text without the times of its words"
        raise unreadable(PROVIDER, detail, receipt, receipt.request_id)
    texts = punctuated([each.word.strip() for each in words], answer.text)
    sure = _Sureness(answer.segments or [])
    return in_order(
        (
            (text, each.start, each.end, sure.of(each), None)
            for text, each in zip(texts, words, strict=True)
        ),
        audio.duration_ms,
    )


class _Sureness:
    """How sure the model is of a word: as it says, or else as it is of the segment it is in."""

    def __init__(self, segments: Sequence[_Segment]) -> None:
        self._segments = sorted(segments, key=lambda each: each.start)
        self._starts = [each.start for each in self._segments]

    def of(self, word: _Word) -> float:
        if word.probability is not None:
            return word.probability
        place = bisect_right(self._starts, word.start) - 1
        logprob = self._segments[place].avg_logprob if place >= 0 else None
        return exp(logprob) if logprob is not None else 0.0
