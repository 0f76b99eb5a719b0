"""Speech to text by Nova-3."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate, takewhile

from pydantic import BaseModel, ConfigDict, ValidationError

from ytdubber.app.dubs.code_version import code_version
from ytdubber.app.vendors.call_limits import within
from ytdubber.app.vendors.faults import unreadable
from ytdubber.app.vendors.transcribe_request import flac, heard_within, in_order
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, UnknownLanguage, VendorError
from ytdubber.domain.languages import normalize
from ytdubber.domain.media import AudioFile
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_to_text import Transcription

from .client import PROVIDER, TAG, DeepgramClient, Meter, errors, fault

LANGUAGES = frozenset(
    "be bg bn bs ca cs da de el en es et fi fr hi hr hu id it ja kn ko lt lv mk mr ms nl no pl pt"
    " ro ru sk sl sr sv ta te th tl tr uk vi zh".split()
)
"""What Nova-3 understands, each by a model of its own.
Source: developers.deepgram.com/docs/models-languages-overview and /changelog to 2026-03-31."""

MOST_BYTES = 2_000_000_000
"""The largest file Deepgram takes: some 30 hours of speech."""

MOST_TERMS, MOST_TERM_CHARS = 100, 1_500
"""Key terms may have 500 tokens in all; this stays under it in any language."""


class _Part(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class _Word(_Part):
    word: str
    start: float
    end: float
    confidence: float = 0.0
    punctuated_word: str | None = None
    speaker: int | None = None


class _Alternative(_Part):
    words: list[_Word] = []


class _Channel(_Part):
    alternatives: list[_Alternative] = []
    detected_language: str | None = None


class _Results(_Part):
    channels: list[_Channel]


class _Metadata(_Part):
    request_id: str
    duration: float


class _Answer(_Part):
    metadata: _Metadata
    results: _Results


class DeepgramSpeechToText:
    """Nova-3 for recorded speech, with speakers told apart and punctuation.

    A file may take ten minutes to process; longer gives `timeout`. Deepgram is told not to train on
    what it hears.

    Args:
        client: Of whose account.
        model: Which model.
    """

    def __init__(self, client: DeepgramClient, model: str = "nova-3") -> None:
        self._client = client
        self._model = model

    @property
    def engine(self) -> EngineId:
        """The model, and the version of what we ask it for."""
        return EngineId(PROVIDER, self._model, code_version(__name__))

    @property
    def languages(self) -> frozenset[str]:
        """What Nova-3 understands."""
        return LANGUAGES

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: CallContext
    ) -> Transcription:
        """The words, as many of the glossary's terms listened for as Deepgram takes."""
        call.raise_if_cancelled()
        if language is not None and language not in LANGUAGES:
            raise VendorError(PROVIDER, ErrorKind.UNSUPPORTED, f"it does not understand {language}")
        meter = Meter(self.engine, "transcribe")
        terms = key_terms(glossary)
        if not audio.samples:
            return Transcription(language or "en", (), meter.receipt(None, {}, None))
        data = flac(audio, PROVIDER, MOST_BYTES, call)
        try:
            with within(heard_within(self._client.answer_s, audio, len(data))):
                answer = (
                    self._client.sdk()
                    .listen.v1.media.with_raw_response.transcribe_file(
                        request=data,
                        model=self._model,
                        language=language,
                        detect_language=True if language is None else None,
                        smart_format=True,
                        punctuate=True,
                        utterances=True,
                        diarize_model="latest",
                        keyterm=terms or None,
                        mip_opt_out=True,
                        tag=TAG,
                    )
                    .data
                )
        except errors() as error:
            raise fault(error) from None
        call.raise_if_cancelled()
        heard = self._read(answer, audio, language, bool(terms), meter)
        call.progress(1.0)
        return heard

    def warm_up(self) -> None:
        """Make the client; the connection comes with the first call."""
        self._client.sdk()

    def close(self) -> None:
        """Close the account's connections."""
        self._client.close()

    def _read(
        self, answer: object, audio: AudioFile, language: str | None, terms: bool, meter: Meter
    ) -> Transcription:
        try:
            read = _Answer.model_validate(answer)
        except ValidationError:
            raise unreadable(PROVIDER, "the answer is not a transcript") from None
        units = ["audio_seconds", "diarized_seconds", *(["keyterm_seconds"] if terms else [])]
        receipt = meter.receipt(
            dict.fromkeys(units, Decimal(str(read.metadata.duration))),
            dict.fromkeys(units, Decimal(audio.samples) / audio.sample_rate_hz),
            read.metadata.request_id,
        )
        channel = read.results.channels[0] if read.results.channels else _Channel()
        words = channel.alternatives[0].words if channel.alternatives else []
        spoken = language or _language(channel.detected_language, receipt)
        heard = (
            (each.punctuated_word or each.word, each.start, each.end, each.confidence, _name(each))
            for each in words
        )
        return Transcription(spoken, in_order(heard, audio.duration_ms), receipt)


def _name(word: _Word) -> str | None:
    """Who says it, where speakers are told apart."""
    return None if word.speaker is None else str(word.speaker)


def _language(detected: str | None, receipt: Receipt) -> str:
    """Our code for the language that was found; English where nobody speaks."""
    try:
        return normalize(detected or "en")
    except UnknownLanguage:
        detail = f"it heard a language we do not know, {detected}"
        raise VendorError(PROVIDER, ErrorKind.UNSUPPORTED, detail, receipt=receipt) from None


def key_terms(glossary: Sequence[str]) -> list[str]:
    """As many terms as Deepgram takes, the first ones first."""
    terms = [term.strip() for term in glossary if term.strip()][:MOST_TERMS]
    lengths = accumulate(len(term) for term in terms)
    return terms[: len(list(takewhile(lambda chars: chars <= MOST_TERM_CHARS, lengths)))]


def seconds_counted(size: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """What Deepgram will count for a recording: its seconds, and again those of telling speakers
    apart.
    """
    diarized = [Quantity("diarized_seconds", q.amount) for q in size if q.unit == "audio_seconds"]
    return (*size, *diarized)
