"""Speech by `POST /v1/audio/speech`."""

import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ytdubber.app.dubs.code_version import code_version
from ytdubber.app.vendors.faults import unreadable
from ytdubber.app.vendors.synthesis_request import need_words, spoken_within, voice_of, written
from ytdubber.domain.engine import EngineId
from ytdubber.domain.languages import NAMES
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest, TTSCapabilities

from .client import PROVIDER, SpeechServer, request_id
from .voices import EVERY, ServerVoice
from .wav import wav_samples

if TYPE_CHECKING:
    import httpx

    from ytdubber.audio.speech import Samples
    from ytdubber.domain.voice import Voice

Form = Literal["wav", "pcm"]

DEFAULT_MODEL = "tts-1"
RATE_HZ = 24_000
"""What lines are kept at, and what `pcm` has (platform.openai.com/docs/guides/text-to-speech)."""
MOST_CHARS = 4_096
"""The longest `input` of OpenAI's own interface."""
_WIDEST_HZ = 96_000
"""Bytes for a second of what may come: stereo of 48 kHz and 16 bits, or mono in 32."""


class SpeechServerSynthesizer:
    """A server's voices, each for the language its operator names it for.

    Args:
        server: Which server.
        voices: Its voices, a language's default first.
        model: Which of its models speaks.
        form: As what it sends sound: `wav`, which says its rate, or `pcm` of 24 kHz and 16 bits.
        concurrency: How many lines of one dub are spoken at once.
    """

    def __init__(
        self,
        server: SpeechServer,
        voices: Sequence[ServerVoice],
        model: str = DEFAULT_MODEL,
        form: Form = "wav",
        concurrency: int = 2,
    ) -> None:
        self._server = server
        self._voices = tuple(voices)
        self._model = model
        self._form = form
        self._concurrency = concurrency

    @property
    def engine(self) -> EngineId:
        """The model, and the version of what we ask it for."""
        return EngineId(PROVIDER, self._model, code_version(__name__))

    @property
    def capabilities(self) -> TTSCapabilities:
        """A line is spoken by itself, and kept at 24 kHz."""
        return TTSCapabilities(RATE_HZ, MOST_CHARS, self._concurrency)

    def voices(self, language: str) -> "Sequence[Voice]":
        """Those named for the language, then those for every one."""
        if language not in NAMES:
            return ()
        own = [each for each in self._voices if each.language == language]
        known = {each.id for each in own}
        every = [each for each in self._voices if each.language == EVERY and each.id not in known]
        return tuple(each.speaking(language) for each in (*own, *every))

    def synthesize(self, request: SynthesisRequest, into: Path, call: CallContext) -> Speech:
        """Speak a line."""
        voice = voice_of(self, request)
        need_words(PROVIDER, request.text)
        call.raise_if_cancelled()
        samples, receipt = self._ask(request, voice.id, call)
        call.raise_if_cancelled()
        return written(samples, RATE_HZ, into, receipt)

    def warm_up(self) -> None:
        """Make the client; the connection comes with the first call."""
        self._server.client()

    def close(self) -> None:
        """Close the server's connections."""
        self._server.close()

    def _ask(
        self, request: SynthesisRequest, voice: str, call: CallContext
    ) -> "tuple[Samples, Receipt]":
        started = time.perf_counter()
        wanted = {
            "model": self._model,
            "input": request.text,
            "voice": voice,
            "response_format": self._form,
        }
        limits = spoken_within(self._server.answer_s, request.text, _WIDEST_HZ)
        parts = []
        with self._server.answer("/audio/speech", limits, json=wanted) as answer:
            for part in answer.iter_bytes():
                call.raise_if_cancelled()
                parts.append(part)
        characters = Quantity("characters", Decimal(len(request.text)))
        receipt = Receipt(
            self.engine,
            "speak",
            (characters,),
            elapsed_ms=round((time.perf_counter() - started) * 1000),
            request_id=request_id(answer),
            measured=(characters,),
        )
        return self._sound(b"".join(parts), answer, receipt), receipt

    def _sound(self, data: bytes, answer: "httpx.Response", receipt: Receipt) -> "Samples":
        import soxr

        kind = answer.headers.get("content-type", "")
        if not kind.startswith(("audio/", "application/octet-stream")):
            raise unreadable(PROVIDER, "the answer is not sound", None, receipt.request_id)
        try:
            samples, rate_hz = self._read(data)
        except ValueError as error:
            detail = f"the answer is not sound: {error}"
            raise unreadable(PROVIDER, detail, receipt, receipt.request_id) from None
        if rate_hz == RATE_HZ or not len(samples):
            return samples
        made: Samples = soxr.resample(samples, rate_hz, RATE_HZ)
        return made

    def _read(self, data: bytes) -> "tuple[Samples, int]":
        from ytdubber.audio.speech import pcm16

        if self._form == "wav":
            return wav_samples(data)
        if len(data) % 2:
            raise ValueError("it is cut short")
        return pcm16(data), RATE_HZ
