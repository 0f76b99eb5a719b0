"""The routes of a server of one's own that speaks as OpenAI's audio routes do."""

import re
import struct
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ytdubber.domain.languages import NAMES

from .content import CannotDo, Content
from .exchange import (
    Endpoint,
    Load,
    Refused,
    Reply,
    Several,
    VendorRequest,
    grouped,
    json_reply,
    message_for,
    validated,
)
from .faults import Kind
from .sound import decoded, encoded, silence
from .usage_log import Billed

RATE_HZ = 24_000
_VOICE = re.compile(r"([a-z]{2})-[a-z]+")
_BOUNDARY = re.compile(r"^multipart/form-data; *boundary=([^;\s]+)")
_FIELD = re.compile(r'[; ]name="([^"]+)"')
MARKS = ".,;:!?…\"'«»“”()¿¡"
_FORMS = {"wav": "audio/wav", "pcm": "audio/pcm"}
_UNKNOWN_LENGTH = struct.pack("<I", 0xFFFF_FFFF)
_CODES = {401: "invalid_api_key", 404: "not_found", 429: "rate_limit_exceeded"}


class SpeechBody(BaseModel):
    """The body of speech. Servers of this kind know further fields; OpenAI's own refuses them."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(min_length=1)
    input: str = Field(min_length=1, max_length=4_096)
    voice: str = Field(min_length=1)
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] = "mp3"
    speed: float = Field(default=1.0, ge=0.25, le=4.0)


class TranscriptionForm(BaseModel):
    """The fields of a form for transcription, without its file."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(min_length=1)
    language: str | None = Field(default=None, pattern="[a-z]{2}")
    prompt: str | None = None
    response_format: Literal["verbose_json"]
    temperature: float = Field(default=0.0, ge=0, le=1)
    timestamp_granularities: Several = Field(default=[], alias="timestamp_granularities[]")


class OpenAICompatible:
    """Hears, and speaks with voices that are called `pt-alice` and the like, by their language."""

    def __init__(self, content: Content, load: Load) -> None:
        del load  # it tells nobody how much it has to do
        self._content = content

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Its routes."""
        transcribe = "/v1/audio/transcriptions"
        return (
            Endpoint("audio.speech", "POST", "/v1/audio/speech", self, self.speech),
            Endpoint("audio.transcriptions", "POST", transcribe, self, self.transcription),
        )

    def variables(self, base_url: str, key: str) -> Mapping[str, str]:
        """None: it would speak in the place of the vendors that are to be tried."""
        return {}

    def knows(self, headers: Mapping[str, str], key: str) -> bool:
        """`Authorization: Bearer <key>`, or no key at all."""
        return headers.get("authorization", f"Bearer {key}") == f"Bearer {key}"

    def no(self, request_id: str, status: int, message: str = "", code: str | None = None) -> Reply:
        """`{error: {message, type, param, code}}`."""
        error = {
            "message": message_for(status, message),
            "type": "invalid_request_error" if status < 500 else "server_error",
            "param": None,
            "code": code or _CODES.get(status),
        }
        return json_reply({"error": error}, status, {"x-request-id": request_id})

    def quota(self, request_id: str) -> Reply:
        """429, which is not what it sounds like: waiting does not help."""
        return self.no(request_id, 429, "You exceeded your quota.", "insufficient_quota")

    def busy(self, request_id: str) -> Reply:
        """429, without Retry-After."""
        return self.no(request_id, 429)

    def speech(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`POST /v1/audio/speech`: the sound; a WAV file's head does not know how long it is."""
        body = asked.json_as(SpeechBody)
        voice = _VOICE.fullmatch(body.voice)
        if voice is None or voice[1] not in NAMES:
            raise Refused(404, f"There is no voice {body.voice}.", "voice_not_found")
        if body.response_format not in _FORMS:
            raise Refused(400, f"{body.response_format} is not spoken here.")
        try:
            sound = self._content.synthesize(body.input, voice[1], body.voice)
        except CannotDo as error:
            raise Refused(400, str(error)) from error
        sound = silence(RATE_HZ) if fault is Kind.EMPTY_AUDIO else sound
        data, _ = encoded(sound, body.response_format, RATE_HZ)
        if body.response_format == "wav":
            data = _streamed(data)
        billed = Billed(
            "openai-compatible", body.model, "speak", "characters", Decimal(len(body.input))
        )
        headers = {"x-request-id": asked.request_id}
        return Reply(200, data, _FORMS[body.response_format], headers, (billed,))

    def transcription(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`POST /v1/audio/transcriptions`: the text, and the times of its bare words."""
        fields, files = form_parts(asked)
        form = validated(TranscriptionForm, grouped(fields), 400)
        sound = decoded(files.get("file", b""))
        if sound is None:
            raise Refused(400, "Invalid file format.")
        if "word" not in form.timestamp_granularities:
            raise Refused(400, "without timestamp_granularities[]=word no dub can be made")
        terms = [] if form.prompt is None else form.prompt.split(", ")
        try:
            heard = self._content.transcribe(sound, form.language, terms)
        except CannotDo as error:
            raise Refused(400, str(error)) from error
        words = [] if fault is Kind.EMPTY_AUDIO else heard.words
        payload = {
            "task": "transcribe",
            "language": NAMES[heard.language].lower(),
            "duration": sound.duration_ms / 1000,
            "text": " ".join(word.text for word in words),
            "words": [
                {
                    "word": word.text.strip(MARKS),
                    "start": word.start_ms / 1000,
                    "end": word.end_ms / 1000,
                }
                for word in words
            ],
            "segments": [{"id": 0, "start": 0.0, "avg_logprob": -0.1}],
        }
        seconds = Decimal(len(sound.samples)) / sound.rate_hz
        billed = Billed("openai-compatible", form.model, "transcribe", "audio_seconds", seconds)
        return json_reply(payload, headers={"x-request-id": asked.request_id}, billed=(billed,))


def form_parts(asked: VendorRequest) -> tuple[list[tuple[str, str]], dict[str, bytes]]:
    """The fields of a form with files, and the files by their fields.

    Raises:
        Refused: it is no such form.
    """
    boundary = _BOUNDARY.search(asked.headers.get("content-type", ""))
    if boundary is None:
        raise Refused(400, "the content type must be multipart/form-data")
    fields, files = list[tuple[str, str]](), dict[str, bytes]()
    for part in asked.body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, body = part.partition(b"\r\n\r\n")
        name, file = _FIELD.search(head.decode()), b"filename=" in head
        if name is None:
            raise Refused(400, "a part of the form has no name")
        if file:
            files[name[1]] = body.removesuffix(b"\r\n")
        else:
            fields.append((name[1], body.removesuffix(b"\r\n").decode()))
    return fields, files


def _streamed(data: bytes) -> bytes:
    """A WAV file as it is sent before its length is known."""
    place = data.index(b"data") + 4
    return data[:4] + _UNKNOWN_LENGTH + data[8:place] + _UNKNOWN_LENGTH + data[place + 4 :]
