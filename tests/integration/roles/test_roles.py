"""Each role alone, as commands."""

import os
import signal
import subprocess
import time

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from tests.integration.roles.home import Home
from tests.integration.worker.rows import Rows
from tests.postgres_server import server
from tests.waiting import PATIENCE_S, eventually, until

pytestmark = pytest.mark.xdist_group("roles")
WITHIN_S = 30.0
"""What is promised of a stop."""


@pytest.mark.parametrize(
    ("words", "database_url", "told"),
    [
        (
            ("serve", "--no-worker", "--no-database"),
            "",
            "DATABASE_URL: --no-database starts none here, so this has to name the database",
        ),
        (
            ("database",),
            "postgresql://u@127.0.0.1:9/d",
            "DATABASE_URL: `ytdubber database` keeps the embedded database up, and this names",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    made: Home, words: tuple[str, ...], database_url: str, told: str
) -> None:
    role = (
        made.start(*words, "--port=0", DATABASE_URL=database_url)
        if words[0] == "serve"
        else (made.start(*words, DATABASE_URL=database_url))
    )
    assert role.process.wait(PATIENCE_S) == 2
    assert told in made.log.read_text()
    assert not (made.folder / "postgres").exists()


def workers_of(pid: int) -> set[int]:
    """The worker processes that a supervisor keeps running."""
    table = subprocess.run(
        ["ps", "-e", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in table.splitlines()]
    return {int(child) for child, parent, args in rows if int(parent) == pid and "worker" in args}


def working(url: str) -> int:
    """How many workers take messages."""
    count: int = Rows(url).one("select count(*) from ytdubber_queue.worker")
    return count


def test_workers_are_supervised_and_stop_together(made: Home, url: str) -> None:
    words = ("worker", "--processes", "2", "--threads", "1", "--no-maintenance")
    parent = made.start(*words, DATABASE_URL=url)
    until(lambda: working(url) == 2, made.log)
    first = workers_of(parent.process.pid)
    assert len(first) == 2
    victim = min(first)
    os.kill(victim, signal.SIGKILL)
    assert eventually(lambda: len(workers_of(parent.process.pid) - {victim}) == 2)
    began = time.monotonic()
    assert parent.end(signal.SIGTERM) == 0
    assert time.monotonic() - began < WITHIN_S
    assert workers_of(parent.process.pid) == set()


def test_workers_end_with_a_killed_supervisor(made: Home, url: str) -> None:
    parent = made.start("worker", "--processes", "1", "--threads", "1", DATABASE_URL=url)
    until(lambda: working(url) == 1, made.log)
    (child,) = workers_of(parent.process.pid)
    parent.end(signal.SIGKILL)

    def ended() -> bool:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return True
        return False

    assert eventually(ended)


def test_workers_that_cannot_start_are_tried_ever_more_seldom_until_they_can(
    made: Home, url: str
) -> None:
    parent = made.start("worker", "--processes", "1", "--threads", "1", DATABASE_URL=url)
    until(lambda: working(url) == 1, made.log)
    (child,) = workers_of(parent.process.pid)
    name = str(conninfo_to_dict(url)["dbname"])
    allow = sql.SQL("alter database {} allow_connections {}")
    with psycopg.connect(server().url("postgres"), autocommit=True) as connection:
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        os.kill(child, signal.SIGKILL)
        pauses = ('"next_in_s": 1.0', '"next_in_s": 2.0')
        until(lambda: all(each in made.log.read_text() for each in pauses), made.log)
        assert "DATABASE_URL: the database cannot be used" in made.log.read_text()
        assert parent.process.poll() is None
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
    before = working(url)
    until(lambda: working(url) > before, made.log)
    assert parent.end(signal.SIGTERM) == 0


def test_a_home_that_cannot_be_written_is_named(made: Home, url: str) -> None:
    worker = made.start("worker", DATABASE_URL=url, YTDUBBER_HOME="/proc/nowhere")
    assert worker.process.wait(PATIENCE_S) == 2
    assert "/proc/nowhere: cannot be written to (" in made.log.read_text()


def test_maintenance_alone_wakes_what_was_lost(made: Home, url: str) -> None:
    rows = Rows(url)
    job = rows.job("pt")
    rows.ask("update ytdubber.language_tasks set woken_at = now() - interval '1 hour'")
    idle = made.start("worker", "--threads", "1", "--no-maintenance", DATABASE_URL=url)
    until(lambda: working(url) == 1, made.log)
    woken = "select woken_at > now() - interval '10 minutes' from ytdubber.language_tasks"
    assert not eventually(lambda: rows.one(woken), within_s=1.0, every_s=0.2)
    idle.end(signal.SIGKILL)
    maintenance = made.start("maintenance", DATABASE_URL=url)
    until(lambda: bool(rows.one(woken)), made.log)
    assert rows.stages(job) == {"pt": "queued"}
    assert maintenance.end(signal.SIGTERM) == 0


def test_the_database_alone_serves_others_and_ends_with_the_last(made: Home) -> None:
    database = made.start("database")
    assert eventually(made.answers)
    serve = made.start("serve", "--port", "0", "--no-worker")
    assert eventually(lambda: serve.status() == 200)
    assert database.end(signal.SIGTERM) == 0
    assert serve.status() == 200
    assert serve.end(signal.SIGTERM) == 0
    assert made.quiet()
    with pytest.raises(psycopg.OperationalError):
        made.ask("select 1")


def test_the_database_s_address_is_for_programs_of_postgresql(made: Home) -> None:
    role = made.start("database")
    out = made.log.with_name(f"out-{role.process.pid}")
    until(lambda: "address" in out.read_text(), made.log)
    url = out.read_text().split()[-1]
    with psycopg.connect(url) as connection:
        found = connection.execute("select count(*) from ytdubber.dubbing_jobs").fetchone()
    assert found == (0,)
    assert role.end(signal.SIGTERM) == 0
