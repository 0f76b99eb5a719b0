"""A circuit breaker (Nygard, "Release It!", 2007): engines that fail over some time, and not only
at once, are not called for a while.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import CircuitOpen, ErrorKind, VendorError
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.clock import Clock
from ytdubber.ports.engine import Operation, Result

from .base import Middleware

PROBE_S = 1.0
"""How long others wait while a circuit is half open: one call finds out whether an engine is back.
"""
_MOST_CALLS = 4_096
"""How many calls are looked back on at most."""


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When a circuit opens, and how long.

    Calls that fail side by side say one thing, not many: failures count when they are spread over
    some time, and are a good part of all that was asked in it. Where nothing was answered between
    them they count however far apart they are: what is seldom asked is away just the same.

    Attributes:
        failures: So many unanswered calls at least: time-outs, refused connections, 5xx.
        window_s: Within so many seconds.
        spread_s: The first of them at least so long before the last.
        share: Such a part of all calls in that time, 0 to 1.
        open_s: How long it is open then; twice as long each time it is not back.
        max_open_s: What that doubles up to.
        quota_open_s: How long after it said that there is no credit left.
    """

    failures: int = 5
    window_s: float = 60.0
    spread_s: float = 10.0
    share: float = 0.5
    open_s: float = 15.0
    max_open_s: float = 120.0
    quota_open_s: float = 900.0


@dataclass(slots=True)
class _State:
    """What is known of one provider's model.

    Attributes:
        calls: When each of the last calls ended, in milliseconds, and whether it was answered.
        warned_ms: When the operator was last told that it fails; None if never.
        answered: Whether it has answered since.
        open_s: How long it was open the last time; 0 when it is closed.
        until_ms: When a call is let through again; None when all are.
        fault: Why it is open.
        half_open: Whether one call is finding out.
    """

    calls: deque[tuple[int, bool]] = field(default_factory=lambda: deque(maxlen=_MOST_CALLS))
    warned_ms: int | None = None
    answered: bool = True
    open_s: float = 0.0
    until_ms: int | None = None
    fault: ErrorKind = ErrorKind.UNAVAILABLE
    half_open: bool = False

    def closed(self) -> None:
        """It answers again: what was before says nothing any more."""
        self.calls.clear()
        self.open_s, self.until_ms, self.half_open = 0.0, None, False

    def since(self, begin_ms: int) -> None:
        """Forget what was before."""
        while self.calls and self.calls[0][0] < begin_ms:
            self.calls.popleft()


def _noop(*_: object) -> None:
    """Nobody wants to know."""


class Circuits:
    """The circuits of all engines, by provider and model.

    After a while one call is let through (half open); the others wait for what becomes of it.

    Args:
        clock: Tells when an open circuit lets a call through.
        policy: When it opens.
        opened: Told whenever it opens, so that an operator can be.
        failing: Told of the first failure of an engine within a window, and since it answered.
        closed: Told when an engine answers again whose circuit was open.
    """

    def __init__(
        self,
        clock: Clock,
        policy: BreakerPolicy | None = None,
        opened: Callable[[EngineId, ErrorKind, float], None] = _noop,
        failing: Callable[[EngineId, VendorError], None] = _noop,
        closed: Callable[[EngineId], None] = _noop,
    ) -> None:
        self._clock = clock
        self._policy = policy or BreakerPolicy()
        self._opened = opened
        self._failing = failing
        self._closed = closed
        self._states: dict[tuple[str, str], _State] = {}
        self._lock = threading.Lock()

    @contextmanager
    def protect(self, engine: EngineId) -> Iterator[None]:
        """The engine is asked within.

        Raises:
            CircuitOpen: the engine is not called for now; it says how long.
        """
        with self._lock:
            state = self._states.setdefault((engine.provider, engine.model), _State())
            trial = self._let_through(engine, state)
        try:
            yield
        except VendorError as error:
            self._failed(engine, state, error, trial)
            raise
        except BaseException:  # cancelled: nothing was learned, the next one tries
            state.half_open = state.half_open and not trial
            raise
        with self._lock:
            self._answered(state, trial)
        if trial:
            self._closed(engine)

    def _let_through(self, engine: EngineId, state: _State) -> bool:
        """Whether this call is the one that finds out if the engine is back."""
        if state.until_ms is None:
            return False
        left_s = (state.until_ms - self._clock.monotonic_ms()) / 1000
        if left_s <= 0 and not state.half_open:
            state.half_open = True
            return True
        why = "no credit is left there" if state.fault is ErrorKind.QUOTA else "it does not answer"
        when = f"it is asked again in {left_s:.0f} s" if left_s > 0 else "it is being tried now"
        raise CircuitOpen(
            engine.provider, state.fault, f"{why}; {when}", retry_after_s=max(PROBE_S, left_s)
        )

    def _answered(self, state: _State, trial: bool) -> None:
        state.answered = True
        if trial:
            state.closed()
        elif state.until_ms is None:  # an answer to what was asked before it opened is old news
            state.calls.append((self._clock.monotonic_ms(), True))

    def _failed(self, engine: EngineId, state: _State, error: VendorError, trial: bool) -> None:
        with self._lock:
            open_s = self._open_s(state, error.fault, trial)
            now_ms = self._clock.monotonic_ms()
            if open_s:
                state.fault, state.half_open, state.open_s = error.fault, False, open_s
                state.until_ms = now_ms + round(open_s * 1000)
            first = not open_s and _away(error.fault) and self._first(state, now_ms)
            if first or open_s:
                state.warned_ms, state.answered = now_ms, False
        if open_s:
            self._opened(engine, error.fault, open_s)
        elif trial:  # it says no, so it is back
            self._closed(engine)
        elif first:
            self._failing(engine, error)

    def _first(self, state: _State, now_ms: int) -> bool:
        """Whether nothing was said of it within the window, nor since it last answered."""
        window_ms = self._policy.window_s * 1000
        long_ago = state.warned_ms is None or now_ms - state.warned_ms > window_ms
        return long_ago and state.answered

    def _open_s(self, state: _State, fault: ErrorKind, trial: bool) -> float:
        """How long its circuit is open after this failure; 0 when it is not."""
        if fault is ErrorKind.QUOTA:
            return self._policy.quota_open_s
        if not _away(fault):  # it says no, but it is there
            self._answered(state, trial)
            return 0.0
        if trial:
            return min(self._policy.max_open_s, max(self._policy.open_s, 2 * state.open_s))
        if state.until_ms is not None:
            return 0.0
        return self._policy.open_s if self._persists(state) else 0.0

    def _persists(self, state: _State) -> bool:
        """Whether this failure makes them too many, over too long a time."""
        policy, now_ms = self._policy, self._clock.monotonic_ms()
        state.calls.append((now_ms, False))
        if any(answered for _, answered in state.calls):
            state.since(now_ms - round(policy.window_s * 1000))
        failed_ms = [at_ms for at_ms, answered in state.calls if not answered]
        return (
            len(failed_ms) >= policy.failures
            and now_ms - failed_ms[0] >= policy.spread_s * 1000
            and len(failed_ms) >= policy.share * len(state.calls)
        )


@dataclass(frozen=True, slots=True)
class CircuitBreaker(Middleware):
    """Does not call an engine whose circuit is open.

    Attributes:
        circuits: What is known of it, and of all others.
    """

    circuits: Circuits

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the inner engine.

        Raises:
            CircuitOpen: it is not called for now.
        """
        with self.circuits.protect(self.describe(operation)):
            return self.inner.run(operation, call)


def _away(fault: ErrorKind) -> bool:
    return fault in (ErrorKind.UNAVAILABLE, ErrorKind.TIMEOUT)
