"""The worker process: from its first message to the end of its last stage."""

import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol
from uuid import UUID, uuid4

from dramatiq import Worker
from dramatiq.broker import Broker
from sqlalchemy.exc import SQLAlchemyError

from ytdubber.domain.errors import DatabaseAway
from ytdubber.domain.fair_share import Lane
from ytdubber.log import get_logger
from ytdubber.ports.job_queue import PREVIEW_QUEUES, QUEUES
from ytdubber.ports.leases import Kind, Lease, Leases
from ytdubber.ports.reaper import TaskLock
from ytdubber.ports.workers import Workers

from .actors import register
from .heartbeat import Heartbeat
from .job_handler import Ends, JobHandler, RetryPolicy, UseCase
from .periodic import PeriodicTask, Scheduler
from .stop_request import StopRequest

log = get_logger(__name__)


class Parts(Protocol):
    """What a worker is put together from."""

    @property
    def broker(self) -> Broker:
        """The queue, without actors."""
        ...

    @property
    def leases(self) -> Leases:
        """Who works on what."""
        ...

    @property
    def prepare(self) -> UseCase:
        """Hears a job's recording."""
        ...

    @property
    def dub(self) -> UseCase:
        """Dubs one language."""
        ...

    @property
    def preview(self) -> Callable[[UUID], None]:
        """Speaks a line that somebody waits to hear; never raises."""
        ...

    @property
    def failed(self) -> Callable[[Lease, str, str], None]:
        """Records that what a lease is on failed: an error's code and its message."""
        ...

    @property
    def cancelled(self) -> Callable[[Lease], None]:
        """Records that what a lease is on is not wanted any more."""
        ...

    @property
    def bury(self) -> Callable[[Lease, str], None]:
        """Keeps a dead letter of what a lease is on, with a traceback."""
        ...

    @property
    def workers(self) -> Workers:
        """Those that are to be given work."""
        ...

    @property
    def dispatch(self) -> Callable[[], object]:
        """Gives what waits to whoever is free; never raises."""
        ...

    @property
    def task_lock(self) -> TaskLock:
        """Lets one process at a time run a periodic task."""
        ...

    @property
    def reconcile(self) -> Callable[[], object]:
        """Sets right what nobody acts on."""
        ...

    @property
    def purge(self) -> Callable[[], object]:
        """Removes what may not be kept any longer."""
        ...

    @property
    def sweep(self) -> Callable[[], object]:
        """Removes what lies in storage and belongs to nothing."""
        ...

    @property
    def send_outbox(self) -> Callable[[], object]:
        """Tells others what they are to know."""
        ...

    @property
    def send_webhooks(self) -> Callable[[], object]:
        """Tells users' endpoints what happened; several may, what one has taken is its own."""
        ...

    @property
    def watch_alerts(self) -> Callable[[], object]:
        """Tells an operator what is wrong; it sees to it by itself that one at a time does."""
        ...

    @property
    def threads(self) -> Mapping[Lane, int]:
        """The lanes that are served, and how many pieces of work of each run side by side."""
        ...


@dataclass(frozen=True, slots=True)
class WorkerTimings:
    """Intervals and time limits of a worker; tests take shorter ones.

    Attributes:
        lease_s: How long a lease lasts, as the leases have it.
        beat_s: How often leases are renewed: at most so late a cancellation is heard.
        dispatch_s: How often what waits is looked at, beside when work comes or ends.
        reconcile_s: How often rows are looked after.
        purge_s: How often it is looked for what may not be kept.
        sweep_s: How often storage is looked through for what belongs to nothing.
        outbox_s: How often others are told what they are to know.
        webhooks_s: How often users' endpoints are told what happened.
        alerts_s: How often it is looked what an operator is to know.
        grace_s: How long work may go on after a request to stop, before it is handed back.
        stop_s: How long the process may take to stop.
        orphan_s: The same when its parent has died.
        last_s: How long it may still be there in any case.
        retries: How failed work is tried again.
    """

    lease_s: float = 60.0
    beat_s: float = 3.0
    dispatch_s: float = 2.0
    reconcile_s: float = 10.0
    purge_s: float = 60.0
    sweep_s: float = 3600.0
    outbox_s: float = 30.0
    webhooks_s: float = 2.0
    alerts_s: float = 60.0
    grace_s: float = 20.0
    stop_s: float = 26.0
    orphan_s: float = 3.0
    last_s: float = 29.0
    retries: RetryPolicy = field(default_factory=RetryPolicy)


def run(
    parts: Parts,
    timings: WorkerTimings | None = None,
    *,
    worker_id: UUID | None = None,
    parent_pipe: bool = False,
    periodic_tasks: bool = True,
) -> None:
    """Work until a signal asks to stop; a second one ends the process at once.

    Must be called in the main thread. Threads that could not be stopped may remain: the process
    should end when this returns, and is ended when it does not.

    Args:
        parts: What the worker is put together from.
        timings: Intervals and time limits.
        worker_id: Who this process is; a fresh id when None.
        parent_pipe: Stop also when standard input ends, which it does when the process dies that
            holds its other end.
        periodic_tasks: Whether it also does what `maintain` does, in its turn.
    """
    timings = timings or WorkerTimings()
    use_cases = {Kind.JOB: parts.prepare, Kind.TASK: parts.dub}
    me = worker_id or uuid4()
    alive = partial(parts.workers.beat, me, parts.threads)
    heartbeat = Heartbeat(parts.leases, timings.beat_s, timings.lease_s, alive)
    ends = Ends(parts.failed, parts.cancelled, parts.bury, timings.retries)
    handler = JobHandler(parts.leases, heartbeat, use_cases, ends, parts.dispatch, me)
    register(parts.broker, handler, parts.preview)
    scheduler = Scheduler(
        parts.task_lock, _periodic_tasks(parts, timings) if periodic_tasks else []
    )
    worker = LaneWorker(parts.broker, parts.threads)
    stop = StopRequest(timings.last_s)
    orphaned = threading.Event()
    if parent_pipe:
        watch = partial(_watch_standard_input, stop, orphaned)
        threading.Thread(target=watch, name="parent", daemon=True).start()
    heartbeat.start()
    worker.start()
    scheduler.start()
    log.info(
        "worker.started", worker_id=me, **{f"{k}_threads": n for k, n in parts.threads.items()}
    )
    stop.wait()
    scheduler.stop()
    heartbeat.retire()
    retiring = threading.Thread(target=_retire, args=(parts, me), name="retire", daemon=True)
    retiring.start()
    grace_s, stop_s = (
        (0.0, timings.orphan_s) if orphaned.is_set() else (timings.grace_s, timings.stop_s)
    )
    _stop(worker, heartbeat, grace_s, stop_s)
    log.info("worker.stopped", worker_id=me)


def maintain(parts: Parts, timings: WorkerTimings | None = None) -> None:
    """Run the periodic tasks until a signal asks to stop; a second one ends the process at once.

    One process at a time runs each of them, so there may be several, and workers that do them too.
    """
    timings = timings or WorkerTimings()
    scheduler = Scheduler(parts.task_lock, _periodic_tasks(parts, timings))
    stop = StopRequest(timings.last_s)
    scheduler.start()
    log.info("maintenance.started")
    stop.wait()
    scheduler.stop()
    scheduler.join(timings.grace_s)
    log.info("maintenance.stopped")


def _periodic_tasks(parts: Parts, timings: WorkerTimings) -> list[PeriodicTask]:
    return [
        PeriodicTask("dispatch", timings.dispatch_s, parts.dispatch),
        PeriodicTask("reconcile", timings.reconcile_s, parts.reconcile),
        PeriodicTask("purge", timings.purge_s, parts.purge),
        PeriodicTask("sweep", timings.sweep_s, parts.sweep),
        PeriodicTask("outbox", timings.outbox_s, parts.send_outbox),
        PeriodicTask("webhooks", timings.webhooks_s, parts.send_webhooks, exclusive=False),
        PeriodicTask("alerts", timings.alerts_s, parts.watch_alerts, exclusive=False),
    ]


class LaneWorker(Worker):
    """Takes as many messages of each lane as it has threads for, and a message only when a thread
    is free to work on it. Each lane has one more, for lines that somebody waits to hear.
    """

    def __init__(self, broker: Broker, threads: Mapping[Lane, int]) -> None:
        self._most = {QUEUES[lane]: count for lane, count in threads.items()}
        self._most |= {PREVIEW_QUEUES[lane]: 1 for lane in threads}
        super().__init__(broker, queues={*self._most}, worker_threads=sum(self._most.values()))

    def _add_consumer(self, queue_name: str, *, delay: bool = False) -> None:
        self.queue_prefetch = self._most.get(queue_name, 1)
        super()._add_consumer(queue_name, delay=delay)


def _retire(parts: Parts, me: UUID) -> None:
    """Let others have what would come here; without a database they do so when it is back."""
    try:
        parts.workers.gone(me)
    except (SQLAlchemyError, DatabaseAway) as error:
        log.info("worker.counts_for_a_minute", error=error)
    parts.dispatch()


def _watch_standard_input(stop: StopRequest, orphaned: threading.Event) -> None:
    """Stop when it ends: whoever held its other end has died."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    if not stop.is_set():
        orphaned.set()
    stop.set()


def _stop(worker: Worker, heartbeat: Heartbeat, grace_s: float, within_s: float) -> None:
    """Take no more messages, let work end or hand it back, and be done in time, also when the
    database is away.
    """
    log.info("worker.stopping", grace_s=grace_s)
    for consumer in worker.consumers.values():
        consumer.stop()
    end = threading.Timer(grace_s, heartbeat.release)
    end.daemon = True
    end.start()
    stopping = threading.Thread(
        target=worker.stop, args=(int(within_s * 1000),), name="stop", daemon=True
    )
    stopping.start()
    stopping.join(within_s)
    end.cancel()
    dropping = threading.Thread(target=heartbeat.drop_all, name="drop", daemon=True)
    dropping.start()
    dropping.join(2.0)
    heartbeat.stop()
