"""Vendors' engines and what stands before each, by the settings in force."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any, Generic, TypeVar

from pydantic import SecretStr

from ytdubber.adapters.calling.messages import Target
from ytdubber.adapters.deepgram.account import DeepgramAccount
from ytdubber.adapters.deepgram.listening import DeepgramSpeechToText, seconds_counted
from ytdubber.adapters.deepgram.speaking import DeepgramSynthesizer
from ytdubber.adapters.elevenlabs.account import ElevenLabsAccount
from ytdubber.adapters.elevenlabs.speaking import ElevenLabsSynthesizer
from ytdubber.adapters.elevenlabs.voices import PREMADE, PremadeVoice
from ytdubber.adapters.openai.account import ANSWER_S, FLEX_ANSWER_S, OpenAIAccount
from ytdubber.adapters.openai.answers import tokens_counted
from ytdubber.adapters.openai.translating import OpenAITranslator
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Fault, PartMissing, VendorError
from ytdubber.domain.money import OWN_SERVER
from ytdubber.engines.direct import Direct, Port
from ytdubber.engines.middleware.abandon_on_cancel import AbandonOnCancel
from ytdubber.engines.middleware.base import Around, nothing_around
from ytdubber.engines.middleware.circuit_breaker import CircuitBreaker, Circuits
from ytdubber.engines.middleware.limit import ConcurrencyLimit
from ytdubber.engines.middleware.metered import Metered, Units
from ytdubber.engines.middleware.retry import Retry, RetryPolicy
from ytdubber.engines.middleware.traced import Traced
from ytdubber.log import Outage, get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.engine import Engine
from ytdubber.ports.ledger import Ledger
from ytdubber.ports.slots import Slots
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText
from ytdubber.settings import VendorSettings
from ytdubber.tracing import event

CLIENTS = {"deepgram": "deepgram", "openai": "openai", "elevenlabs": "elevenlabs"}
"""Which package each vendor's client is in."""
ASKED_ONCE = RetryPolicy(after_bad_output=0)
"""For language models: whoever asks for several lines asks again for fewer."""
NEAR = timedelta(days=60)
"""How long before a model goes an operator is told."""

Asked = TypeVar("Asked", bound=Port)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Guarded(Generic[Asked]):
    """A vendor's port, and the engine that asks it as it may be asked."""

    port: Asked
    engine: Engine


@dataclass(frozen=True, slots=True)
class VendorGuards:
    """Makes what is put around vendors.

    Attributes:
        clock: Tells the time.
        slots: Permits, so that an account's limits are kept.
        circuits: Leaves alone who fails; one for all.
        ledger: Where every call is written down.
        sleep: Waits some seconds.
        retried: Told of each failure after which a call is made again.
    """

    clock: Clock
    slots: Slots
    circuits: Circuits
    ledger: Ledger
    sleep: Callable[[float], None] = time.sleep
    retried: Callable[[EngineId, VendorError], None] = lambda *_: None

    def __call__(
        self, name: str, limit: int, units: Units = tuple, policy: RetryPolicy | None = None
    ) -> Around:
        """Asked again when it fails, so many at once, all in the ledger.

        A permit is taken before the ledger's entry is opened, so that a call that was begun there
        was made.
        """

        def around(engine: Engine) -> Engine:
            metered = Metered(Traced(AbandonOnCancel(engine)), self.ledger, units)
            limited = ConcurrencyLimit(
                CircuitBreaker(metered, self.circuits), self.slots, name, limit
            )
            retries = policy or RetryPolicy()
            return Retry(limited, self.clock, retries, self.sleep, on_error=self._retried)

        return around

    def _retried(self, engine: EngineId, error: VendorError) -> None:
        event("vendor.retried", vendor=engine.provider, model=engine.model, fault=error.fault.value)
        self.retried(engine, error)


@dataclass(frozen=True, slots=True)
class Vendors:
    """The vendors that have a key, by name; a language model and those that stand in for it.

    Clients are made when they are first needed, and shared by all threads.
    """

    hearing: Mapping[str, Guarded[SpeechToText]]
    translating: Mapping[str, tuple[Guarded[OpenAITranslator], ...]]
    speaking: Mapping[str, Guarded[SpeechSynthesizer]]

    @property
    def ports(self) -> Iterator[Port]:
        """All of them."""
        yield from (each.port for each in self.hearing.values())
        yield from (each.port for row in self.translating.values() for each in row)
        yield from (each.port for each in self.speaking.values())

    def at(self, target: Target) -> Guarded[Any]:
        """One of them."""
        match target.kind:
            case "transcribe":
                return self.hearing[target.vendor]
            case "translate":
                return self.translating[target.vendor][target.place]
            case "speak":
                return self.speaking[target.vendor]

    def warm_up(self) -> None:
        """Load the clients now."""
        for port in self.ports:
            port.warm_up()

    def warn_of_shutdowns(
        self, today: date, told: Callable[[str, str, date], None] = lambda *_: None
    ) -> None:
        """Tell the operator of models that their vendor will soon take away, and `told` of every
        vendor and model whose day is known.
        """

        def known(provider: str, model: str, ends: date) -> None:
            told(provider, model, ends)
            if ends - today <= NEAR:
                log.warning(
                    "model.ends_soon",
                    provider=provider,
                    model=model,
                    ends=ends.isoformat(),
                    settings=["YTDUBBER_OPENAI_MODEL", "YTDUBBER_OPENAI_FALLBACK_MODEL"],
                )

        self.shutdown_dates(known)

    def shutdown_dates(self, told: Callable[[str, str, date], None]) -> None:
        """Ask vendors when they take models away, by free calls, and tell what is known."""
        for each in (one for row in self.translating.values() for one in row):
            model = each.port.engine("en", "pt").model
            try:
                ends = each.port.model_shutdown_date()
            except VendorError as error:
                log.info("model.end_unknown", provider="openai", model=model, error=error)
                continue
            if ends is not None:
                told("openai", model, ends)

    def close(self) -> None:
        """Give back every connection."""
        for port in self.ports:
            port.close()


MakeAround = Callable[..., Around]
"""Makes what is put around a vendor, as `VendorGuards` does."""


def unguarded_vendors(settings: VendorSettings) -> Vendors:
    """The vendors for whoever only looks at what they are."""
    return vendors(settings, lambda *_: nothing_around)


def vendors(settings: VendorSettings, guards: MakeAround) -> Vendors:
    """Every vendor that can be asked.

    Raises:
        PartMissing: a vendor's own client is not installed.
    """
    for name in sorted(settings.configured):
        if find_spec(CLIENTS[name]) is None:
            raise PartMissing(
                part=f"The package {CLIENTS[name]}",
                purpose=f"{name.upper()}_API_KEY",
                command="pip install 'ytdubber[vendors]'",
            )
    hearing, speaking = dict[str, Guarded[SpeechToText]](), dict[str, Guarded[SpeechSynthesizer]]()
    if settings.deepgram_api_key:
        deepgram = DeepgramAccount(_secret(settings.deepgram_api_key), settings.deepgram_url)
        limit = settings.deepgram_speak_at_once
        hearing["deepgram"] = _guarded(
            DeepgramSpeechToText(deepgram, settings.deepgram_model),
            guards("deepgram-listen", settings.deepgram_listen_at_once, seconds_counted),
        )
        speaking["deepgram"] = _guarded(
            DeepgramSynthesizer(deepgram, limit), guards("deepgram-speak", limit)
        )
    if settings.elevenlabs_api_key:
        elevenlabs = ElevenLabsAccount(
            _secret(settings.elevenlabs_api_key), settings.elevenlabs_url
        )
        limit = settings.elevenlabs_at_once
        speaking["elevenlabs"] = _guarded(
            ElevenLabsSynthesizer(
                elevenlabs,
                settings.elevenlabs_model,
                [PremadeVoice(*each) for each in settings.elevenlabs_voices] or PREMADE,
                concurrency=limit,
            ),
            guards("elevenlabs-speak", limit),
        )
    return Vendors(hearing, _translating(settings, guards), speaking)


def _guarded(port: Asked, around: Around) -> Guarded[Asked]:
    return Guarded(port, around(Direct(port)))


def free_checks(settings: VendorSettings) -> Mapping[str, Callable[[], None]]:
    """For every vendor that can be asked a call that costs nothing; it raises `VendorError` where
    the vendor does not answer or refuses the key.
    """
    found: dict[str, Callable[[], None]] = {}
    if settings.deepgram_api_key:
        key = _secret(settings.deepgram_api_key)
        found["deepgram"] = _asked_once(DeepgramAccount(key, settings.deepgram_url))
    if settings.elevenlabs_api_key:
        key = _secret(settings.elevenlabs_api_key)
        found["elevenlabs"] = _asked_once(ElevenLabsAccount(key, settings.elevenlabs_url))
    if "openai" in settings.configured:
        key = _secret(settings.openai_api_key) or "none"
        found["openai"] = _asked_once(OpenAIAccount(key, settings.openai_url))
    return found


def _asked_once(
    account: DeepgramAccount | ElevenLabsAccount | OpenAIAccount,
) -> Callable[[], None]:
    def check() -> None:
        with closing(account):
            account.check()

    return check


def _translating(
    settings: VendorSettings, guards: MakeAround
) -> dict[str, tuple[Guarded[OpenAITranslator], ...]]:
    if "openai" not in settings.configured:
        return {}
    # What a server of one's own that wants no key does is not paid for.
    provider = "openai" if settings.openai_api_key else OWN_SERVER
    tier = settings.openai_service_tier
    answer_s = FLEX_ANSWER_S if tier == "flex" else ANSWER_S
    account = OpenAIAccount(
        _secret(settings.openai_api_key) or "none", settings.openai_url, provider, answer_s
    )
    models = [settings.openai_model]
    if account.is_openai or "openai_fallback_model" in settings.model_fields_set:
        models.append(settings.openai_fallback_model)
    around = guards("openai", settings.openai_at_once, tokens_counted, ASKED_ONCE)
    return {
        "openai": tuple(
            _guarded(OpenAITranslator(account, model, tier=tier), around)
            for model in dict.fromkeys(models)
        )
    }


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


Opened = Callable[[EngineId, Fault, float], None]


def circuits(
    clock: Clock,
    opened: Opened = lambda *_: None,
    closed: Callable[[EngineId], None] = lambda _: None,
) -> Circuits:
    """One for all vendors, which tells the operator what it sees, and others when it opens and
    closes.
    """
    seen = _Outages(clock)

    def begun(engine: EngineId, fault: Fault, rest_s: float) -> None:
        seen.begun(engine, fault, rest_s)
        opened(engine, fault, rest_s)

    def over(engine: EngineId) -> None:
        seen.over(engine)
        closed(engine)

    return Circuits(clock, opened=begun, failing=_failing, closed=over)


class _Outages:
    """Each engine that is left alone: one line when that begins and one when it answers again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[EngineId, Outage] = {}

    def begun(self, engine: EngineId, fault: Fault, rest_s: float) -> None:
        """It is left alone, for the first time or once more."""
        # Without credit only the operator can help.
        self._of(engine).begun(grave=fault is Fault.QUOTA, fault=fault, asked_again_in_s=rest_s)

    def over(self, engine: EngineId) -> None:
        """It answers."""
        self._of(engine).over()

    def _of(self, engine: EngineId) -> Outage:
        with self._lock:
            if engine not in self._known:
                told = {"vendor": engine.provider, "model": engine.model}
                self._known[engine] = Outage(log, "vendor", self._now_s, **told)
            return self._known[engine]

    def _now_s(self) -> float:
        return self._clock.monotonic_ms() / 1000


def _failing(engine: EngineId, error: VendorError) -> None:
    """A call failed, the first in a while; it is made again."""
    log.warning("vendor.failing", vendor=engine.provider, model=engine.model, error=error)
