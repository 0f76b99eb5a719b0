"""Messages, and what becomes of the work they wake somebody for."""

import logging
import time
from uuid import uuid4

import pytest
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Rows
from tests.log_lines import fields
from tests.waiting import eventually

from ytdubber.adapters.db.database import Database, make_engine
from ytdubber.domain.fair_share import Lane
from ytdubber.ports.job_queue import Wake
from ytdubber.ports.leases import Kind


def test_a_message_exists_when_its_transaction_is_committed(
    rows: Rows, harness: WorkerHarness
) -> None:
    wake = Wake(Kind.TASK, uuid4(), Lane.CPU)
    with harness.engine.connect() as connection:
        harness.queue.send(connection, [wake])()
        assert rows.messages() == []
        connection.rollback()
    with harness.engine.begin() as connection:
        harness.queue.send(connection, [wake])()
        assert harness.queue.waiting(connection) == {wake.row_id}
        assert rows.messages() == []
    assert rows.ask(
        "select queue_name, message->'actor_name' as actor, message->'args' as args,"
        " message->'options' as options, message->>'message_id' = message_id::text as same"
        " from ytdubber_queue.queue"
    ) == [
        {
            "queue_name": "ytdubber.cpu",
            "actor": "dub",
            "args": [str(wake.row_id)],
            "options": {},
            "same": True,
        }
    ]


def test_a_unit_of_work_wakes_workers_after_its_commit(url: str) -> None:
    engine = make_engine(url, pool_size=1, name="api")
    woken: list[str] = []
    database = Database(engine, lambda: woken.append("now"))
    with database.as_service() as work:
        work.wake()
    assert not woken
    with database.as_service() as work:
        work.wake()
        work.commit()
        assert len(woken) == 1
    engine.dispose()


def test_work_that_is_put_off_waits_in_its_row(rows: Rows, worker: WorkerHarness) -> None:
    job = rows.job("put-off:0.7")
    begin = time.monotonic()
    assert eventually(lambda: rows.stages(job) == {"put-off:0.7": "complete"})
    assert time.monotonic() - begin > 0.6
    assert len(rows.runs(job.tasks["put-off:0.7"])) == 2
    assert rows.one("select retries from ytdubber.language_tasks") == 0


def test_work_waits_for_room_on_a_disk_and_one_line_says_so(
    rows: Rows, worker: WorkerHarness, caplog: pytest.LogCaptureFixture
) -> None:
    waits = "select count(*) from ytdubber.language_tasks where not_before > now()"
    with caplog.at_level(logging.WARNING):
        rows.job("full")
        assert eventually(lambda: rows.one(waits) == 1)
    assert rows.one("select retries from ytdubber.language_tasks") == 0
    assert rows.letters() == 0
    (record,) = caplog.records
    assert record.getMessage() == "work.waits"
    assert fields(record)["reason"] == "where=/scratch"
    assert record.exc_info is None


def test_preparing_wakes_the_languages(rows: Rows, worker: WorkerHarness) -> None:
    job = rows.job("quick", "flaky:1", prepared=False)
    rows.wake(Kind.JOB, job.id)
    assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
    assert len(rows.runs(job.id)) == 1


def test_a_second_message_for_running_work_waits_for_it(rows: Rows, worker: WorkerHarness) -> None:
    job = rows.job("slow:0.5")
    task_id = job.tasks["slow:0.5"]
    rows.wake(Kind.TASK, task_id)
    assert eventually(lambda: len(rows.runs(task_id)) == 1)
    rows.wake(Kind.TASK, task_id)
    assert eventually(lambda: rows.stages(job) == {"slow:0.5": "complete"})
    assert eventually(lambda: rows.messages() == [])
    assert len(rows.runs(task_id)) == 1


def test_a_fault_that_passes_is_tried_again(rows: Rows, worker: WorkerHarness) -> None:
    job = rows.job("flaky:2")
    rows.wake_tasks(job)
    assert eventually(lambda: rows.stages(job) == {"flaky:2": "complete"})
    assert len(rows.runs(job.tasks["flaky:2"])) == 3
    assert eventually(lambda: rows.messages() == [])


def test_a_fault_of_the_content_fails_the_task_and_is_no_dead_letter(
    rows: Rows, worker: WorkerHarness
) -> None:
    job = rows.job("silent", "quick")
    rows.wake_tasks(job)
    assert eventually(lambda: rows.stages(job) == {"silent": "failed", "quick": "complete"})
    assert eventually(lambda: rows.messages() == [])
    assert len(rows.runs(job.tasks["silent"])) == 1


def test_what_an_operator_must_put_right_is_a_dead_letter_and_no_users_business(
    rows: Rows, worker: WorkerHarness
) -> None:
    job = rows.job("without-model")
    rows.wake_tasks(job)
    assert eventually(lambda: rows.stages(job) == {"without-model": "failed"})
    (task,) = rows.ask("select error_code, error_message from ytdubber.language_tasks")
    assert task["error_code"] == "internal_error"
    assert "operator" not in task["error_message"]
    assert rows.letters() == 1


def test_a_cancellation_reaches_running_work(rows: Rows, worker: WorkerHarness) -> None:
    job = rows.job("slow:3600")
    rows.wake_tasks(job)
    assert eventually(lambda: len(rows.runs(job.tasks["slow:3600"])) == 1)
    rows.ask("update ytdubber.dubbing_jobs set cancel_requested = true where id = %s", job.id)
    assert eventually(lambda: rows.stages(job) == {"slow:3600": "cancelled"})
    assert eventually(lambda: rows.messages() == [])
