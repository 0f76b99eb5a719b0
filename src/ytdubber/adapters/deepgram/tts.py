"""Speech by Aura-2."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from ytdubber.app.dubs.code_version import code_version
from ytdubber.app.vendors.call_limits import within
from ytdubber.app.vendors.faults import unreadable
from ytdubber.app.vendors.synthesis_request import need_words, spoken_within, voice_of, written
from ytdubber.domain.engine import EngineId
from ytdubber.domain.usage import Receipt
from ytdubber.domain.voice import Voice
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest, TTSCapabilities

from .client import PROVIDER, TAG, DeepgramClient, Meter, errors, fault
from .voices import VOICES

if TYPE_CHECKING:
    from ytdubber.audio.speech import Samples

RATE_HZ = 24_000
MOST_CHARS = 2_000
SPEAK_S = 120.0
"""How long a line may take; Deepgram speaks many times as fast as it is heard."""


class DeepgramSynthesizer:
    """Aura-2: voices for seven languages.

    Deepgram is told not to train on what it speaks.

    Args:
        client: Of whose account.
        concurrency: How many lines of one dub are spoken at once.
    """

    def __init__(self, client: DeepgramClient, concurrency: int = 8) -> None:
        self._client = client
        self._concurrency = concurrency

    @property
    def engine(self) -> EngineId:
        """Aura-2, and the version of what we ask it for."""
        return EngineId(PROVIDER, "aura-2", code_version(__name__))

    @property
    def capabilities(self) -> TTSCapabilities:
        """A line is spoken by itself, at 24 kHz."""
        return TTSCapabilities(RATE_HZ, MOST_CHARS, self._concurrency)

    def voices(self, language: str) -> Sequence[Voice]:
        """Deepgram's featured voices first."""
        return tuple(voice for voice in VOICES if voice.language == language)

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
        meter = Meter(self.engine, "speak")
        receipt: Receipt | None = None
        limits = spoken_within(min(self._client.answer_s, SPEAK_S), request.text, RATE_HZ)
        try:
            with (
                within(limits),
                self._client.sdk().speak.v1.audio.with_raw_response.generate(
                    text=request.text,
                    model=voice.id,
                    encoding="linear16",
                    container="wav",
                    sample_rate=RATE_HZ,
                    mip_opt_out=True,
                    tag=TAG,
                ) as answer,
            ):
                receipt = _counted(answer.headers, request, meter)
                parts = []
                for chunk in answer.data:
                    call.raise_if_cancelled()
                    parts.append(chunk)
        except errors() as error:
            raise fault(error, receipt) from None
        return _sound(b"".join(parts), answer.headers, receipt), receipt or _measured(
            request, meter
        )


def _counted(headers: Mapping[str, str], request: SynthesisRequest, meter: Meter) -> Receipt | None:
    """The receipt Deepgram sends ahead of the sound; None where what comes is not sound."""
    count = headers.get("dg-char-count", "")
    if not count.isdecimal():
        return None
    measured = {"characters": Decimal(len(request.text))}
    return meter.receipt({"characters": Decimal(count)}, measured, headers.get("dg-request-id"))


def _measured(request: SynthesisRequest, meter: Meter) -> Receipt:
    return meter.receipt(None, {"characters": Decimal(len(request.text))}, None)


def _sound(data: bytes, headers: Mapping[str, str], receipt: Receipt | None) -> "Samples":
    from ytdubber.audio.speech import wav_pcm16

    request_id = headers.get("dg-request-id")
    kind = headers.get("content-type", "")
    if not kind.startswith(("audio/", "application/octet-stream")):
        raise unreadable(PROVIDER, "the answer is not sound", receipt, request_id)
    try:
        samples, rate_hz = wav_pcm16(data)
    except ValueError as error:
        raise unreadable(
            PROVIDER, f"the answer is not sound: {error}", receipt, request_id
        ) from None
    if rate_hz != RATE_HZ:
        raise unreadable(PROVIDER, f"the sound has {rate_hz} Hz", receipt, request_id)
    return samples
