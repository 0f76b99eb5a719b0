"""Worker processes that share a database, and die."""

import signal
import time
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from tests.integration.worker.conftest import Start
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Rows
from tests.postgres_server import server
from tests.signals import hand_to_another_thread
from tests.waiting import PATIENCE_S, eventually, until

from ytdubber.ports.leases import Kind


def test_work_that_is_announced_twice_runs_once(rows: Rows, start: Start) -> None:
    start()
    start()
    job = rows.job(*(f"slow:0.0{number}" for number in range(50)))
    rows.wake_tasks(job)
    rows.wake_tasks(job)
    assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
    assert eventually(lambda: rows.messages() == [])
    runs = rows.ask("select row_id, attempt, pid from public.runs")
    assert len(runs) == len({run["row_id"] for run in runs}) == 50
    assert len({run["pid"] for run in runs}) == 2


def test_what_a_killed_worker_did_goes_on_in_another(rows: Rows, start: Start) -> None:
    job = rows.job("slow-once:3600")
    task_id = job.tasks["slow-once:3600"]
    victim = start()
    rows.wake_tasks(job)
    assert eventually(lambda: len(rows.runs(task_id)) == 1)
    start()
    victim.kill()
    assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
    runs = rows.runs(task_id)
    assert [run["attempt"] for run in runs] == [1, 2]
    assert runs[0]["pid"] == victim.pid != runs[1]["pid"]


def test_a_stopped_worker_hands_its_work_over(rows: Rows, start: Start) -> None:
    job = rows.job("slow-once:3600", "deaf:1.5")
    first = start()
    rows.wake_tasks(job)
    assert eventually(lambda: len(rows.ask("select 1 from public.runs")) == 2)
    start()
    first.send_signal(signal.SIGTERM)
    assert first.wait(PATIENCE_S) == 0
    assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
    assert eventually(lambda: rows.one("select count(*) from public.runs where ended is null") == 0)
    slow = rows.runs(job.tasks["slow-once:3600"])
    assert [run["ended"] for run in slow] == ["HandedBack", "complete"]
    deaf = rows.runs(job.tasks["deaf:1.5"])
    assert [(run["pid"], run["ended"]) for run in deaf] == [(first.pid, "complete")]
    assert eventually(lambda: rows.messages() == [])


def test_work_that_does_not_end_keeps_no_worker_from_stopping(rows: Rows, start: Start) -> None:
    job = rows.job("deaf:3600")
    process = start()
    rows.wake_tasks(job)
    assert eventually(lambda: len(rows.runs(job.tasks["deaf:3600"])) == 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 0
    assert rows.one("select lease_owner from ytdubber.language_tasks") is None


def test_a_signal_that_another_thread_is_handed_stops_it(rows: Rows, start: Start) -> None:
    process = start()
    job = rows.job("quick")
    rows.wake_tasks(job)
    assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
    hand_to_another_thread(process.pid, signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 0


def test_a_piece_that_never_comes_back_keeps_no_worker_from_ending(
    rows: Rows, start: Start, tmp_path: Path
) -> None:
    job = rows.job("stuck")
    process = start()
    rows.wake_tasks(job)
    assert eventually(lambda: len(rows.runs(job.tasks["stuck"])) == 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 1
    assert rows.one("select lease_owner from ytdubber.language_tasks") is None
    said = (tmp_path / "log").read_text()
    assert "Timeout" in said
    assert "_python_exit" in said


def test_a_second_signal_ends_it_at_once(rows: Rows, start: Start, tmp_path: Path) -> None:
    job = rows.job("deaf:3600")
    process = start()
    rows.wake_tasks(job)
    assert eventually(lambda: len(rows.runs(job.tasks["deaf:3600"])) == 1)
    process.send_signal(signal.SIGTERM)
    until(lambda: "stopping" in (tmp_path / "log").read_text())
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_S) == 128 + signal.SIGTERM


def test_it_ends_with_the_process_that_started_it(rows: Rows, start: Start) -> None:
    process = start("--parent-pipe")
    assert process.poll() is None
    assert process.stdin
    process.stdin.close()
    assert process.wait(PATIENCE_S) == 0


def test_an_outage_of_the_database_is_survived(rows: Rows, start: Start, url: str) -> None:
    process = start()
    job = rows.job("slow-once:3600", "quick")
    rows.wake(Kind.TASK, job.tasks["slow-once:3600"])
    assert eventually(lambda: len(rows.runs(job.tasks["slow-once:3600"])) == 1)
    _outage(url, seconds=4.0)
    rows.wake(Kind.TASK, job.tasks["quick"])
    assert eventually(lambda: set(rows.stages(job).values()) == {"complete"})
    assert process.poll() is None


def _outage(url: str, seconds: float) -> None:
    """End every connection to the database, and let nobody in for a while."""
    name = str(conninfo_to_dict(url)["dbname"])
    allow = sql.SQL("alter database {} allow_connections {}")
    with psycopg.connect(server().url("postgres"), autocommit=True) as connection:
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,)
        )
        time.sleep(seconds)
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


def test_a_worker_looks_after_the_rows(rows: Rows, start: Start, harness: WorkerHarness) -> None:
    """Its maintenance runs: a message that was lost is sent again."""
    job = rows.job("quick")
    rows.ask("update ytdubber.language_tasks set woken_at = now() - interval '2 minutes'")
    with harness.task_lock("reconcile") as mine:
        assert mine
        start()
        time.sleep(1)
        assert rows.stages(job) == {"quick": "queued"}  # somebody else does it just now
    assert eventually(lambda: rows.stages(job) == {"quick": "complete"})
