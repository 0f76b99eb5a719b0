"""A worker whose use cases only record that they ran, and what a job in its tables looks like.

    python -m tests.integration.worker.station URL '{"threads": 2, "lease_s": 2, ...}'

The language of a task says how its dub goes; see `_DUBS`.
"""

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
from dramatiq.broker import Broker
from psycopg.rows import dict_row
from sqlalchemy import Connection, Engine
from tests.booking import booked

from ytdubber.adapters.db import migrate, upkeep
from ytdubber.adapters.db.database import Database, Fence, make_engine
from ytdubber.adapters.db.dead_letters import SqlDeadLetters, bury
from ytdubber.adapters.db.dispatch import SqlDispatcher
from ytdubber.adapters.db.leases import SqlLeases
from ytdubber.adapters.db.reopening import Reopen
from ytdubber.adapters.db.shared_pool import SharedPool
from ytdubber.adapters.db.workers import SqlWorkers
from ytdubber.adapters.queue.broker import make_broker
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.adapters.queue.redis import RedisQueue, make_redis_broker
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.reconcile import Reconcile
from ytdubber.domain.errors import DiskFull, Fault, ModelMissing, NoSpeech, PutOff, VendorError
from ytdubber.domain.fair_share import Lane
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.stage import Stage
from ytdubber.ports.job_queue import JobQueue, Wake
from ytdubber.ports.leases import Kind, Lease
from ytdubber.ports.upkeep import Alone
from ytdubber.worker.actors import register
from ytdubber.worker.desk import Desk, Ends, RetryPolicy
from ytdubber.worker.process import LaneWorker, Pace, run
from ytdubber.worker.pulse import Pulse

TABLES = {Kind.JOB: "dubbing_jobs", Kind.TASK: "language_tasks"}
RETRIES = RetryPolicy(max_retries=2, min_backoff_ms=10, max_backoff_ms=20)
HASTE = Pace(
    lease_s=3, beat_s=0.3, dispatch_s=0.1, reconcile_s=0.5, grace_s=1, stop_s=6, retries=RETRIES
)


def migrated(url: str) -> None:
    """The service's tables, and one for what ran."""
    engine = make_engine(url, pool_size=1, name="migrate")
    migrate.upgrade(engine)
    engine.dispose()
    Rows(url).ask(
        "create table public.runs (row_id uuid, attempt int, pid int, ended text, at timestamptz"
        " default clock_timestamp())"
    )


@dataclass(frozen=True)
class Made:
    """A job and its languages' tasks."""

    id: UUID
    user_id: UUID
    tasks: dict[str, UUID]


class Rows:
    """The database as its administrator sees it."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, query: LiteralString, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(self._url, autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def one(self, query: LiteralString, *values: object) -> Any:
        """The one value of the one row."""
        (row,) = self.ask(query, *values)
        (value,) = row.values()
        return value

    def clear(self) -> None:
        """Remove every row, also those that may only be added to."""
        self.ask(
            """
            do $$
            declare
              name text;
            begin
              set local session_replication_role = replica;
              for name in
                select format('%I.%I', schemaname, tablename) from pg_tables
                where schemaname in ('ytdubber', 'ytdubber_queue', 'public')
                  and tablename <> 'alembic_version'
              loop
                execute 'delete from ' || name;
              end loop;
            end $$
            """
        )

    def job(self, *languages: str, prepared: bool = True) -> Made:
        """A job that was submitted and, if wanted, heard."""
        made = Made(uuid4(), uuid4(), {language: uuid4() for language in languages})
        self.ask("insert into ytdubber.users (id) values (%s)", made.user_id)
        self.ask(
            "insert into ytdubber.dubbing_jobs (id, user_id, title, target_languages, stage,"
            " has_background, submitted_at, deadline_at, prepared) values"
            " (%s, %s, 'A', %s, 'queued', false, now(), now() + interval '1 hour', %s)",
            made.id,
            made.user_id,
            list(languages),
            "{}" if prepared else None,
        )
        with psycopg.connect(self._url) as connection:
            connection.cursor().executemany(
                "insert into ytdubber.language_tasks (id, job_id, user_id, position, language)"
                " values (%s, %s, %s, %s, %s)",
                [
                    (task_id, made.id, made.user_id, position, language)
                    for position, (language, task_id) in enumerate(made.tasks.items())
                ],
            )
        return made

    def wake(self, kind: Kind, *row_ids: UUID) -> None:
        """Send messages."""
        engine = make_engine(self._url, pool_size=1, name="wake")
        with engine.begin() as connection:
            for row_id in row_ids:
                PostgresQueue().send(connection, [Wake(kind, row_id, Lane.IO)])
        engine.dispose()

    def wake_tasks(self, job: Made) -> None:
        """Send a message for each language."""
        self.wake(Kind.TASK, *job.tasks.values())

    def stages(self, job: Made) -> dict[str, str]:
        rows = self.ask(
            "select language, stage from ytdubber.language_tasks where job_id = %s", job.id
        )
        return {row["language"]: row["stage"] for row in rows}

    def runs(self, row_id: UUID) -> list[dict[str, Any]]:
        """What ran, oldest first."""
        return self.ask("select * from public.runs where row_id = %s order by at", row_id)

    def finished(self, job: Made) -> bool:
        """Whether the job has ended, which is written after the ends of its languages."""
        ended = "select finished_at is not null from ytdubber.dubbing_jobs where id = %s"
        return bool(self.one(ended, job.id))

    def letters(self) -> int:
        """How much was given up."""
        return int(self.one("select count(*) from ytdubber.dead_letters"))

    def messages(self) -> list[str]:
        """The states of the messages there are."""
        rows = self.ask("select state::text from ytdubber_queue.queue order by mtime")
        return [row["state"] for row in rows]


class Recorder:
    """Use cases that record their runs in `public.runs`."""

    def __init__(self, url: str, database: Database) -> None:
        self._rows = Rows(url)
        self._database = database
        self._clock = SystemClock()

    def prepare(self, lease: Lease, check: Callable[[], None]) -> None:
        check()
        self._begin(lease)
        with self.fenced(lease) as work:
            work.book.save_prepared(lease.id, {})
            work.wake()
            work.commit()

    def dub(self, lease: Lease, check: Callable[[], None]) -> None:
        self._begin(lease)
        ended = "failed"
        try:
            with self._database.as_service() as work:
                language = work.tasks.get(lease.id).language
            kind, _, argument = language.partition(":")
            _DUBS[kind](argument, lease.attempt, check)
            with self.fenced(lease) as work:
                task = work.tasks.get(lease.id)
                work.tasks.save(task.enter(Stage.COMPLETE, self._clock.now()))
                work.commit()
            self.finish(task.job_id)
            ended = "complete"
        except Exception as error:
            ended = type(error).__name__
            raise
        finally:
            self._rows.ask(
                "update public.runs set ended = %s where row_id = %s and attempt = %s and pid = %s",
                ended,
                lease.id,
                lease.attempt,
                os.getpid(),
            )

    def failed(self, lease: Lease, code: str, message: str) -> None:
        self._end(lease, lambda task: task.fail(code, message, self._clock.now()))

    def cancelled(self, lease: Lease) -> None:
        self._end(lease, lambda task: task.cancel(self._clock.now()))

    def finish(self, job_id: UUID) -> None:
        with self._database.as_service() as work:
            now = self._clock.now()
            if all(task.stage.final for task in work.tasks.of_job(job_id)):
                work.book.finish(job_id, now, now)
            work.commit()

    def fenced(self, lease: Lease, *, released: bool = False) -> AbstractContextManager[Any]:
        return self._database.as_service(
            Fence(TABLES[lease.kind], lease.id, lease.owner, lease.attempt, released)
        )

    def _begin(self, lease: Lease) -> None:
        self._rows.ask(
            "insert into public.runs values (%s, %s, %s)", lease.id, lease.attempt, os.getpid()
        )

    def _end(self, lease: Lease, change: Callable[[LanguageTask], LanguageTask]) -> None:
        with self.fenced(lease, released=True) as work:
            one = lease.kind is Kind.TASK
            tasks = [work.tasks.get(lease.id)] if one else work.tasks.of_job(lease.id)
            for task in tasks:
                if not task.stage.final:
                    work.tasks.save(change(task))
            work.commit()
        for task in tasks:
            self.finish(task.job_id)


def _quick(argument: str, attempt: int, check: Callable[[], None]) -> None:
    check()


def _slow(argument: str, attempt: int, check: Callable[[], None]) -> None:
    """Takes so many seconds, and asks all the time whether it is wanted."""
    end = time.monotonic() + float(argument)
    while time.monotonic() < end:
        check()
        time.sleep(0.05)


def _slow_once(argument: str, attempt: int, check: Callable[[], None]) -> None:
    if attempt == 1:
        _slow(argument, attempt, check)


def _deaf(argument: str, attempt: int, check: Callable[[], None]) -> None:
    time.sleep(float(argument))


def _flaky(argument: str, attempt: int, check: Callable[[], None]) -> None:
    if attempt <= int(argument):
        raise ConnectionError("the network was away")


def _broken(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise ConnectionError("the network was away")


def _telling(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise ConnectionError("the network was away for what Zanzibar said")


def _unpaid(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise VendorError("acme", Fault.QUOTA, "nothing left")


def _without_model(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise ModelMissing(model="m", reason="no network", command="pull m", folder="/home/operator/m")


def _full(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise DiskFull(where="/scratch")


def _put_off(argument: str, attempt: int, check: Callable[[], None]) -> None:
    """Waits so many seconds for a vendor, once."""
    if attempt == 1:
        raise PutOff.until(float(argument))


def _silent(argument: str, attempt: int, check: Callable[[], None]) -> None:
    raise NoSpeech(file="voice.wav")


_DUBS = {
    "quick": _quick,
    "slow": _slow,
    "slow-once": _slow_once,
    "deaf": _deaf,
    "flaky": _flaky,
    "broken": _broken,
    "telling": _telling,
    "unpaid": _unpaid,
    "silent": _silent,
    "put-off": _put_off,
    "full": _full,
    "without-model": _without_model,
}


@dataclass
class Station:
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
        self.engine = make_engine(self.url, pool_size=8, name="station")
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
        self.alone: Alone = partial(upkeep.alone, self.engine)
        self.upkeep = upkeep.SqlUpkeep(self.engine, self.queue, booked)
        self.reconcile = Reconcile(self.upkeep, self.failed, self.cancelled, recorder.finish)

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
        return SqlDeadLetters(self.engine, Reopen(), self.dispatch)

    def send_outbox(self) -> None:
        """There is nobody to tell."""

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
) -> Iterator[Station]:
    """A worker in this process, without reconciling."""
    station = Station(url, threads, redis_url=redis_url, lanes=lanes)
    me = uuid4()
    alive = partial(station.workers.beat, me, station.threads)
    pulse = Pulse(station.leases, HASTE.beat_s, HASTE.lease_s, alive)
    use_cases = {Kind.JOB: station.prepare, Kind.TASK: station.dub}
    ends = Ends(station.failed, station.cancelled, station.bury, RETRIES)
    desk = Desk(station.leases, pulse, use_cases, ends, station.dispatch, me)
    register(station.broker, desk)
    worker = LaneWorker(station.broker, station.threads)
    worker.worker_timeout = 100
    stopped = threading.Event()

    def dispatch() -> None:
        while not stopped.wait(HASTE.dispatch_s):
            station.dispatch()

    dispatching = threading.Thread(target=dispatch)
    pulse.start()
    worker.start()
    dispatching.start()
    try:
        yield station
    finally:
        stopped.set()
        dispatching.join()
        for consumer in worker.consumers.values():
            consumer.stop()
        worker.stop(5_000)
        pulse.stop()
        station.close()


def main(arguments: Sequence[str]) -> None:
    url, options = arguments[0], json.loads(arguments[1])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    station = Station(url, options.get("threads", 2))
    run(station, HASTE, parent_pipe="--parent-pipe" in arguments)
    station.close()
    logging.shutdown()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
