"""ElevenLabs' routes: text to speech and voices."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from .content import CannotDo, Content, Sound
from .exchange import (
    Endpoint,
    Load,
    Refused,
    Reply,
    VendorRequest,
    checked,
    json_reply,
    message_for,
)
from .faults import Kind
from .sound import encoded, silence
from .usage_log import Billed

_CLOSED = ConfigDict(extra="forbid")
_VOICE_ID = re.compile(r"[A-Za-z0-9]{20}")
_FORMAT = re.compile(r"(pcm|wav|mp3|opus|ulaw|alaw)_(\d+)(?:_(\d+))?")
_RATES_HZ = {
    "pcm": {8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000},
    "wav": {8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000},
    "mp3": {22_050, 24_000, 44_100},
    "opus": {48_000},
    "ulaw": {8_000},
    "alaw": {8_000},
}
_THEIR_CODES = {"fil": "tl"}
_REASONS = {
    400: "bad_request",
    401: "invalid_api_key",
    403: "missing_permissions",
    404: "not_found",
    422: "unprocessable_entity",
    429: "system_busy",
}
VOICES = (
    ("EXAVITQu4vr4xnSDxMaL", "Sarah", "female"),
    ("JBFqnCBsd6RMkjVDRZzb", "George", "male"),
    ("XrExE9yKIg1WjnnlVkGX", "Matilda", "female"),
    ("nPczCjzI2devNBz1zQrb", "Brian", "male"),
)


@dataclass(frozen=True, slots=True)
class _Model:
    max_chars: int
    takes_language: bool
    takes_context: bool


MODELS = {
    "eleven_flash_v2_5": _Model(40_000, True, True),
    "eleven_multilingual_v2": _Model(10_000, False, True),
    "eleven_v3": _Model(5_000, True, False),
    "eleven_v4": _Model(10_000, True, False),
    "eleven_v4_turbo": _Model(10_000, True, False),
}


class VoiceSettings(BaseModel):
    """How a voice speaks."""

    model_config = _CLOSED

    stability: float | None = Field(default=None, ge=0, le=1)
    similarity_boost: float | None = Field(default=None, ge=0, le=1)
    style: float | None = Field(default=None, ge=0, le=1)
    use_speaker_boost: bool | None = None


class SpeechQuery(BaseModel):
    """The query of text to speech."""

    model_config = _CLOSED

    output_format: str = "mp3_44100_128"
    enable_logging: bool = True


class SpeechBody(BaseModel):
    """The body of text to speech."""

    model_config = _CLOSED

    text: str = Field(min_length=1)
    model_id: str = "eleven_multilingual_v2"
    language_code: str | None = None
    voice_settings: VoiceSettings | None = None
    seed: int | None = Field(default=None, ge=0, le=4_294_967_295)
    previous_text: str | None = None
    next_text: str | None = None


class VoicesQuery(BaseModel):
    """The query of the list of voices, as far as it is heeded."""

    model_config = _CLOSED

    page_size: int = Field(default=10, ge=1, le=100)
    search: str = ""
    voice_type: str | None = None
    category: str | None = None
    include_total_count: bool = True


class Alignment(BaseModel):
    """When each character sounds."""

    model_config = _CLOSED

    characters: list[str]
    character_start_times_seconds: list[float]
    character_end_times_seconds: list[float]


class TimedSpeech(BaseModel):
    """The reply of text to speech with timestamps."""

    model_config = _CLOSED

    audio_base64: str
    alignment: Alignment
    normalized_alignment: Alignment


class ElevenLabs:
    """Speaks as ElevenLabs does, with what the content says."""

    def __init__(self, content: Content, load: Load) -> None:
        self._content = content
        self._load = load

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Its routes."""
        path = "/v1/text-to-speech/{voice_id}"
        return (
            Endpoint("tts", "POST", path, self, self.convert),
            Endpoint("tts", "POST", path + "/stream", self, self.convert),
            Endpoint("tts", "POST", path + "/with-timestamps", self, self.convert_with_timestamps),
            Endpoint("voices", "GET", "/v2/voices", self, self.voices),
        )

    def variables(self, base_url: str, key: str) -> Mapping[str, str]:
        """What points our settings at it."""
        return {"ELEVENLABS_API_KEY": key, "YTDUBBER_ELEVENLABS_URL": base_url}

    def knows(self, headers: Mapping[str, str], key: str) -> bool:
        """`xi-api-key: <key>`."""
        return headers.get("xi-api-key") == key

    def no(self, request_id: str, status: int, message: str = "", code: str | None = None) -> Reply:
        """`{detail: {status, message}}`."""
        reason = code or _REASONS.get(status, "internal_error")
        detail = {"status": reason, "message": message_for(status, message)}
        return json_reply({"detail": detail}, status, {"request-id": request_id})

    def quota(self, request_id: str) -> Reply:
        """401, which is not what it sounds like: the key is right."""
        message = "This request exceeds your quota."
        return self.no(request_id, 401, message, "quota_exceeded")

    def busy(self, request_id: str) -> Reply:
        """429: wait for one of the others to end."""
        message = "Too many concurrent requests for this subscription."
        return self.no(request_id, 429, message, "too_many_concurrent_requests")

    def convert(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`POST /v1/text-to-speech/{voice_id}`: the sound."""
        query, body = asked.query_as(SpeechQuery), asked.json_as(SpeechBody, 422)
        codec, rate_hz = _format(query)
        data, media_type = encoded(self._spoken(asked, body, rate_hz, fault), codec, rate_hz)
        return Reply(200, data, media_type, self._headers(asked, body), _billed(body))

    def convert_with_timestamps(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """The same, in JSON, with the time of every character: all equally long."""
        query, body = asked.query_as(SpeechQuery), asked.json_as(SpeechBody, 422)
        codec, rate_hz = _format(query)
        sound = self._spoken(asked, body, rate_hz, fault)
        data, _ = encoded(sound, codec, rate_hz)
        each_s = sound.duration_ms / 1000 / len(body.text)
        alignment = {
            "characters": list(body.text),
            "character_start_times_seconds": [
                round(each_s * place, 3) for place in range(len(body.text))
            ],
            "character_end_times_seconds": [
                round(each_s * (place + 1), 3) for place in range(len(body.text))
            ],
        }
        payload = {
            "audio_base64": base64.b64encode(data).decode(),
            "alignment": alignment,
            "normalized_alignment": alignment,
        }
        headers = self._headers(asked, body)
        return json_reply(checked(TimedSpeech, payload), headers=headers, billed=_billed(body))

    def voices(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`GET /v2/voices`: some of the voices every account has."""
        query = asked.query_as(VoicesQuery)
        found: list[dict[str, Any]] = [
            {"voice_id": id_, "name": name, "category": "premade", "labels": {"gender": gender}}
            for id_, name, gender in VOICES
            if query.search.lower() in name.lower()
        ]
        page = found[: query.page_size]
        payload = {
            "voices": page,
            "has_more": len(page) < len(found),
            "total_count": len(found),
            "next_page_token": None,
        }
        return json_reply(payload, headers={"request-id": asked.request_id})

    def _spoken(
        self, asked: VendorRequest, body: SpeechBody, rate_hz: int, fault: Kind | None
    ) -> Sound:
        voice_id = asked.path["voice_id"]
        if not _VOICE_ID.fullmatch(voice_id):
            message = f"A voice with the ID {voice_id} was not found."
            raise Refused(404, message, "voice_not_found")
        _check(body)
        code = (body.language_code or "en").split("-")[0]
        language = _THEIR_CODES.get(code, code)
        try:
            sound = self._content.synthesize(body.text, language, voice_id)
        except CannotDo as error:
            raise Refused(400, str(error), "unsupported_language") from error
        return silence(rate_hz) if fault is Kind.EMPTY_AUDIO else sound

    def _headers(self, asked: VendorRequest, body: SpeechBody) -> dict[str, str]:
        now, most = self._load("tts")
        return {
            "request-id": asked.request_id,
            "character-cost": str(len(body.text)),
            "current-concurrent-requests": str(now),
            "maximum-concurrent-requests": str(most),
        }


def _check(body: SpeechBody) -> None:
    """Refuse what the model does not take."""
    model = MODELS.get(body.model_id)
    if model is None:
        message = f"A model with the ID {body.model_id} does not exist."
        raise Refused(400, message, "model_not_found")
    if len(body.text) > model.max_chars:
        message = f"The text is longer than the {model.max_chars} characters the model takes."
        raise Refused(400, message, "max_character_limit_exceeded")
    if body.language_code and not model.takes_language:
        message = f"Model {body.model_id} does not support language_code."
        raise Refused(400, message, "unsupported_language")
    if (body.previous_text or body.next_text) and not model.takes_context:
        message = f"Model {body.model_id} does not support previous_text and next_text."
        raise Refused(400, message, "unsupported_model")


def _format(query: SpeechQuery) -> tuple[str, int]:
    """The codec and the rate asked for."""
    match = _FORMAT.fullmatch(query.output_format)
    if match is None or int(match.group(2)) not in _RATES_HZ[match.group(1)]:
        raise Refused(422, f"output_format: {query.output_format} is not one of ours")
    return match.group(1), int(match.group(2))


def _billed(body: SpeechBody) -> tuple[Billed, ...]:
    chars = Decimal(len(body.text))
    return (Billed("elevenlabs", body.model_id, "speak", "characters", chars),)
