"""Where a worker takes work up: the lease, the use case, and what its end means."""

import logging
import threading
from collections.abc import Callable, Mapping
from uuid import UUID

from dramatiq import Retry

from ytdubber.domain.errors import (
    BadInput,
    Cancelled,
    DatabaseAway,
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
from ytdubber.ports.leases import Busy, Kind, Lease, Leases, new_owner

from .pulse import Pulse

logger = logging.getLogger(__name__)

UseCase = Callable[[Lease, Callable[[], None]], None]
"""Works on a row under a lease; calls the function between pieces, which raises to stop it."""


LEAST_DELAY_MS = 250
"""A message that goes back must not be taken by another worker before this one lets go of it."""


class Again(Retry):
    """The message goes back into the queue for a while; nothing has failed."""

    def __init__(self, delay_ms: int = 0) -> None:
        super().__init__(delay=max(delay_ms, LEAST_DELAY_MS))


class Desk:
    """Runs each piece of work in one place at a time.

    Args:
        leases: Who works on what.
        pulse: Keeps the leases alive.
        use_cases: What is done with a row of each kind.
        failed: Records that what a lease is on failed: an error's code and its message.
        cancelled: Records that what a lease is on is not wanted any more.
        worker: This process, so that whoever sees it die can free what it had in hand.
    """

    def __init__(
        self,
        leases: Leases,
        pulse: Pulse,
        use_cases: Mapping[Kind, UseCase],
        failed: Callable[[Lease, str, str], None],
        cancelled: Callable[[Lease], None],
        worker: UUID,
    ) -> None:
        self._worker = worker
        self._leases = leases
        self._pulse = pulse
        self._use_cases = use_cases
        self._failed = failed
        self._cancelled = cancelled
        self._thread = threading.local()

    def work(self, kind: Kind, row_id: UUID) -> None:
        """Work on a row, unless there is nothing left to do. What the user can put right is
        recorded; anything else is raised.

        Raises:
            Again: somebody else works on it, it waits for a vendor, or this process stops.
            Exception: whatever went wrong.
        """
        self._thread.lease = None
        lease = self._claimed(kind, row_id)
        if lease is None:
            return
        self._thread.lease = lease
        held = self._pulse.hold(lease)
        try:
            self._use_cases[kind](lease, held.check)
        except Cancelled:
            self._cancelled(lease)
        except LeaseLost:
            logger.info("%s %s goes on elsewhere or has ended", kind, row_id)
        except HandedBack:
            raise Again from None
        except DatabaseAway as away:  # whatever was made is kept, and nothing has failed
            raise Again(away.again_s * 1000) from None
        except PutOff as put_off:
            raise Again(int(put_off.delay_s * 1000)) from None
        except MachineError:
            raise
        except BadInput as error:
            self._failed(lease, error.code, str(error))
        finally:
            self._pulse.drop(held)

    def _claimed(self, kind: Kind, row_id: UUID) -> Lease | None:
        try:
            lease = self._leases.claim(kind, row_id, new_owner(self._worker))
        except DatabaseAway as away:
            raise Again(away.again_s * 1000) from None
        if isinstance(lease, Busy):
            raise Again(int(lease.retry_after_s * 1000) + 1)
        return lease

    def give_up(self, kind: Kind, row_id: UUID, error: BaseException) -> None:
        """Record that a row failed for good, in words for its user, where the work of this thread
        failed last: what it could not even begin is for whoever can.
        """
        lease: Lease | None = getattr(self._thread, "lease", None)
        if lease is None or (lease.kind, lease.id) != (kind, row_id):
            logger.warning("%s %s could not be taken up: %s", kind, row_id, error)
            return
        shown: YtDubberError = InternalError()
        if isinstance(error, YtDubberError) and not isinstance(error, MachineError):
            shown = error
        message = to_user(shown) if isinstance(shown, VendorError) else str(shown)
        logger.error("%s %s failed for good: %s", kind, row_id, error)
        self._failed(lease, shown.code, message)


def retryable(error: BaseException) -> bool:
    """Whether the same work may succeed later."""
    if isinstance(error, VendorError):
        return error.fault.retryable
    ours = isinstance(error, StorageNotWorking | MachineError | PairNotFetched)
    return ours or not isinstance(error, YtDubberError)
