"""Work that cannot go on because a vendor is away waits in its row: no thread, no lease."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta

from ytdubber.domain.errors import PutOff, VendorAway, VendorError
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.waiting import Patience, Waiting, vendor_name
from ytdubber.ports.clock import Clock
from ytdubber.ports.leases import Kind, Lease
from ytdubber.ports.service_work import AsService, ServiceWork

log = logging.getLogger(__name__)


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
            PutOff: a vendor is away, and the row says that it waits.
            VendorAway: it waited long enough.
            VendorError: what does not pass by itself.
        """
        try:
            yield
        except VendorError as error:
            if error.fault.retryable:
                raise self._put_off(lease, error) from error
            raise

    def _put_off(self, lease: Lease, error: VendorError) -> PutOff | VendorAway:
        now = self.clock.now()
        with self.fenced(lease)() as work:
            tasks = _open(work, lease)
            waiting = self._next(tasks, error)
            if waiting is None:
                return VendorAway(vendor=vendor_name(error.provider))
            for task in tasks:
                work.tasks.save(task.wait(waiting))
            work.book.put_off(lease, tasks[0].job_id, waiting.again_at)
            alone = tasks[0] if lease.kind is Kind.TASK else None
            work.events.add(tasks[0].job_id, "waiting", _told(waiting, tasks), alone)
            work.commit()
        sentence = waiting.sentence(now)
        log.info("%s %s is put off: %s (%s)", lease.kind, lease.id, sentence, error)
        return PutOff.until((waiting.again_at - now).total_seconds())

    def _next(self, tasks: Sequence[LanguageTask], error: VendorError) -> Waiting | None:
        if not tasks:
            return None
        return self.patience.after(
            tasks[0].waiting,
            error.provider,
            self.clock.now(),
            at_least=timedelta(seconds=error.retry_after_s or 0.0),
            unknown=error.outcome_unknown,
        )


def _open(work: ServiceWork, lease: Lease) -> list[LanguageTask]:
    """The languages that wait with a row."""
    if lease.kind is Kind.TASK:
        return [work.tasks.get(lease.id)]
    return [task for task in work.tasks.of_job(lease.id) if not task.stage.final]


def _told(waiting: Waiting, tasks: Sequence[LanguageTask]) -> dict[str, object]:
    times = {"since": waiting.since.isoformat(), "again_at": waiting.again_at.isoformat()}
    languages = [task.language for task in tasks]
    message = waiting.sentence(waiting.since)
    return {"languages": languages, **asdict(waiting), **times, "message": message}
