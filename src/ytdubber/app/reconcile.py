"""The rows are the truth: what they say and nobody acts on is acted on here."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from ytdubber.domain.errors import BegunTooOften, DeadlineExceeded, YtDubberError
from ytdubber.ports.leases import Kind
from ytdubber.ports.upkeep import Upkeep, WorkRow

MOST_CLAIMS = 20
"""Work that was begun so often, by retries, hand-overs and workers that died, is given up: it may
be what kills them."""

logger = logging.getLogger(__name__)


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
        upkeep: The rows.
        failed: Records that a row failed: its kind, its id, an error's code and its message.
        cancelled: Records that a row is not wanted any more.
        finish: Ends a job whose languages have all ended.
    """

    upkeep: Upkeep
    failed: Callable[[Kind, UUID, str, str], None]
    cancelled: Callable[[Kind, UUID], None]
    finish: Callable[[UUID], None]

    def __call__(self) -> Reconciled:
        """Look once."""
        return Reconciled(
            cancelled=sum(self._cancel(row) for row in self.upkeep.unwanted()),
            failed=sum(self._fail(row, DeadlineExceeded()) for row in self.upkeep.overdue())
            + sum(self._fail(row, BegunTooOften()) for row in self.upkeep.exhausted(MOST_CLAIMS)),
            finished=sum(self._finish(job_id) for job_id in self.upkeep.unfinished()),
            woken=self.upkeep.wake(),
            unknown=self.upkeep.settle_unknown(),
        )

    def _cancel(self, row: WorkRow) -> bool:
        return _tried(row.id, lambda: self.cancelled(row.kind, row.id))

    def _fail(self, row: WorkRow, error: YtDubberError) -> bool:
        def fail() -> None:
            self.upkeep.revoke(row)
            self.failed(row.kind, row.id, error.code, str(error))

        return _tried(row.id, fail)

    def _finish(self, job_id: UUID) -> bool:
        return _tried(job_id, lambda: self.finish(job_id))


def _tried(row_id: UUID, act: Callable[[], None]) -> bool:
    try:
        act()
    except Exception:  # whatever is wrong with one row must not keep the others waiting
        logger.exception("row %s could not be set right", row_id)
        return False
    return True
