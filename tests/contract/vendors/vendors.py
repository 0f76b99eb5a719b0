"""Every adapter as one thing that can be asked to do a small piece of work."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from ytdubber.adapters.deepgram.account import DeepgramAccount
from ytdubber.adapters.deepgram.listening import DeepgramSpeechToText, seconds_counted
from ytdubber.adapters.deepgram.speaking import DeepgramSynthesizer
from ytdubber.adapters.elevenlabs.account import ElevenLabsAccount
from ytdubber.adapters.elevenlabs.speaking import ElevenLabsSynthesizer
from ytdubber.adapters.memory.ledger import MemoryAttempt, MemoryLedger
from ytdubber.adapters.openai.account import OpenAIAccount
from ytdubber.adapters.openai.answers import tokens_counted
from ytdubber.adapters.openai.translating import OpenAITranslator
from ytdubber.app.guard import Answer, Guards, Work
from ytdubber.app.metered import Metered, Units
from ytdubber.app.retrying import Retrying
from ytdubber.domain.engine import EngineId
from ytdubber.domain.media import AudioFile
from ytdubber.domain.usage import Quantity
from ytdubber.ports.call import Call
from ytdubber.ports.speech_synthesizer import SpeakRequest
from ytdubber.ports.translator import Line
from ytdubber.testing.manual_clock import ManualClock
from ytdubber.testing.vendor_double import KEY

CALL = Call(UUID(int=1))
TEXT = "Ela abriu a janela e ouviu o mar."
LINES = (
    Line("u1", "She opened the window.", 24, None, 20, 16),
    Line("u2", ""),
    Line("u3", "Then she heard the sea."),
)


@dataclass(frozen=True)
class Vendor:
    """One adapter.

    Attributes:
        name: The provider, as messages have it.
        route: The double's name of its route.
        engine: Who it is.
        ask: Makes one call.
        close: Closes its connections.
        size: How much that call asks for.
        units: What the provider counts for it.
    """

    name: str
    route: str
    engine: EngineId
    ask: Callable[[Call], Answer]
    close: Callable[[], None]
    size: tuple[Quantity, ...]
    units: Units


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


def guarded(vendor: Vendor, call: Call = CALL) -> tuple[Callable[[], Answer], Asked]:
    """The call as it is made in a dub: repeated where that helps, every attempt in the book."""
    asked = Asked(ManualClock(), MemoryLedger())
    guards = Guards(
        (
            Retrying(asked.clock, sleep=asked.clock.sleep, draw=lambda: 0.5),
            Metered(asked.ledger, vendor.units),
        )
    )
    work = Work(call, vendor.engine, vendor.route, vendor.size)
    return lambda: guards(work, lambda: vendor.ask(call)), asked


def vendors_at(
    base_url: str, audio: AudioFile, folder: Path, answer_s: float = 20.0
) -> dict[str, Vendor]:
    """All adapters, at a server that has every vendor's routes."""
    deepgram = DeepgramAccount(KEY, base_url, answer_s)
    hearing, speaking = DeepgramSpeechToText(deepgram), DeepgramSynthesizer(deepgram)
    elevenlabs = ElevenLabsSynthesizer(ElevenLabsAccount(KEY, base_url, answer_s))
    openai = OpenAIAccount(KEY, f"{base_url}/v1", answer_s=answer_s)
    responses, chat = (
        OpenAITranslator(openai, api="responses"),
        OpenAITranslator(openai, api="chat"),
    )

    def speak(voice: DeepgramSynthesizer | ElevenLabsSynthesizer, call: Call) -> Answer:
        request = SpeakRequest(TEXT, "es", voice.voices("es")[0].id, before="Antes.")
        return voice.speak(request, folder / "line.wav", call)

    def translate(translator: OpenAITranslator, call: Call) -> Answer:
        return translator.translate(LINES, "en", "pt", ("mar",), call)

    def characters(count: int) -> tuple[Quantity, ...]:
        return (Quantity("characters", Decimal(count)),)

    text, lines = characters(len(TEXT)), characters(sum(len(line.text) for line in LINES))
    seconds = (Quantity("audio_seconds", Decimal(audio.samples) / audio.sample_rate_hz),)
    pair = responses.engine("en", "pt")
    made = [
        Vendor(
            *("deepgram", "listen", hearing.engine),
            lambda call: hearing.transcribe(audio, "en", (), call),
            *(hearing.close, seconds, seconds_counted),
        ),
        Vendor(
            *("deepgram", "speak", speaking.engine),
            lambda call: speak(speaking, call),
            *(speaking.close, text, tuple),
        ),
        Vendor(
            *("elevenlabs", "tts", elevenlabs.engine),
            lambda call: speak(elevenlabs, call),
            *(elevenlabs.close, text, tuple),
        ),
        Vendor(
            *("openai", "responses", pair),
            lambda call: translate(responses, call),
            *(responses.close, lines, tokens_counted),
        ),
        Vendor(
            *("openai", "chat", pair),
            lambda call: translate(chat, call),
            *(chat.close, lines, tokens_counted),
        ),
    ]
    return {vendor.route: vendor for vendor in made}
