"""Leases: one holder at a time, and no word of an earlier one."""

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Made, Rows
from tests.waiting import PATIENCE_S, eventually

from ytdubber.adapters.db.coordination.leases import SqlLeases
from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.jobs.end_job import EndJob
from ytdubber.domain.errors import LeaseLost
from ytdubber.domain.origin import Origin
from ytdubber.domain.stage import Stage
from ytdubber.ports.identity import Claims
from ytdubber.ports.leases import LEASED, Beat, Kind, Lease

TABLES: dict[Kind, LiteralString] = {Kind.JOB: "dubbing_jobs", Kind.TASK: "language_tasks"}


@pytest.fixture
def job(rows: Rows) -> Made:
    return rows.job("pt", prepared=False)


def _claimed(harness: WorkerHarness, kind: Kind, job: Made) -> Lease:
    row_id = job.id if kind is Kind.JOB else job.tasks["pt"]
    lease = harness.leases.claim(kind, row_id, uuid4())
    assert isinstance(lease, Lease)
    return lease


@pytest.mark.parametrize("kind", LEASED)
def test_of_many_one_gets_it(rows: Rows, harness: WorkerHarness, job: Made, kind: Kind) -> None:
    row_id = job.id if kind is Kind.JOB else job.tasks["pt"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: harness.leases.claim(kind, row_id, uuid4()), range(24)))
    assert sum(isinstance(answer, Lease) for answer in answers) == 1
    assert answers.count(None) == 23


def test_a_job_is_ended_by_one_at_a_time(rows: Rows, harness: WorkerHarness) -> None:
    """When its languages have ended, and only until it has."""
    leases, job = harness.leases, rows.job("pt")
    assert leases.claim_end(job.id, uuid4()) is None
    rows.ask("update ytdubber.language_tasks set stage = 'complete'")
    lease = leases.claim_end(job.id, uuid4())
    assert isinstance(lease, Lease)
    assert leases.claim_end(job.id, uuid4()) is None
    assert leases.beat(lease) == Beat(held=True, cancel_requested=False)
    leases.release(lease)
    assert isinstance(leases.claim_end(job.id, uuid4()), Lease)
    rows.ask("update ytdubber.dubbing_jobs set finished_at = now(), lease_until = null")
    assert leases.claim_end(job.id, uuid4()) is None


@pytest.mark.parametrize("kind", LEASED)
def test_a_lease_says_what_job_it_is_for_and_what_that_came_from(
    rows: Rows, harness: WorkerHarness, job: Made, kind: Kind
) -> None:
    span = f"00-{'a' * 32}-{'b' * 16}-01"
    rows.ask("update ytdubber.dubbing_jobs set traceparent = %s", span)
    lease = _claimed(harness, kind, job)
    assert lease.origin == Origin(job.request_id, span)
    assert lease.job_id == job.id
    rows.ask("update ytdubber.dubbing_jobs set traceparent = null, request_id = null")
    rows.ask(f"update ytdubber.{TABLES[kind]} set lease_until = now() - interval '1 second'")
    assert _claimed(harness, kind, job).origin == Origin()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("request_id", "two\nlines of text"),
        ("request_id", "a@example.org"),
        ("request_id", "short"),
        ("traceparent", "00-x-y-01"),
        ("traceparent", f"00-{'A' * 32}-{'b' * 16}-01"),
        ("traceparent", f"00-{'a' * 32}-{'b' * 16}-01\n"),
    ],
)
def test_nothing_else_can_be_written_there(
    rows: Rows, job: Made, column: LiteralString, value: str
) -> None:
    del job
    with pytest.raises(psycopg.errors.CheckViolation):
        rows.ask(f"update ytdubber.dubbing_jobs set {column} = %s", value)


@pytest.mark.parametrize("kind", LEASED)
def test_a_stale_holder_writes_nothing(
    rows: Rows, harness: WorkerHarness, job: Made, kind: Kind
) -> None:
    stale = _claimed(harness, kind, job)
    for table in ("dubbing_jobs", "language_tasks"):
        rows.ask(f"update ytdubber.{table} set lease_until = now() - interval '1 second'")
    fresh = _claimed(harness, kind, job)
    assert fresh.attempt == stale.attempt + 1
    assert harness.leases.beat(stale) == Beat(held=False, cancel_requested=False)
    harness.leases.release(stale)
    assert harness.leases.beat(fresh) == Beat(held=True, cancel_requested=False)
    with pytest.raises(LeaseLost), harness.recorder.fenced(stale):
        pass
    with harness.recorder.fenced(fresh) as work:
        work.commit()


@pytest.mark.parametrize("kind", LEASED)
def test_a_holder_and_a_user_who_cancels_do_not_wait_for_each_other(
    harness: WorkerHarness, job: Made, kind: Kind, tmp_path: Path
) -> None:
    clock = SystemClock()
    media = FolderMediaStore(tmp_path, bytes(32), "http://localhost", clock)
    end_job = EndJob(harness.database.as_user, media, clock)
    user = Claims(job.user_id, None, "authenticated", {})
    lease = _claimed(harness, kind, job)
    with ThreadPoolExecutor(1) as pool:
        with harness.recorder.fenced(lease) as work:
            cancelling = pool.submit(end_job.cancel, user, job.id)
            wait([cancelling], timeout=0.5)  # it waits for this transaction now
            task = work.tasks.get(job.tasks["pt"])
            work.tasks.save(task.enter(Stage.STT, clock.now()))
            work.commit()
        cancelling.result(timeout=PATIENCE_S)
    assert harness.leases.beat(lease).cancel_requested


@pytest.mark.parametrize("kind", LEASED)
def test_a_released_row_is_free_at_once(harness: WorkerHarness, job: Made, kind: Kind) -> None:
    harness.leases.release(_claimed(harness, kind, job))
    assert _claimed(harness, kind, job).attempt == 2


def test_a_heartbeat_keeps_it_and_shows(rows: Rows, harness: WorkerHarness, job: Made) -> None:
    lease = _claimed(harness, Kind.TASK, job)
    before = rows.ask("select heartbeat_at, lease_until from ytdubber.language_tasks")[0]
    assert harness.leases.beat(lease).held
    after = rows.ask("select heartbeat_at, lease_until from ytdubber.language_tasks")[0]
    assert after["heartbeat_at"] > before["heartbeat_at"]
    assert after["lease_until"] > before["lease_until"]


@pytest.mark.parametrize("kind", LEASED)
def test_a_heartbeat_tells_of_a_cancellation(
    rows: Rows, harness: WorkerHarness, job: Made, kind: Kind
) -> None:
    lease = _claimed(harness, kind, job)
    rows.ask("update ytdubber.dubbing_jobs set cancel_requested = true")
    assert harness.leases.beat(lease) == Beat(held=True, cancel_requested=True)


@pytest.mark.parametrize("kind", LEASED)
def test_a_lease_without_heartbeats_ends(
    rows: Rows, harness: WorkerHarness, job: Made, kind: Kind
) -> None:
    hasty = SqlLeases(harness.engine, ttl_s=0.2)
    row_id = job.id if kind is Kind.JOB else job.tasks["pt"]
    assert isinstance(hasty.claim(kind, row_id, uuid4()), Lease)
    assert eventually(lambda: isinstance(hasty.claim(kind, row_id, uuid4()), Lease))


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (Kind.JOB, "prepared = '{}'"),
        (Kind.JOB, "stage = 'translating'"),
        (Kind.JOB, "finished_at = now()"),
        (Kind.JOB, "cancel_requested = true"),
        (Kind.TASK, "cancel_requested = true"),
        (Kind.TASK, "deadline_at = now()"),
    ],
)
def test_there_may_be_nothing_left_to_do(
    rows: Rows, harness: WorkerHarness, job: Made, kind: Kind, change: str
) -> None:
    rows.ask(f"update ytdubber.dubbing_jobs set {change}")
    row_id = job.id if kind is Kind.JOB else job.tasks["pt"]
    assert harness.leases.claim(kind, row_id, uuid4()) is None


def test_an_ended_task_is_not_worked_on(rows: Rows, harness: WorkerHarness, job: Made) -> None:
    lease = _claimed(harness, Kind.TASK, job)
    rows.ask("update ytdubber.language_tasks set stage = 'failed'")
    assert not harness.leases.beat(lease).held
    harness.leases.release(lease)
    assert harness.leases.claim(Kind.TASK, job.tasks["pt"], uuid4()) is None
    assert harness.leases.claim(Kind.TASK, uuid4(), uuid4()) is None
