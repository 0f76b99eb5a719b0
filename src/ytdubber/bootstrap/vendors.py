"""Vendors' engines and what stands before each, by the settings in force."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from importlib.util import find_spec
from typing import Any, Generic, TypeVar

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, PartMissing, VendorError
from ytdubber.engines.direct import Direct, Port
from ytdubber.engines.middleware.abandon_on_cancel import AbandonOnCancel
from ytdubber.engines.middleware.base import Around, nothing_around
from ytdubber.engines.middleware.circuit_breaker import CircuitBreaker, Circuits
from ytdubber.engines.middleware.limit import ConcurrencyLimit
from ytdubber.engines.middleware.metered import Metered, Units
from ytdubber.engines.middleware.retry import Retry, RetryPolicy
from ytdubber.engines.middleware.traced import Traced
from ytdubber.engines.remote.protocol import Target
from ytdubber.engines.vendor.plugin import Retiring, VendorEngine, VendorEngines, VendorPlugin
from ytdubber.engines.vendor.registry import vendor
from ytdubber.log import Outage, get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.engine import Engine
from ytdubber.ports.ledger import Ledger
from ytdubber.ports.semaphores import Semaphores
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText
from ytdubber.ports.translator import Translator
from ytdubber.settings import VendorSettings
from ytdubber.tracing import event

NEAR = timedelta(days=60)
"""How long before a model goes an operator is told."""

VendorPort = TypeVar("VendorPort", bound=Port)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WrappedPort(Generic[VendorPort]):
    """A vendor's port, and the engine that asks it as it may be asked."""

    port: VendorPort
    engine: Engine


@dataclass(frozen=True, slots=True)
class VendorMiddleware:
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
    slots: Semaphores
    circuits: Circuits
    ledger: Ledger
    sleep: Callable[[float], None] = time.sleep
    retried: Callable[[EngineId, VendorError], None] = lambda *_: None

    def __call__(
        self, name: str, limit: int, units: Units = tuple, policy: RetryPolicy | None = None
    ) -> Around:
        """VendorPort again when it fails, so many at once, all in the ledger.

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

    speech_to_text: Mapping[str, WrappedPort[SpeechToText]]
    translators: Mapping[str, tuple[WrappedPort[Translator], ...]]
    synthesizers: Mapping[str, WrappedPort[SpeechSynthesizer]]

    @property
    def ports(self) -> Iterator[Port]:
        """All of them."""
        yield from (each.port for each in self.speech_to_text.values())
        yield from (each.port for row in self.translators.values() for each in row)
        yield from (each.port for each in self.synthesizers.values())

    def at(self, target: Target) -> WrappedPort[Any]:
        """One of them."""
        match target.kind:
            case "transcribe":
                return self.speech_to_text[target.vendor]
            case "translate":
                return self.translators[target.vendor][target.place]
            case "synthesize":
                return self.synthesizers[target.vendor]

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
                    settings=_model_settings(vendor(provider)),
                )

        self.shutdown_dates(known)

    def shutdown_dates(self, told: Callable[[str, str, date], None]) -> None:
        """Ask vendors when they take models away, by free calls, and tell what is known."""
        for provider, port in self._retiring():
            try:
                ends = port.model_shutdown_date()
            except VendorError as error:
                log.info("model.end_unknown", provider=provider, model=port.model, error=error)
                continue
            if ends is not None:
                told(provider, port.model, ends)

    def _retiring(self) -> Iterator[tuple[str, Retiring]]:
        made: list[tuple[str, WrappedPort[Any]]] = [
            *((name, each) for name, row in self.translators.items() for each in row),
            *self.speech_to_text.items(),
            *self.synthesizers.items(),
        ]
        for provider, each in made:
            if isinstance(each.port, Retiring):
                yield provider, each.port

    def close(self) -> None:
        """Give back every connection."""
        for port in self.ports:
            port.close()


MakeAround = Callable[..., Around]
"""Makes what is put around a vendor, as `VendorMiddleware` does."""


def bare_vendors(settings: VendorSettings) -> Vendors:
    """The vendors for whoever only looks at what they are."""
    return vendors(settings, lambda *_: nothing_around)


def vendors(settings: VendorSettings, middleware: MakeAround) -> Vendors:
    """Every vendor that can be asked.

    Raises:
        PartMissing: a vendor's own client is not installed.
    """
    made = {name: _engines(vendor(name), settings) for name in sorted(settings.configured)}

    def wrapped(each: VendorEngine[VendorPort]) -> WrappedPort[VendorPort]:
        around = middleware(each.permits, each.at_once, each.units, each.retries)
        return WrappedPort(each.port, around(Direct(each.port)))

    return Vendors(
        {name: wrapped(each.speech_to_text) for name, each in made.items() if each.speech_to_text},
        {
            name: tuple(wrapped(one) for one in each.translators)
            for name, each in made.items()
            if each.translators
        },
        {name: wrapped(each.synthesizer) for name, each in made.items() if each.synthesizer},
    )


def _engines(plugin: VendorPlugin[Any], settings: VendorSettings) -> VendorEngines:
    if plugin.client and find_spec(plugin.client) is None:
        raise PartMissing(
            part=f"The package {plugin.client}",
            purpose=plugin.variables()[plugin.set_up_by[0]],
            command="pip install 'ytdubber[vendors]'",
        )
    return plugin.engines(settings.own[plugin.provider])


def _model_settings(plugin: VendorPlugin[Any]) -> list[str]:
    """What an operator sets to have another model asked."""
    return [each for name, each in plugin.variables().items() if name.endswith("model")]


def free_checks(settings: VendorSettings) -> Mapping[str, Callable[[], None]]:
    """For every vendor that can be asked a call that costs nothing; it raises `VendorError` where
    the vendor does not answer or refuses the key.
    """
    return {
        name: partial(vendor(name).check, settings.own[name])
        for name in sorted(settings.configured)
    }


Opened = Callable[[EngineId, ErrorKind, float], None]


def circuits(
    clock: Clock,
    opened: Opened = lambda *_: None,
    closed: Callable[[EngineId], None] = lambda _: None,
) -> Circuits:
    """One for all vendors, which tells the operator what it sees, and others when it opens and
    closes.
    """
    seen = _Outages(clock)

    def begun(engine: EngineId, fault: ErrorKind, rest_s: float) -> None:
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

    def begun(self, engine: EngineId, fault: ErrorKind, rest_s: float) -> None:
        """It is left alone, for the first time or once more."""
        # Without credit only the operator can help.
        self._of(engine).begun(grave=fault is ErrorKind.QUOTA, fault=fault, asked_again_in_s=rest_s)

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
