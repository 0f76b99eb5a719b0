"""Work that cannot go on because a vendor or the storage is away waits in its row: no thread, no
lease.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta

from ytdubber.domain.errors import (
    PutOff,
    StorageNotWorking,
    VendorAway,
    VendorError,
    YtDubberError,
)
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.waiting import STORAGE, Patience, Waiting, vendor_name
from ytdubber.log import get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.leases import Kind, Lease
from ytdubber.ports.service_work import AsService, ServiceWork

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PutsOff:
    """Puts work off under its lease.

    Attributes:
        fenced: Begins transactions under a lease.
        clock: Tells the time.
        patience: How long it waits, and how often it is tried.
    """

    fenced: Callable[[Lease], AsService]
    clock: Clock
    patience: Patience

    def waits(self, tasks: Sequence[LanguageTask]) -> bool:
        """Whether these would wait, should a vendor be away now."""
        return not any(self.patience.over(task.waiting, self.clock.now()) for task in tasks)

    @contextmanager
    def __call__(self, lease: Lease) -> Iterator[None]:
        """Around the work on a row.

        Raises:
            PutOff: a vendor or the storage is away, and the row says that it waits.
            VendorAway: it waited long enough for a vendor.
            VendorError: what does not pass by itself.
            StorageNotWorking: it is not away, or nothing is left that may wait.
        """
        try:
            yield
        except VendorError as error:
            if not error.fault.retryable:
                raise
            away = _Away(error.provider, error.retry_after_s or 0.0, error.outcome_unknown)
            put_off = self._put_off(lease, away, error)
            raise put_off or VendorAway(vendor=vendor_name(error.provider)) from error
        except StorageNotWorking as error:
            put_off = self._put_off(lease, _Away(STORAGE), error) if error.away else None
            if put_off is None:
                raise
            raise put_off from error

    def _put_off(self, lease: Lease, away: "_Away", error: YtDubberError) -> PutOff | None:
        """None when it waits no more."""
        now = self.clock.now()
        with self.fenced(lease)() as work:
            tasks = _open(work, lease)
            waiting = self._next(tasks[0], away) if tasks else None
            if waiting is None:
                return None
            for task in tasks:
                work.tasks.save(task.wait(waiting))
            work.job_repository.put_off(lease, tasks[0].job_id, waiting.again_at)
            alone = tasks[0] if lease.kind is Kind.TASK else None
            work.events.add(tasks[0].job_id, "waiting", _told(waiting, tasks), alone)
            work.commit()
        log.info(
            "work.put_off",
            kind=lease.kind,
            waits_for=waiting.vendor,
            tries=waiting.tries,
            again_at=waiting.again_at.isoformat(),
            error=error,
        )
        return PutOff(delay_s=(waiting.again_at - now).total_seconds())

    def _next(self, task: LanguageTask, away: "_Away") -> Waiting | None:
        return self.patience.after(
            task.waiting,
            away.who,
            self.clock.now(),
            at_least=timedelta(seconds=away.retry_after_s),
            unknown=away.outcome_unknown,
        )


@dataclass(frozen=True, slots=True)
class _Away:
    """Who is away, when they want to be asked again, and whether they may have done the work."""

    who: str
    retry_after_s: float = 0.0
    outcome_unknown: bool = False


def _open(work: ServiceWork, lease: Lease) -> list[LanguageTask]:
    """The languages that wait with a row."""
    one = lease.kind is Kind.TASK
    tasks = [work.tasks.get(lease.id)] if one else work.tasks.of_job(lease.id)
    return [task for task in tasks if not task.stage.final]


def _told(waiting: Waiting, tasks: Sequence[LanguageTask]) -> dict[str, object]:
    times = {"since": waiting.since.isoformat(), "again_at": waiting.again_at.isoformat()}
    languages = [task.language for task in tasks]
    message = waiting.sentence(waiting.since)
    return {"languages": languages, **asdict(waiting), **times, "message": message}
