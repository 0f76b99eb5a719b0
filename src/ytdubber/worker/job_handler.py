"""Handles one message of the queue: the lease, the use case, and what its end means."""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from ytdubber.domain.errors import (
    BadInput,
    Cancelled,
    DatabaseAway,
    DiskFull,
    HandedBack,
    InternalError,
    LeaseLost,
    MachineError,
    PairNotFetched,
    PutOff,
    StorageNotWorking,
    VendorError,
    YtDubberError,
    to_user,
)
from ytdubber.log import bind, get_logger
from ytdubber.ports.leases import Kind, Later, Lease, Leases, new_owner
from ytdubber.tracing import SpanKind, span

from .heartbeat import Heartbeat

_SPANS = {Kind.JOB: "job.hear", Kind.TASK: "language.dub"}

log = get_logger(__name__)

UseCase = Callable[[Lease, Callable[[], None]], None]
"""Works on a row under a lease; calls the function between pieces, which raises to stop it."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often failed work is tried again, and after how long: twice as long every time."""

    max_retries: int = 3
    min_backoff_ms: int = 15_000
    max_backoff_ms: int = 600_000

    def after(self, lease: Lease, error: Exception) -> Later | None:
        """When work that failed is tried again, or None when it is given up."""
        if lease.retries >= self.max_retries or not retryable(error):
            return None
        backoff_ms = min(self.min_backoff_ms * 2**lease.retries, self.max_backoff_ms)
        return Later(backoff_ms / 1000, failed=True)


@dataclass(frozen=True, slots=True)
class Ends:
    """What becomes of work that does not end well.

    Attributes:
        failed: Records that what a lease is on failed: an error's code and its message.
        cancelled: Records that what a lease is on is not wanted any more.
        bury: Keeps a dead letter of what a lease is on, with a traceback.
        retries: How failed work is tried again.
    """

    failed: Callable[[Lease, str, str], None]
    cancelled: Callable[[Lease], None]
    bury: Callable[[Lease, str], None]
    retries: RetryPolicy


class JobHandler:
    """Runs each piece of work in one place at a time.

    Args:
        leases: Who works on what.
        heartbeat: Keeps the leases alive.
        use_cases: What is done with a row of each kind.
        ends: What becomes of what does not end well.
        dispatch: Gives what waits to whoever is free, as this thread is when its work has ended.
        worker: This process, so that whoever sees it die can free what it had in hand.
    """

    def __init__(
        self,
        leases: Leases,
        heartbeat: Heartbeat,
        use_cases: Mapping[Kind, UseCase],
        ends: Ends,
        dispatch: Callable[[], object],
        worker: UUID,
    ) -> None:
        self._worker = worker
        self._leases = leases
        self._heartbeat = heartbeat
        self._use_cases = use_cases
        self._ends = ends
        self._dispatch = dispatch

    def work(self, kind: Kind, row_id: UUID) -> None:
        """Work on a row, unless somebody else does or there is nothing left to do. What becomes of
        it stands in the row.
        """
        lease = self._claimed(kind, row_id)
        if lease is None:
            return
        held = self._heartbeat.hold(lease)
        later = Later()
        bind(**lease.ids)  # until the message is done, also for what the library says of it
        try:
            later = self._traced(lease, held.check)
        finally:
            self._heartbeat.drop(held, later)
            self._dispatch()

    def _claimed(self, kind: Kind, row_id: UUID) -> Lease | None:
        try:
            return self._leases.claim(kind, row_id, new_owner(self._worker))
        except DatabaseAway:
            return None  # its message counts as lost, and is sent again

    def _traced(self, lease: Lease, check: Callable[[], None]) -> Later:
        """Do it in the trace of the request that it came from, however often it is begun."""
        tries = {"attempt": lease.attempt, "retries": lease.retries}
        with span(_SPANS[lease.kind], SpanKind.CONSUMER, lease.origin.traceparent, **tries) as ours:
            log.info("work.started", kind=lease.kind, **tries)

            def use_case() -> None:
                try:
                    self._use_cases[lease.kind](lease, check)
                except BaseException as error:
                    ours.failed(error)
                    raise

            return self._worked(lease, use_case)

    def _worked(self, lease: Lease, use_case: Callable[[], None]) -> Later:
        """Do it; returns when it goes on, where it does."""
        try:
            use_case()
        except Cancelled:
            self._ends.cancelled(lease)
        except LeaseLost:
            log.info("work.lost", kind=lease.kind)
        except HandedBack:
            log.info("work.handed_back", kind=lease.kind)
        except DatabaseAway as away:  # whatever was made is kept, and nothing has failed
            return Later(away.again_s)
        except PutOff as put_off:
            return Later(put_off.delay_s)
        except Exception as error:
            return self._failed(lease, error)
        return Later()

    def _failed(self, lease: Lease, error: Exception) -> Later:
        """What the user can put right is recorded, and what no work is to blame for waits. Anything
        else is tried again, or given up in words for its user and with a dead letter for the
        operator.
        """
        if isinstance(error, DiskFull) or (isinstance(error, StorageNotWorking) and error.away):
            say = log.warning if isinstance(error, DiskFull) else log.info
            say("work.waits", kind=lease.kind, again_s=error.again_s, error=error)
            return Later(error.again_s)
        if isinstance(error, BadInput):
            self._ends.failed(lease, error.code, str(error))
            return Later()
        later = self._ends.retries.after(lease, error)
        if later is not None:
            _unexpected(error)
            log.info("work.retried", kind=lease.kind, after_s=later.after_s, error=error)
            return later
        _unexpected(error)
        log.info("work.given_up", kind=lease.kind, retries=lease.retries, error=error)
        self._ends.bury(lease, "".join(traceback.format_exception(error)))
        shown: YtDubberError = InternalError()
        if isinstance(error, YtDubberError) and not isinstance(error, MachineError):
            shown = error
        self._ends.failed(lease, shown.code, _told(shown))
        return Later()


def _told(error: YtDubberError) -> str:
    """What a user is told of an error."""
    if isinstance(error, VendorError):
        return to_user(error)
    return error.to_user if isinstance(error, StorageNotWorking) else str(error)


def _unexpected(error: Exception) -> None:
    """A fault of ours says where it came from; of all others their words say what there is."""
    if not isinstance(error, YtDubberError):
        log.exception("work.unexpected_error", error=error)


def retryable(error: BaseException) -> bool:
    """Whether the same work may succeed later."""
    if isinstance(error, VendorError):
        return error.fault.retryable
    ours = isinstance(error, StorageNotWorking | MachineError | PairNotFetched)
    return ours or not isinstance(error, YtDubberError)
