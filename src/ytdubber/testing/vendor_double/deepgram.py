"""Deepgram's routes: listen and speak."""

import hashlib
import itertools
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ytdubber.domain.languages import NAMES
from ytdubber.domain.transcript import Word

from .content import CannotDo, Content, Heard, Sound
from .deepgram_schema import ListenQuery, ListenReply, SpeakBody, SpeakQuery
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
from .sound import decoded, encoded, silence
from .usage_log import Billed

MAX_CHARS = 2_000
_CODES = {
    400: "Bad Request",
    401: "INVALID_AUTH",
    402: "ASR_PAYMENT_REQUIRED",
    403: "INSUFFICIENT_PERMISSIONS",
    404: "NOT_FOUND",
    413: "PAYLOAD_TOO_LARGE",
    422: "UNPROCESSABLE_ENTITY",
    429: "TOO_MANY_REQUESTS",
    503: "SERVICE_UNAVAILABLE",
    504: "GATEWAY_TIMEOUT",
}
_CODECS = {"linear16": "wav", "mulaw": "ulaw"}
_FIXED_HZ = {"mp3": 22_050, "opus": 48_000, "flac": 24_000, "mulaw": 8_000, "alaw": 8_000}
_LINEAR_HZ = (8_000, 16_000, 24_000, 32_000, 48_000)
_VOICE = re.compile(r"aura-2-[a-z]+-(en|es|de|nl|fr|it|ja)")
_MARKS = ".,;:!?…\"'«»“”()¿¡"


class Deepgram:
    """Speaks as Deepgram does, with what the content hears and says."""

    def __init__(self, content: Content, load: Load) -> None:
        del load  # it tells nobody how much it has to do
        self._content = content

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Its routes."""
        return (
            Endpoint("listen", "POST", "/v1/listen", self, self.listen),
            Endpoint("speak", "POST", "/v1/speak", self, self.speak),
            Endpoint("projects", "GET", "/v1/projects", self, self.projects),
        )

    def variables(self, base_url: str, key: str) -> Mapping[str, str]:
        """What points our settings at it."""
        return {"DEEPGRAM_API_KEY": key, "YTDUBBER_DEEPGRAM_URL": base_url}

    def knows(self, headers: Mapping[str, str], key: str) -> bool:
        """`Authorization: Token <key>`."""
        return headers.get("authorization", "") == f"Token {key}"

    def no(self, request_id: str, status: int, message: str = "", code: str | None = None) -> Reply:
        """`{err_code, err_msg, request_id}`."""
        body = {
            "err_code": code or _CODES.get(status, "INTERNAL_SERVER_ERROR"),
            "err_msg": message_for(status, message),
            "request_id": request_id,
        }
        return json_reply(body, status, {"dg-request-id": request_id})

    def quota(self, request_id: str) -> Reply:
        """402."""
        message = "Project does not have enough credits for the request."
        return self.no(request_id, 402, message)

    def busy(self, request_id: str) -> Reply:
        """429, without Retry-After."""
        return self.no(request_id, 429)

    def projects(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`GET /v1/projects`: the account's one."""
        found = [{"project_id": str(uuid.uuid5(uuid.NAMESPACE_OID, "double")), "name": "double"}]
        return json_reply({"projects": found}, headers={"dg-request-id": asked.request_id})

    def listen(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`POST /v1/listen` with the sound in the body."""
        query = asked.query_as(ListenQuery)
        if "json" in asked.headers.get("content-type", ""):
            raise Refused(400, "the double fetches no URL: send the sound itself")
        sound = decoded(asked.body)
        if sound is None:
            raise Refused(400, "failed to process audio: corrupt or unsupported data")
        heard = self._heard(sound, query)
        if fault is Kind.EMPTY_AUDIO:
            heard = Heard(heard.language, ())
        payload = _transcript(asked, query, sound, heard)
        seconds = Decimal(str(payload["metadata"]["duration"]))
        return json_reply(
            checked(ListenReply, payload),
            headers={"dg-request-id": asked.request_id},
            billed=tuple(_listened(query, seconds)),
            tag=",".join(query.tag) or None,
        )

    def _heard(self, sound: Sound, query: ListenQuery) -> Heard:
        try:
            return self._content.transcribe(sound, _asked_language(query), query.keyterm)
        except CannotDo as error:
            message = f"No such model/language/tier combination found ({error})."
            raise Refused(400, message) from error

    def speak(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`POST /v1/speak` with the text in the body."""
        query = asked.query_as(SpeakQuery)
        text = asked.json_as(SpeakBody).text
        if len(text) > MAX_CHARS:
            raise Refused(413, f"Input text exceeds maximum character limit of {MAX_CHARS}.")
        language = _voice_language(query)
        rate_hz = _rate_hz(query)
        sound = self._said(text, language, query)
        if fault is Kind.EMPTY_AUDIO:
            sound = silence(rate_hz)
        codec = _CODECS.get(query.encoding, query.encoding)
        if query.container == "none" and codec == "wav":
            codec = "pcm"
        body, media_type = encoded(sound, codec, rate_hz)
        headers = {
            "dg-request-id": asked.request_id,
            "dg-model-name": query.model,
            "dg-model-uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, query.model)),
            "dg-char-count": str(len(text)),
        }
        billed = Billed("deepgram", "aura-2", "speak", "characters", Decimal(len(text)))
        tag = ",".join(query.tag) or None
        return Reply(200, body, media_type, headers, (billed,), tag)

    def _said(self, text: str, language: str, query: SpeakQuery) -> Sound:
        if not text.strip():
            raise Refused(400, "Input text must not be empty.")
        try:
            return self._content.synthesize(text, language, query.model)
        except CannotDo as error:
            raise Refused(400, str(error)) from error


def _asked_language(query: ListenQuery) -> str | None:
    """The language to listen for; None to find out. Deepgram takes English where none is named."""
    if query.detect_language or query.language == "multi":
        return None
    language = (query.language or "en").split("-")[0].lower()
    if language not in NAMES:
        raise Refused(400, "No such model/language/tier combination found.")
    return language


def _listened(query: ListenQuery, seconds: Decimal) -> Iterable[Billed]:
    """What listening costs: so much for the sound, more for speakers, more for key terms."""
    model = "nova-3-multi" if query.language == "multi" else "nova-3"
    yield Billed("deepgram", model, "transcribe", "audio_seconds", seconds)
    if query.diarized:
        yield Billed("deepgram", model, "transcribe", "diarized_seconds", seconds)
    if query.keyterm:
        yield Billed("deepgram", model, "transcribe", "keyterm_seconds", seconds)


def _transcript(
    asked: VendorRequest, query: ListenQuery, sound: Sound, heard: Heard
) -> dict[str, Any]:
    words = [_word(word, query) for word in heard.words]
    confidence = min((word.confidence for word in heard.words), default=0.0)
    channel: dict[str, Any] = {
        "alternatives": [
            {"transcript": _text(words, query), "confidence": confidence, "words": words}
        ]
    }
    if query.detect_language:
        channel |= {"detected_language": heard.language, "language_confidence": 0.99}
    results: dict[str, Any] = {"channels": [channel]}
    if query.utterances:
        parts = _utterances(words, query.utt_split)
        results["utterances"] = [_utterance(part, query) for part in parts]
    model_id = str(uuid.uuid5(uuid.NAMESPACE_URL, "nova-3"))
    info = {"name": "general-nova-3", "version": "2026-05-05.0", "arch": "nova-3"}
    metadata: dict[str, Any] = {
        "transaction_key": "deprecated",
        "request_id": asked.request_id,
        "sha256": hashlib.sha256(asked.body).hexdigest(),
        "created": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "duration": round(len(sound.samples) / sound.rate_hz, 6),
        "channels": 1,
        "models": [model_id],
        "model_info": {model_id: info},
    }
    if query.tag:
        metadata["tags"] = list(query.tag)
    return {"metadata": metadata, "results": results}


def _word(word: Word, query: ListenQuery) -> dict[str, Any]:
    made: dict[str, Any] = {
        "word": word.text.strip(_MARKS).lower() or word.text,
        "start": word.start_ms / 1000,
        "end": word.end_ms / 1000,
        "confidence": round(word.confidence, 6),
    }
    if query.punctuate or query.smart_format:
        made["punctuated_word"] = word.text
    if query.diarized:
        made |= {"speaker": int(word.speaker or 0), "speaker_confidence": 0.9}
    return made


def _text(words: Iterable[dict[str, Any]], query: ListenQuery) -> str:
    shown = "punctuated_word" if query.punctuate or query.smart_format else "word"
    return " ".join(word[shown] for word in words)


def _utterances(words: list[dict[str, Any]], pause_s: float) -> list[list[dict[str, Any]]]:
    """Cut at pauses and where the speaker changes."""
    cuts = [0]
    for place, (before, after) in enumerate(itertools.pairwise(words), 1):
        paused = after["start"] - before["end"] >= pause_s
        if paused or before.get("speaker") != after.get("speaker"):
            cuts.append(place)
    return [words[a:b] for a, b in itertools.pairwise([*cuts, len(words)]) if a < b]


def _utterance(words: list[dict[str, Any]], query: ListenQuery) -> dict[str, Any]:
    made = {
        "id": str(uuid.uuid4()),
        "start": words[0]["start"],
        "end": words[-1]["end"],
        "confidence": min(word["confidence"] for word in words),
        "channel": 0,
        "transcript": _text(words, query),
        "words": words,
    }
    if query.diarized:
        made["speaker"] = words[0]["speaker"]
    return made


def _voice_language(query: SpeakQuery) -> str:
    """The language of the voice."""
    voice = _VOICE.fullmatch(query.model)
    if voice is None:
        raise Refused(400, "No such model/version combination found.")
    return voice.group(1)


def _rate_hz(query: SpeakQuery) -> int:
    allowed = _LINEAR_HZ if query.encoding == "linear16" else (_FIXED_HZ[query.encoding],)
    rate_hz = query.sample_rate or (24_000 if query.encoding == "linear16" else allowed[0])
    if rate_hz not in allowed:
        raise Refused(400, f"Unsupported sample rate {rate_hz} for {query.encoding}.")
    if (query.container or "wav") not in ("wav", "none") and query.encoding != "opus":
        raise Refused(400, f"Unsupported container {query.container} for {query.encoding}.")
    return rate_hz
