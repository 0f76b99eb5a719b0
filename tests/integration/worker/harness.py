"""A worker whose use cases only record that they ran.

python -m tests.integration.worker.harness URL '{"threads": 2, "lease_s": 2, ...}'
"""

import json
import logging
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID, uuid4

from dramatiq.broker import Broker
from sqlalchemy import Connection, Engine
from tests.booking import booked
from tests.integration.worker.recorder import Recorder

from ytdubber.adapters.db.connection.shared_pool import SharedPool
from ytdubber.adapters.db.coordination import reaper
from ytdubber.adapters.db.coordination.dead_letters import SqlDeadLetters, bury
from ytdubber.adapters.db.coordination.dispatch import SqlDispatcher
from ytdubber.adapters.db.coordination.leases import SqlLeases
from ytdubber.adapters.db.coordination.replay import Replay
from ytdubber.adapters.db.coordination.workers import SqlWorkers
from ytdubber.adapters.db.database import Database, make_engine
from ytdubber.adapters.queue.broker import make_broker
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.adapters.queue.redis import RedisQueue, make_redis_broker
from ytdubber.app.operations.reconcile import Reconcile
from ytdubber.domain.fair_share import Lane
from ytdubber.ports.job_queue import JobQueue
from ytdubber.ports.leases import Kind
from ytdubber.ports.reaper import TaskLock
from ytdubber.worker.actors import register
from ytdubber.worker.heartbeat import Heartbeat
from ytdubber.worker.job_handler import Ends, JobHandler, RetryPolicy
from ytdubber.worker.process import LaneWorker, WorkerTimings, run

RETRIES = RetryPolicy(max_retries=2, min_backoff_ms=10, max_backoff_ms=20)
HASTE = WorkerTimings(
    lease_s=3,
    beat_s=0.3,
    dispatch_s=0.1,
    reconcile_s=0.5,
    grace_s=1,
    stop_s=6,
    last_s=9,
    retries=RETRIES,
)


@dataclass
class WorkerHarness:
    """The parts of a worker, by `ytdubber.worker.process.Parts`."""

    url: str
    count: int = 2
    lease_s: float = HASTE.lease_s
    heartbeat_s: float = 0.3
    redis_url: str | None = None
    lanes: Sequence[Lane] = tuple(Lane)
    queue: JobQueue[Connection] = field(default_factory=PostgresQueue)
    engine: Engine = field(init=False)
    broker: Broker = field(init=False)

    def __post_init__(self) -> None:
        self.engine = make_engine(self.url, pool_size=8, name="harness")
        self.broker = self._broker()
        self.leases = SqlLeases(self.engine, self.lease_s)
        self.dispatch = SqlDispatcher(self.engine, self.queue, self.lease_s)
        self.workers = SqlWorkers(self.engine)
        self.bury = partial(bury, self.engine)
        self.database = Database(self.engine, self.dispatch)
        recorder = Recorder(self.url, self.database)
        self.recorder = recorder
        self.prepare, self.dub = recorder.prepare, recorder.dub
        self.failed, self.cancelled = recorder.failed, recorder.cancelled
        self.task_lock: TaskLock = partial(reaper.task_lock, self.engine)
        self.reaper = reaper.SqlReaper(self.engine, self.queue, booked)
        self.reconcile = Reconcile(self.reaper, self.failed, self.cancelled, recorder.finish)

    def _broker(self) -> Broker:
        if self.redis_url is not None:
            self.queue = RedisQueue(make_redis_broker(self.redis_url))
            return make_redis_broker(self.redis_url, heartbeat_ms=int(self.lease_s * 1000))
        pool = SharedPool(self.engine)
        return make_broker(
            pool, pool, heartbeat_s=self.heartbeat_s, ttl_s=self.lease_s, maintenance_s=0.5
        )

    @property
    def threads(self) -> dict[Lane, int]:
        return dict.fromkeys(self.lanes, self.count)

    @property
    def letters(self) -> SqlDeadLetters:
        return SqlDeadLetters(self.engine, Replay(), self.dispatch)

    def preview(self, preview_id: UUID) -> None:
        """Somebody has heard it."""
        with self.database.as_service() as work:
            if work.previews.take(preview_id) is not None:
                work.previews.spoken(preview_id, {})
            work.commit()

    def send_outbox(self) -> None:
        """There is nobody to tell."""

    def send_webhooks(self) -> None:
        """No program is to know."""

    def watch_alerts(self) -> None:
        """Nobody is to know."""

    def sweep(self) -> None:
        """Nothing is stored."""

    def purge(self) -> None:
        """Keeps everything."""

    def close(self) -> None:
        self.broker.close()
        self.engine.dispose()


@contextmanager
def working(
    url: str,
    threads: int = 2,
    redis_url: str | None = None,
    lanes: Sequence[Lane] = tuple(Lane),
) -> Iterator[WorkerHarness]:
    """A worker in this process, without reconciling."""
    harness = WorkerHarness(url, threads, redis_url=redis_url, lanes=lanes)
    me = uuid4()
    alive = partial(harness.workers.beat, me, harness.threads)
    heartbeat = Heartbeat(harness.leases, HASTE.beat_s, HASTE.lease_s, alive)
    use_cases = {Kind.JOB: harness.prepare, Kind.TASK: harness.dub}
    ends = Ends(harness.failed, harness.cancelled, harness.bury, RETRIES)
    handler = JobHandler(harness.leases, heartbeat, use_cases, ends, harness.dispatch, me)
    register(harness.broker, handler, harness.preview)
    worker = LaneWorker(harness.broker, harness.threads)
    worker.worker_timeout = 100
    stopped = threading.Event()

    def dispatch() -> None:
        while not stopped.wait(HASTE.dispatch_s):
            harness.dispatch()

    dispatching = threading.Thread(target=dispatch)
    heartbeat.start()
    worker.start()
    dispatching.start()
    try:
        yield harness
    finally:
        stopped.set()
        dispatching.join()
        for consumer in worker.consumers.values():
            consumer.stop()
        worker.stop(5_000)
        heartbeat.stop()
        harness.close()


def main(arguments: Sequence[str]) -> None:
    url, options = arguments[0], json.loads(arguments[1])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    harness = WorkerHarness(url, options.get("threads", 2))
    run(harness, HASTE, parent_pipe="--parent-pipe" in arguments)
    harness.close()


if __name__ == "__main__":
    main(sys.argv[1:])
