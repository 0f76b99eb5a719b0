"""Redis wakes workers, and nothing hangs on it: on a real server that is killed."""

import logging
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from dramatiq.broker import MessageProxy
from dramatiq.errors import BrokerConnectionError
from tests.integration.worker.harness import WorkerHarness, working
from tests.integration.worker.rows import Rows
from tests.log_lines import fields
from tests.redis_server import RedisServer, running
from tests.waiting import eventually

from ytdubber.adapters.queue.messages import message
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.adapters.queue.redis import make_redis_broker
from ytdubber.domain.fair_share import Lane
from ytdubber.ports.job_queue import QUEUES, Wake
from ytdubber.ports.leases import Kind


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with running(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def asleep(url: str, redis: RedisServer) -> Iterator[WorkerHarness]:
    """A worker's parts over Redis, and a worker that is counted but takes no messages."""
    harness = WorkerHarness(url, redis_url=redis.url)
    harness.workers.beat(uuid4(), harness.threads)
    yield harness
    harness.close()


def _a_minute_later(rows: Rows) -> None:
    for table in ("dubbing_jobs", "language_tasks"):
        rows.ask(f"update ytdubber.{table} set woken_at = woken_at - interval '61 seconds'")


def test_a_job_is_done(rows: Rows, url: str, redis: RedisServer) -> None:
    job = rows.job("quick", "flaky:1", "put-off:0.2", "unpaid", prepared=False)
    with working(url, redis_url=redis.url) as harness:
        assert eventually(lambda: "queued" not in rows.stages(job).values())
        assert eventually(lambda: rows.letters() == 1)
        (letter,) = harness.letters.list()
    stages = rows.stages(job)
    assert stages.pop("unpaid") == "failed"
    assert set(stages.values()) == {"complete"}
    assert letter.row_id == job.tasks["unpaid"]
    assert rows.messages() == []


@pytest.mark.parametrize("forget", [True, False])
def test_a_broker_that_dies_loses_no_job(
    rows: Rows, asleep: WorkerHarness, redis: RedisServer, url: str, forget: bool
) -> None:
    job = rows.job("quick", "quick:2", "quick:3")
    assert asleep.dispatch() == 3
    redis.kill(forget=forget)
    redis.start()
    _a_minute_later(rows)
    lost = asleep.reaper.recall()
    assert lost == 3 or not forget  # what it had not yet written when it was killed is lost, too
    with working(url, redis_url=redis.url):
        assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
    assert all(len(rows.runs(task)) == 1 for task in job.tasks.values())


def test_while_the_broker_is_away_work_waits_and_one_line_says_so(
    rows: Rows, asleep: WorkerHarness, redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    rows.job("quick")
    redis.kill()
    with caplog.at_level(logging.WARNING):
        assert [asleep.dispatch() for _ in range(3)] == [0, 0, 0]
    assert [record.getMessage() for record in caplog.records] == ["queue.away"]
    assert rows.one("select woken_at from ytdubber.language_tasks") is None
    asleep.reconcile()
    redis.start()
    assert asleep.dispatch() == 1


def test_a_worker_says_nothing_more_while_the_broker_is_away_and_goes_on_with_it(
    rows: Rows, redis: RedisServer, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with working(url, redis_url=redis.url), caplog.at_level(logging.WARNING):
        redis.kill()
        job = rows.job("quick")
        assert eventually(lambda: len(caplog.records) == 1)
        assert not eventually(lambda: len(caplog.records) > 1, within_s=2.0)
        assert caplog.records[0].getMessage() == "queue.away"
        assert fields(caplog.records[0])["error"] == "queue_away"
        redis.start()
        assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
        said = [record.getMessage() for record in caplog.records]
    assert said == ["queue.away", "queue.back"]
    assert fields(caplog.records[1])["away_s"] > 0


@pytest.mark.parametrize("silent", [False, True])
def test_a_broker_that_is_away_or_silent_is_no_error_of_a_worker(
    redis: RedisServer, silent: bool
) -> None:
    broker = make_redis_broker(redis.url, answers_s=0.2)
    consumer = broker.consume(QUEUES[Lane.IO])
    broker.enqueue(message(Wake(Kind.JOB, uuid4(), Lane.IO)))
    found = next(consumer)
    assert isinstance(found, MessageProxy)
    redis.signal(signal.SIGSTOP if silent else signal.SIGKILL)
    assert next(consumer) is None
    consumer.requeue([found])
    with pytest.raises(BrokerConnectionError):
        consumer.ack(found)
    redis.signal(signal.SIGCONT)
    broker.close()


def test_the_broker_is_changed_with_jobs_under_way(
    rows: Rows, asleep: WorkerHarness, redis: RedisServer, url: str
) -> None:
    job = rows.job("quick", "quick:2")
    assert asleep.dispatch() == 2
    _a_minute_later(rows)
    assert asleep.reaper.recall() == 0  # they have messages there
    elsewhere = WorkerHarness(url)
    assert isinstance(elsewhere.queue, PostgresQueue)
    assert elsewhere.reaper.recall() == 2
    elsewhere.close()
    with working(url):
        assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
    with working(url, redis_url=redis.url):  # back again: what is still there wakes for nothing
        assert eventually(lambda: not asleep.queue.waiting(None))  # type: ignore[arg-type]  # of no use here
    assert all(len(rows.runs(task)) == 1 for task in job.tasks.values())
