"""What Deepgram takes and gives, as far as it is used; everything else is refused."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from .exchange import Several

_CLOSED = ConfigDict(extra="forbid")


class ListenQuery(BaseModel):
    """The query of `POST /v1/listen`."""

    model_config = _CLOSED

    model: Literal["nova-3", "nova-3-general"]
    language: str | None = None
    detect_language: bool = False
    punctuate: bool = False
    smart_format: bool = False
    utterances: bool = False
    utt_split: float = Field(default=0.8, gt=0)
    diarize: bool = False
    diarize_model: Literal["latest", "v1", "v2"] | None = None
    keyterm: Several = []
    tag: Several = []
    numerals: bool = False
    measurements: bool = False
    filler_words: bool = False
    profanity_filter: bool = False
    mip_opt_out: bool = False

    @property
    def diarized(self) -> bool:
        """Whether speakers are told apart."""
        return self.diarize or self.diarize_model is not None


class SpeakQuery(BaseModel):
    """The query of `POST /v1/speak`."""

    model_config = _CLOSED

    model: str
    encoding: Literal["linear16", "flac", "mulaw", "alaw", "mp3", "opus"] = "mp3"
    container: Literal["none", "wav", "ogg"] | None = None
    sample_rate: int | None = None
    tag: Several = []
    mip_opt_out: bool = False


class SpeakBody(BaseModel):
    """The body of `POST /v1/speak`."""

    model_config = _CLOSED

    text: str


class Word(BaseModel):
    """A word of a transcript."""

    model_config = ConfigDict(extra="forbid", strict=True)

    word: str
    start: float = Field(ge=0)
    end: float = Field(ge=0)
    confidence: float = Field(ge=0, le=1)
    punctuated_word: str | None = None
    speaker: int | None = None
    speaker_confidence: float | None = None


class Alternative(BaseModel):
    """One reading of a channel."""

    model_config = _CLOSED

    transcript: str
    confidence: float
    words: list[Word]


class Channel(BaseModel):
    """What is on a channel."""

    model_config = _CLOSED

    alternatives: list[Alternative] = Field(min_length=1)
    detected_language: str | None = None
    language_confidence: float | None = None


class Utterance(BaseModel):
    """What is said in one breath."""

    model_config = _CLOSED

    id: UUID
    start: float
    end: float
    confidence: float
    channel: int
    transcript: str
    words: list[Word] = Field(min_length=1)
    speaker: int | None = None


class Results(BaseModel):
    """What was heard."""

    model_config = _CLOSED

    channels: list[Channel] = Field(min_length=1)
    utterances: list[Utterance] | None = None


class ModelInfo(BaseModel):
    """Which model heard it."""

    model_config = _CLOSED

    name: str
    version: str
    arch: str


class Metadata(BaseModel):
    """About the call."""

    model_config = _CLOSED

    transaction_key: str
    request_id: UUID
    sha256: str = Field(min_length=64, max_length=64)
    created: str
    duration: float = Field(ge=0)
    channels: int
    models: list[str]
    model_info: dict[str, ModelInfo]
    tags: list[str] | None = None


class ListenReply(BaseModel):
    """The reply of `POST /v1/listen`."""

    model_config = _CLOSED

    metadata: Metadata
    results: Results
