"""Speech by ElevenLabs."""

import time
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytdubber.app.dubs.code_version import code_version
from ytdubber.app.vendors.call_limits import within
from ytdubber.app.vendors.faults import unreadable
from ytdubber.app.vendors.synthesis_request import need_words, spoken_within, voice_of, written
from ytdubber.domain.engine import EngineId
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.domain.voice import Voice
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest, TTSCapabilities

from .client import PROVIDER, ElevenLabsClient, errors, fault
from .models import MODELS, THEIR_CODES, UNKNOWN
from .voices import PREMADE, PremadeVoice

if TYPE_CHECKING:
    from ytdubber.audio.speech import Samples

RATE_HZ = 24_000
DEFAULT_MODEL = "eleven_flash_v2_5"
CONTEXT_CHARS = 500
"""How much of the neighbouring lines is sent along."""


class ElevenLabsSynthesizer:
    """One of ElevenLabs' models: every voice speaks every language of the model.

    Args:
        client: Of whose account.
        model: Which model.
        voices: The voices to choose from, the default first.
        concurrency: How many lines of one dub are spoken at once.
    """

    def __init__(
        self,
        client: ElevenLabsClient,
        model: str = DEFAULT_MODEL,
        voices: Sequence[PremadeVoice] = PREMADE,
        concurrency: int = 4,
    ) -> None:
        self._client = client
        self._model = model
        self._model_traits = MODELS.get(model, UNKNOWN)
        self._voices = tuple(voices)
        self._concurrency = concurrency

    @property
    def engine(self) -> EngineId:
        """The model, and the version of what we ask it for."""
        return EngineId(PROVIDER, self._model, code_version(__name__))

    @property
    def capabilities(self) -> TTSCapabilities:
        """All models but v3 go by the lines around."""
        model = self._model_traits
        return TTSCapabilities(RATE_HZ, model.max_chars, self._concurrency, model.takes_context)

    def voices(self, language: str) -> Sequence[Voice]:
        """All voices, in any language of the model."""
        if language not in self._model_traits.languages:
            return ()
        return tuple(Voice(each.id, language, each.gender, each.name) for each in self._voices)

    def synthesize(self, request: SynthesisRequest, into: Path, call: CallContext) -> Speech:
        """Speak a line."""
        voice = voice_of(self, request)
        need_words(PROVIDER, request.text)
        call.raise_if_cancelled()
        samples, receipt = self._ask(request, voice, call)
        call.raise_if_cancelled()
        return written(samples, RATE_HZ, into, receipt)

    def warm_up(self) -> None:
        """Make the client; the connection comes with the first call."""
        self._client.sdk()

    def close(self) -> None:
        """Close the account's connections."""
        self._client.close()

    def _ask(
        self, request: SynthesisRequest, voice: Voice, call: CallContext
    ) -> "tuple[Samples, Receipt]":
        started = time.perf_counter()
        counted: Receipt | None = None
        try:
            with (
                within(spoken_within(self._client.answer_s, request.text, RATE_HZ)),
                self._client.sdk().text_to_speech.with_raw_response.convert(
                    voice.id,
                    text=request.text,
                    model_id=self._model,
                    output_format="pcm_24000",
                    **self._wishes(request),
                ) as answer,
            ):
                receipt = self._receipt(answer.headers, request, started)
                counted = receipt if receipt.reported else None
                parts = []
                for chunk in answer.data:
                    call.raise_if_cancelled()
                    parts.append(chunk)
        except errors() as error:
            raise fault(error, counted) from None
        return _sound(b"".join(parts), answer.headers, receipt), receipt

    def _wishes(self, request: SynthesisRequest) -> dict[str, Any]:
        """What the model can be told beside the text. Fields it rejects are left out."""
        options: dict[str, Any] = {}
        if self._model_traits.takes_language:
            options["language_code"] = THEIR_CODES.get(request.language, request.language)
        if self._model_traits.takes_context and request.before:
            options["previous_text"] = request.before[-CONTEXT_CHARS:]
        if self._model_traits.takes_context and request.after:
            options["next_text"] = request.after[:CONTEXT_CHARS]
        return options

    def _receipt(
        self, headers: Mapping[str, str], request: SynthesisRequest, started: float
    ) -> Receipt:
        """What was used: as the answer says, or by the length of the text."""
        measured = Quantity("characters", Decimal(len(request.text)))
        counted = _counted(headers)
        return Receipt(
            self.engine,
            "speak",
            (Quantity("characters", counted) if counted is not None else measured,),
            elapsed_ms=round((time.perf_counter() - started) * 1000),
            request_id=headers.get("request-id"),
            reported=counted is not None,
            measured=(measured,),
        )


def _counted(headers: Mapping[str, str]) -> Decimal | None:
    try:
        cost = Decimal(headers.get("character-cost", ""))
    except InvalidOperation:
        return None
    return cost if cost.is_finite() and cost >= 0 else None


def _sound(data: bytes, headers: Mapping[str, str], receipt: Receipt) -> "Samples":
    from ytdubber.audio.speech import pcm16

    request_id = headers.get("request-id")
    kind = headers.get("content-type", "")
    if not kind.startswith(("audio/", "application/octet-stream")):
        counted = receipt if receipt.reported else None
        raise unreadable(PROVIDER, "the answer is not sound", counted, request_id)
    if len(data) % 2:
        raise unreadable(PROVIDER, "the sound is cut short", receipt, request_id)
    return pcm16(data)
