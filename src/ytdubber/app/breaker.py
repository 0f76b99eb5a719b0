"""Engines that fail again and again are left alone for a while."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from ytdubber.app.guard import Made, Work
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import EngineResting, Fault, VendorError
from ytdubber.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When an engine is left alone, and how long.

    Attributes:
        failures: So many unanswered calls in a row: time-outs, refused connections, 5xx.
        rest_s: How long it is left alone then.
        quota_rest_s: How long after it said that there is no credit left.
    """

    failures: int = 5
    rest_s: float = 60.0
    quota_rest_s: float = 900.0


@dataclass(slots=True)
class _State:
    """What is known of one provider's model."""

    failures: int = 0
    until_ms: int = 0
    fault: Fault = Fault.UNAVAILABLE
    on_trial: bool = False

    def closed(self) -> None:
        """It answers."""
        self.failures, self.until_ms, self.on_trial = 0, 0, False


def _unheard(engine: EngineId, fault: Fault, rest_s: float) -> None:
    del engine, fault, rest_s


class Breaker:
    """A circuit breaker for each provider and model, as a guard; one object serves all engines.

    After the rest one call is let through; the others wait for what becomes of it.

    Args:
        clock: Tells when a rest is over.
        policy: When it opens.
        opened: Told whenever it opens, so that an operator can be.
    """

    def __init__(
        self,
        clock: Clock,
        policy: BreakerPolicy | None = None,
        opened: Callable[[EngineId, Fault, float], None] = _unheard,
    ) -> None:
        self._clock = clock
        self._policy = policy or BreakerPolicy()
        self._opened = opened
        self._states: dict[tuple[str, str], _State] = {}
        self._lock = threading.Lock()

    def __call__(self, work: Work, make: Callable[[], Made]) -> Made:
        """The answer of `make`.

        Raises:
            EngineResting: the engine is left alone for now.
        """
        with self._lock:
            state = self._states.setdefault((work.engine.provider, work.engine.model), _State())
            self._let_through(work.engine, state)
        try:
            made = make()
        except VendorError as error:
            self._failed(work.engine, state, error.fault)
            raise
        except BaseException:  # cancelled: nothing was learned, the next one tries
            state.on_trial = False
            raise
        with self._lock:
            state.closed()
        return made

    def _let_through(self, engine: EngineId, state: _State) -> None:
        if not state.until_ms:
            return
        left_s = (state.until_ms - self._clock.monotonic_ms()) / 1000
        if left_s <= 0 and not state.on_trial:
            state.on_trial = True
            return
        why = "no credit is left there" if state.fault is Fault.QUOTA else "it does not answer"
        when = f"it is asked again in {left_s:.0f} s" if left_s > 0 else "it is being tried now"
        raise EngineResting(
            engine.provider, state.fault, f"{why}; {when}", retry_after_s=max(0.0, left_s)
        )

    def _failed(self, engine: EngineId, state: _State, fault: Fault) -> None:
        with self._lock:
            rest_s = self._rest_s(state, fault)
            if rest_s:
                state.fault, state.on_trial = fault, False
                state.until_ms = self._clock.monotonic_ms() + round(rest_s * 1000)
        if rest_s:
            self._opened(engine, fault, rest_s)

    def _rest_s(self, state: _State, fault: Fault) -> float:
        """How long it is left alone after this failure; 0 when it is not."""
        if fault is Fault.QUOTA:
            return self._policy.quota_rest_s
        if fault not in (Fault.UNAVAILABLE, Fault.TIMEOUT):
            state.closed()  # it says no, but it is there
            return 0.0
        state.failures += 1
        if state.on_trial or state.failures >= self._policy.failures:
            return self._policy.rest_s
        return 0.0
