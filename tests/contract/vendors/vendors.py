"""Every adapter as one thing that can be asked to do a small piece of work."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from ytdubber.adapters.deepgram.client import DeepgramClient
from ytdubber.adapters.deepgram.stt import DeepgramSpeechToText, seconds_counted
from ytdubber.adapters.deepgram.tts import DeepgramSynthesizer
from ytdubber.adapters.elevenlabs.client import ElevenLabsClient
from ytdubber.adapters.elevenlabs.tts import ElevenLabsSynthesizer
from ytdubber.adapters.memory.ledger import MemoryAttempt, MemoryLedger
from ytdubber.adapters.openai.answers import tokens_counted
from ytdubber.adapters.openai.client import OpenAIClient
from ytdubber.adapters.openai.translator import OpenAITranslator
from ytdubber.adapters.openai_compatible.client import SpeechServer
from ytdubber.adapters.openai_compatible.stt import SpeechServerRecognizer
from ytdubber.adapters.openai_compatible.stt import seconds_counted as server_seconds
from ytdubber.adapters.openai_compatible.tts import SpeechServerSynthesizer
from ytdubber.adapters.openai_compatible.voices import ServerVoice
from ytdubber.domain.media import AudioFile
from ytdubber.domain.usage import Quantity
from ytdubber.domain.voice import Gender
from ytdubber.engines.direct import Direct, Port
from ytdubber.engines.middleware.metered import Metered, Units
from ytdubber.engines.middleware.retry import Retry
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Answer, Operation
from ytdubber.ports.operations import Synthesize, Transcribe, Translate
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer, SynthesisRequest
from ytdubber.ports.translator import Line
from ytdubber.testing.manual_clock import ManualClock
from ytdubber.testing.vendor_double import KEY

CALL = CallContext(UUID(int=1))
TEXT = "Ela abriu a janela e ouviu o mar."
LINES = (
    Line("u1", "She opened the window.", 24, None, 20, 16),
    Line("u2", ""),
    Line("u3", "Then she heard the sea."),
)
SERVER_VOICES = (
    ServerVoice("es", "es-alba", Gender.FEMALE, "Alba"),
    ServerVoice("pt", "pt-alice", Gender.FEMALE, "Alice"),
    ServerVoice("*", "pt-bob", Gender.MALE, "Bob"),
)


@dataclass(frozen=True)
class Vendor:
    """One adapter.

    Attributes:
        name: The provider, as messages have it.
        route: The double's name of its route.
        port: The adapter.
        operation: A small piece of work.
        units: What the provider counts for it.
    """

    name: str
    route: str
    port: Port
    operation: Operation[Any]
    units: Units

    def ask(self, call: CallContext) -> Answer:
        """Make one call."""
        answer: Answer = Direct(self.port).run(self.operation, call)
        return answer

    def close(self) -> None:
        """Close its connections."""
        self.port.close()


@dataclass
class Asked:
    """What a guarded call left behind."""

    clock: ManualClock
    ledger: MemoryLedger

    @property
    def outcomes(self) -> list[str]:
        return [attempt.outcome for attempt in self.ledger.attempts]

    def units(self) -> dict[str, Decimal]:
        """What was used as far as anybody knows: where nobody does, what was estimated."""
        sums: dict[str, Decimal] = {}
        for attempt in self.ledger.attempts:
            for quantity in _used(attempt):
                sums[quantity.unit] = sums.get(quantity.unit, Decimal(0)) + quantity.amount
        return sums


def _used(attempt: MemoryAttempt) -> tuple[Quantity, ...]:
    if attempt.outcome == "unknown":
        return attempt.estimate
    return attempt.receipt.quantities if attempt.receipt else ()


def guarded(vendor: Vendor, call: CallContext = CALL) -> tuple[Callable[[], Answer], Asked]:
    """The call as it is made in a dub: repeated where that helps, every attempt in the book."""
    asked = Asked(ManualClock(), MemoryLedger())
    metered = Metered(Direct(vendor.port), asked.ledger, vendor.units)
    engine = Retry(metered, asked.clock, sleep=asked.clock.sleep, draw=lambda: 0.5)
    return lambda: engine.run(vendor.operation, call), asked


def vendors_at(
    base_url: str, audio: AudioFile, folder: Path, answer_s: float = 20.0
) -> dict[str, Vendor]:
    """All adapters, at a server that has every vendor's routes."""
    deepgram = DeepgramClient(KEY, base_url, answer_s)
    hearing, speaking = DeepgramSpeechToText(deepgram), DeepgramSynthesizer(deepgram)
    elevenlabs = ElevenLabsSynthesizer(ElevenLabsClient(KEY, base_url, answer_s))
    server = SpeechServer(base_url, KEY, answer_s)
    compatible = SpeechServerSynthesizer(server, SERVER_VOICES)
    recognizer = SpeechServerRecognizer(server, "whisper-1")
    openai = OpenAIClient(KEY, f"{base_url}/v1", answer_s=answer_s)
    responses, chat = (
        OpenAITranslator(openai, api="responses"),
        OpenAITranslator(openai, api="chat"),
    )

    def speak(voice: SpeechSynthesizer) -> Synthesize:
        request = SynthesisRequest(TEXT, "es", voice.voices("es")[0].id, before="Antes.")
        return Synthesize(request, folder / "line.wav")

    hear, translate = Transcribe(audio, "en"), Translate(LINES, "en", "pt", ("mar",))
    made = [
        Vendor("deepgram", "listen", hearing, hear, seconds_counted),
        Vendor("deepgram", "speak", speaking, speak(speaking), tuple),
        Vendor("elevenlabs", "tts", elevenlabs, speak(elevenlabs), tuple),
        Vendor("openai-compatible", "audio.speech", compatible, speak(compatible), tuple),
        Vendor("openai-compatible", "audio.transcriptions", recognizer, hear, server_seconds),
        Vendor("openai", "responses", responses, translate, tokens_counted),
        Vendor("openai", "chat", chat, translate, tokens_counted),
    ]
    return {vendor.route: vendor for vendor in made}
