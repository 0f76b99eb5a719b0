"""The rows are the truth: what they say and nobody acts on is acted on here."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from ytdubber.domain.errors import (
    BegunTooOften,
    DatabaseAway,
    DeadlineExceeded,
    QueueAway,
    YtDubberError,
)
from ytdubber.log import bound, get_logger
from ytdubber.ports.leases import Lease
from ytdubber.ports.reaper import Reaper

MOST_CLAIMS = 20
"""Work that was begun so often, by retries, hand-overs and workers that died, is given up: it may
be what kills them."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How much there was to do."""

    cancelled: int = 0
    failed: int = 0
    finished: int = 0
    woken: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Ends what was cancelled or takes too long, finishes jobs, and wakes what is waiting.

    Attributes:
        reaper: Finds the rows that need an end.
        failed: Records that what a lease is on failed: an error's code and its message.
        cancelled: Records that what a lease is on is not wanted any more.
        finish: Ends a job whose languages have all ended.
    """

    reaper: Reaper
    failed: Callable[[Lease, str, str], None]
    cancelled: Callable[[Lease], None]
    finish: Callable[[UUID], None]

    def __call__(self) -> Reconciled:
        """Look once."""
        return Reconciled(
            cancelled=sum(self._cancel(lease) for lease in self.reaper.cancelled()),
            failed=sum(
                self._fail(lease, DeadlineExceeded()) for lease in self.reaper.past_deadline()
            )
            + sum(
                self._fail(each, BegunTooOften())
                for each in self.reaper.attempts_exceeded(MOST_CLAIMS)
            ),
            finished=sum(self._finish(job_id) for job_id in self.reaper.unfinished()),
            woken=self._recall(),
            unknown=self.reaper.settle_unknown(),
        )

    def _recall(self) -> int:
        try:
            return self.reaper.recall()
        except QueueAway as error:
            log.debug("queue.recalled_later", error=error)
            return 0

    def _cancel(self, lease: Lease) -> bool:
        return self._ended(lease, lambda: self.cancelled(lease))

    def _fail(self, lease: Lease, error: YtDubberError) -> bool:
        return self._ended(lease, lambda: self.failed(lease, error.code, str(error)))

    def _ended(self, lease: Lease, act: Callable[[], None]) -> bool:
        with bound(**lease.ids):
            ended = _tried(lease.id, act)
            return _tried(lease.id, lambda: self.reaper.release(lease)) and ended

    def _finish(self, job_id: UUID) -> bool:
        return _tried(job_id, lambda: self.finish(job_id))


def _tried(row_id: UUID, act: Callable[[], None]) -> bool:
    try:
        act()
    except DatabaseAway:  # which is told elsewhere
        return False
    except Exception as error:  # whatever is wrong with one row must not keep the others waiting
        log.exception("row.not_reconciled", error=error, row_id=row_id)
        return False
    return True
