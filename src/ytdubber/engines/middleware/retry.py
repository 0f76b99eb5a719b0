"""The one layer that retries. Clients of vendors do not."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import CircuitOpen, ErrorKind, VendorError
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.clock import Clock
from ytdubber.ports.engine import Operation, Result

from .base import Middleware

POLL_INTERVAL_S = 0.5
"""How often a wait looks whether the work is still wanted."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and when an operation is retried.

    Waits are drawn evenly between nothing and a bound that doubles ("full jitter", AWS
    Architecture Blog, 2015); where the provider says how long to wait, that is the wait.

    Attributes:
        attempts: Calls in all, the first among them.
        initial_backoff_s: The bound before the second call.
        max_backoff_s: What the bound doubles up to.
        max_retry_after_s: A provider that asks to wait longer than this is not waited for.
        hold_s: How long work is held back, in all, for an engine whose circuit is open; no call is
            made meanwhile, so this counts as no attempt.
        after_unknown: How often it is asked again when the outcome of a call is unknown: the work
            may be paid for twice.
        after_bad_output: How often it is asked again when the answer made no sense: the work is
            paid for twice.
    """

    attempts: int = 5
    initial_backoff_s: float = 1.0
    max_backoff_s: float = 30.0
    max_retry_after_s: float = 120.0
    hold_s: float = 45.0
    after_unknown: int = 1
    after_bad_output: int = 1

    def should_retry(self, errors: list[VendorError]) -> bool:
        """Whether to retry after these failures, the latest last."""
        latest = errors[-1]
        if len(errors) >= self.attempts:
            return False
        if latest.outcome_unknown:
            return sum(each.outcome_unknown for each in errors) <= self.after_unknown
        if latest.fault is ErrorKind.BAD_OUTPUT:
            bad = sum(each.fault is ErrorKind.BAD_OUTPUT for each in errors)
            return bad <= self.after_bad_output
        return latest.fault.retryable and (latest.retry_after_s or 0.0) <= self.max_retry_after_s

    def wait_s(self, errors: list[VendorError], share: float) -> float:
        """How long to wait after these failures; `share` is drawn from 0 to 1."""
        latest = errors[-1]
        if latest.retry_after_s is not None:
            return latest.retry_after_s
        return share * min(self.max_backoff_s, self.initial_backoff_s * 2.0 ** (len(errors) - 1))


@dataclass(frozen=True, slots=True)
class Retry(Middleware):
    """Retries what may succeed later.

    Attributes:
        clock: Tells when a call's deadline has come.
        policy: How often and when.
        sleep: Waits some seconds.
        draw: Gives a number from 0 to 1.
        on_error: Called with each failure that is followed by a retry.
    """

    clock: Clock
    policy: RetryPolicy = RetryPolicy()
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[], float] = random.random
    on_error: Callable[[EngineId, VendorError], None] = lambda *_: None

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """The answer, or the last failure; an open circuit tells, too, whether an attempt
        before may be paid for.
        """
        errors: list[VendorError] = []
        held_s = 0.0
        while True:
            call.raise_if_cancelled()
            try:
                return self.inner.run(operation, call)
            except CircuitOpen as error:
                wait_s = (error.retry_after_s or 0.0) + self.draw()  # not all at the same moment
                held_s += wait_s
                patient = error.fault.retryable and held_s <= self.policy.hold_s
                if not patient or not self._in_time(call, wait_s):
                    error.outcome_unknown |= any(each.outcome_unknown for each in errors)
                    raise
            except VendorError as error:
                errors.append(error)
                wait_s = self.policy.wait_s(errors, self.draw())
                if not self.policy.should_retry(errors) or not self._in_time(call, wait_s):
                    raise
                self.on_error(self.describe(operation), error)
            self._wait(call, wait_s)

    def _in_time(self, call: CallContext, wait_s: float) -> bool:
        if call.deadline_ms is None:
            return True
        return self.clock.monotonic_ms() + wait_s * 1000 < call.deadline_ms

    def _wait(self, call: CallContext, seconds: float) -> None:
        while seconds > 0:
            call.raise_if_cancelled()
            self.sleep(min(seconds, POLL_INTERVAL_S))
            seconds -= POLL_INTERVAL_S
