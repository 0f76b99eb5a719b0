"""Engines that fail over some time, and not only at once, are left alone for a while."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import EngineResting, Fault, VendorError
from ytdubber.ports.call import Call
from ytdubber.ports.clock import Clock
from ytdubber.ports.engine import Operation, Result

from .base import Middleware

Made = TypeVar("Made")

TRIAL_S = 1.0
"""How long others wait while one call finds out whether an engine is back."""
_MOST_CALLS = 4_096
"""How many calls are looked back on at most."""


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When an engine is left alone, and how long.

    Calls that fail side by side say one thing, not many: failures count when they are spread over
    some time, and are a good part of all that was asked in it. Where nothing was answered between
    them they count however far apart they are: what is seldom asked is away just the same.

    Attributes:
        failures: So many unanswered calls at least: time-outs, refused connections, 5xx.
        window_s: Within so many seconds.
        spread_s: The first of them at least so long before the last.
        share: Such a part of all calls in that time, 0 to 1.
        rest_s: How long it is left alone then; twice as long each time it is not back.
        longest_rest_s: What that doubles up to.
        quota_rest_s: How long after it said that there is no credit left.
    """

    failures: int = 5
    window_s: float = 60.0
    spread_s: float = 10.0
    share: float = 0.5
    rest_s: float = 15.0
    longest_rest_s: float = 120.0
    quota_rest_s: float = 900.0


@dataclass(slots=True)
class _State:
    """What is known of one provider's model.

    Attributes:
        calls: When each of the last calls ended, in milliseconds, and whether it was answered.
        warned_ms: When the operator was last told that it fails; None if never.
        answered: Whether it has answered since.
        rest_s: How long it was left alone the last time; 0 when it answers.
        until_ms: When a call is let through again; None when all are.
        fault: Why it is left alone.
        on_trial: Whether one call is finding out.
    """

    calls: deque[tuple[int, bool]] = field(default_factory=lambda: deque(maxlen=_MOST_CALLS))
    warned_ms: int | None = None
    answered: bool = True
    rest_s: float = 0.0
    until_ms: int | None = None
    fault: Fault = Fault.UNAVAILABLE
    on_trial: bool = False

    def closed(self) -> None:
        """It answers again: what was before says nothing any more."""
        self.calls.clear()
        self.rest_s, self.until_ms, self.on_trial = 0.0, None, False

    def since(self, begin_ms: int) -> None:
        """Forget what was before."""
        while self.calls and self.calls[0][0] < begin_ms:
            self.calls.popleft()


def _unheard(engine: EngineId, fault: Fault, rest_s: float) -> None:
    del engine, fault, rest_s


def _unseen(engine: EngineId, error: VendorError) -> None:
    del engine, error


class Circuits:
    """The circuits of all engines, by provider and model.

    After the rest one call is let through; the others wait for what becomes of it.

    Args:
        clock: Tells when a rest is over.
        policy: When it opens.
        opened: Told whenever it opens, so that an operator can be.
        failing: Told of the first failure of an engine within a window, and since it answered.
        closed: Told when an engine that was left alone answers again.
    """

    def __init__(
        self,
        clock: Clock,
        policy: BreakerPolicy | None = None,
        opened: Callable[[EngineId, Fault, float], None] = _unheard,
        failing: Callable[[EngineId, VendorError], None] = _unseen,
        closed: Callable[[EngineId], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._policy = policy or BreakerPolicy()
        self._opened = opened
        self._failing = failing
        self._closed = closed
        self._states: dict[tuple[str, str], _State] = {}
        self._lock = threading.Lock()

    def through(self, engine: EngineId, make: Callable[[], Made]) -> Made:
        """The answer of `make`, which asks the engine.

        Raises:
            EngineResting: the engine is left alone for now; it says how long.
        """
        with self._lock:
            state = self._states.setdefault((engine.provider, engine.model), _State())
            trial = self._let_through(engine, state)
        try:
            made = make()
        except VendorError as error:
            self._failed(engine, state, error, trial)
            raise
        except BaseException:  # cancelled: nothing was learned, the next one tries
            state.on_trial = state.on_trial and not trial
            raise
        with self._lock:
            self._answered(state, trial)
        if trial:
            self._closed(engine)
        return made

    def _let_through(self, engine: EngineId, state: _State) -> bool:
        """Whether this call is the one that finds out if the engine is back."""
        if state.until_ms is None:
            return False
        left_s = (state.until_ms - self._clock.monotonic_ms()) / 1000
        if left_s <= 0 and not state.on_trial:
            state.on_trial = True
            return True
        why = "no credit is left there" if state.fault is Fault.QUOTA else "it does not answer"
        when = f"it is asked again in {left_s:.0f} s" if left_s > 0 else "it is being tried now"
        raise EngineResting(
            engine.provider, state.fault, f"{why}; {when}", retry_after_s=max(TRIAL_S, left_s)
        )

    def _answered(self, state: _State, trial: bool) -> None:
        state.answered = True
        if trial:
            state.closed()
        elif state.until_ms is None:  # an answer to what was asked before it opened is old news
            state.calls.append((self._clock.monotonic_ms(), True))

    def _failed(self, engine: EngineId, state: _State, error: VendorError, trial: bool) -> None:
        with self._lock:
            rest_s = self._rest_s(state, error.fault, trial)
            now_ms = self._clock.monotonic_ms()
            if rest_s:
                state.fault, state.on_trial, state.rest_s = error.fault, False, rest_s
                state.until_ms = now_ms + round(rest_s * 1000)
            first = not rest_s and _away(error.fault) and self._first(state, now_ms)
            if first or rest_s:
                state.warned_ms, state.answered = now_ms, False
        if rest_s:
            self._opened(engine, error.fault, rest_s)
        elif trial:  # it says no, so it is back
            self._closed(engine)
        elif first:
            self._failing(engine, error)

    def _first(self, state: _State, now_ms: int) -> bool:
        """Whether nothing was said of it within the window, nor since it last answered."""
        window_ms = self._policy.window_s * 1000
        long_ago = state.warned_ms is None or now_ms - state.warned_ms > window_ms
        return long_ago and state.answered

    def _rest_s(self, state: _State, fault: Fault, trial: bool) -> float:
        """How long it is left alone after this failure; 0 when it is not."""
        if fault is Fault.QUOTA:
            return self._policy.quota_rest_s
        if not _away(fault):  # it says no, but it is there
            self._answered(state, trial)
            return 0.0
        if trial:
            return min(self._policy.longest_rest_s, max(self._policy.rest_s, 2 * state.rest_s))
        if state.until_ms is not None:
            return 0.0
        return self._policy.rest_s if self._persists(state) else 0.0

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
    """Leaves an engine alone that fails.

    Attributes:
        circuits: What is known of it, and of all others.
    """

    circuits: Circuits

    def run(self, operation: Operation[Result], call: Call) -> Result:
        """As the inner engine.

        Raises:
            EngineResting: it is left alone for now.
        """
        engine = self.describe(operation)
        return self.circuits.through(engine, lambda: self.inner.run(operation, call))


def _away(fault: Fault) -> bool:
    return fault in (Fault.UNAVAILABLE, Fault.TIMEOUT)
