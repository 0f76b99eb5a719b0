"""Messages: part of the transaction that writes them."""

import time
from uuid import uuid4

from psycopg.conninfo import conninfo_to_dict
from tests.integration.worker.station import Rows, Station
from tests.postgres_server import server
from tests.waiting import eventually

from ytdubber.adapters.db.database import Database, make_engine
from ytdubber.adapters.queue.messages import enqueue, waiting
from ytdubber.ports.identity import Claims
from ytdubber.ports.leases import Kind


def test_a_message_exists_when_its_transaction_is_committed(rows: Rows, worker: Station) -> None:
    job = rows.job("quick")
    with worker.engine.begin() as connection:
        enqueue(connection, "dub", job.tasks["quick"])
        time.sleep(0.5)
        assert rows.runs(job.tasks["quick"]) == []
    assert eventually(lambda: rows.stages(job) == {"quick": "complete"})
    assert eventually(lambda: rows.messages() == [])


def test_a_rollback_takes_the_message_with_it(rows: Rows, station: Station) -> None:
    with station.engine.connect() as connection:
        enqueue(connection, "dub", uuid4())
        connection.rollback()
    assert rows.messages() == []


def test_a_unit_of_work_sends_with_its_commit_also_as_the_api_s_own_login(
    rows: Rows, url: str
) -> None:
    login = server().url(str(conninfo_to_dict(url)["dbname"]), "ytdubber_api")
    engine = make_engine(login, pool_size=1, name="api")
    database, task_id = Database(engine, enqueue), uuid4()
    claims = Claims(uuid4(), None, "authenticated", {})
    with database.as_user(claims) as work:
        work.wake_task(task_id)
    assert rows.messages() == []
    with database.as_user(claims) as work:
        work.wake_task(task_id)
        work.commit()
    engine.dispose()
    assert rows.ask(
        "select queue_name, message->'actor_name' as actor, message->'args' as args,"
        " message->'options' as options, message->>'message_id' = message_id::text as same"
        " from ytdubber_queue.queue"
    ) == [
        {
            "queue_name": "ytdubber",
            "actor": "dub",
            "args": [str(task_id)],
            "options": {},
            "same": True,
        }
    ]


def test_a_delayed_message_waits(rows: Rows, worker: Station) -> None:
    job = rows.job("quick")
    with worker.engine.begin() as connection:
        enqueue(connection, "dub", job.tasks["quick"], delay_ms=700)
        assert waiting(connection) == {job.tasks["quick"]}
    begin = time.monotonic()
    assert eventually(lambda: rows.stages(job) == {"quick": "complete"})
    assert time.monotonic() - begin > 0.6


def test_preparing_wakes_the_languages(rows: Rows, worker: Station) -> None:
    job = rows.job("quick", "flaky:1", prepared=False)
    rows.wake(Kind.JOB, job.id)
    assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
    assert len(rows.runs(job.id)) == 1


def test_a_second_message_for_running_work_waits_for_it(rows: Rows, worker: Station) -> None:
    job = rows.job("slow:0.5")
    task_id = job.tasks["slow:0.5"]
    rows.wake(Kind.TASK, task_id)
    assert eventually(lambda: len(rows.runs(task_id)) == 1)
    rows.wake(Kind.TASK, task_id)
    assert eventually(lambda: rows.stages(job) == {"slow:0.5": "complete"})
    assert eventually(lambda: rows.messages() == [])
    assert len(rows.runs(task_id)) == 1


def test_a_fault_that_passes_is_tried_again(rows: Rows, worker: Station) -> None:
    job = rows.job("flaky:2")
    rows.wake_tasks(job)
    assert eventually(lambda: rows.stages(job) == {"flaky:2": "complete"})
    assert len(rows.runs(job.tasks["flaky:2"])) == 3
    assert eventually(lambda: rows.messages() == [])


def test_a_fault_of_the_content_fails_the_task_and_is_no_dead_letter(
    rows: Rows, worker: Station
) -> None:
    job = rows.job("silent", "quick")
    rows.wake_tasks(job)
    assert eventually(lambda: rows.stages(job) == {"silent": "failed", "quick": "complete"})
    assert eventually(lambda: rows.messages() == [])
    assert len(rows.runs(job.tasks["silent"])) == 1


def test_what_an_operator_must_put_right_is_a_dead_letter_and_no_users_business(
    rows: Rows, worker: Station
) -> None:
    job = rows.job("without-model")
    rows.wake_tasks(job)
    assert eventually(lambda: rows.stages(job) == {"without-model": "failed"})
    (task,) = rows.ask("select error_code, error_message from ytdubber.language_tasks")
    assert task["error_code"] == "internal_error"
    assert "operator" not in task["error_message"]
    assert eventually(lambda: rows.messages() == ["rejected"])


def test_a_cancellation_reaches_running_work(rows: Rows, worker: Station) -> None:
    job = rows.job("slow:3600")
    rows.wake_tasks(job)
    assert eventually(lambda: len(rows.runs(job.tasks["slow:3600"])) == 1)
    rows.ask("update ytdubber.dubbing_jobs set cancel_requested = true where id = %s", job.id)
    assert eventually(lambda: rows.stages(job) == {"slow:3600": "cancelled"})
    assert eventually(lambda: rows.messages() == [])
