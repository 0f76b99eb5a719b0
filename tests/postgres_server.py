"""One PostgreSQL server for a run of the tests, and databases on it.

    url = fresh_database()              # a new database, postgresql://...
    drop_database(url)
    ensure_template("migrated", fill)   # fill(url) runs once in a run of the tests
    url = fresh_database("migrated")    # a copy of it

The first test process that asks starts a process that owns the server; the processes of
pytest-xdist share it. It ends, and its folder goes, when the run's first process ends.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg
from filelock import FileLock
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from ytdubber.adapters.postgres.server import EmbeddedPostgres

FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""The tests' data need not survive a power cut."""


@dataclass(frozen=True)
class _Run:
    server: EmbeddedPostgres
    lock: FileLock
    process: subprocess.Popen[str] | None = None  # kept: it outlives the test process


def server() -> EmbeddedPostgres:
    """The run's server, attached to."""
    return _run().server


def fresh_database(template: str | None = None) -> str:
    """Create a database, empty or a copy of a template that nobody is connected to."""
    name = f"test_{uuid4().hex}"
    copied = sql.Identifier(template or "template1")
    _execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), copied))
    return server().url(name)


def drop_database(url: str) -> None:
    """Drop the database, whoever is still connected to it."""
    name = sql.Identifier(str(conninfo_to_dict(url)["dbname"]))
    _execute(sql.SQL("drop database if exists {} with (force)").format(name))


def ensure_template(name: str, fill: Callable[[str], None]) -> None:
    """Make the template unless it exists; test processes that ask at the same time wait."""
    with _run().lock:
        if _execute(sql.SQL("select 1 from pg_database where datname = {}").format(name)):
            return
        url = fresh_database()
        fill(url)
        unnamed = sql.Identifier(str(conninfo_to_dict(url)["dbname"]))
        _execute(sql.SQL("alter database {} rename to {}").format(unnamed, sql.Identifier(name)))


@cache
def _run() -> _Run:
    # A worker of pytest-xdist is a child of the run's first process.
    first = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    home = Path(tempfile.gettempdir(), f"ytdubber-tests-{os.geteuid()}-{first}")
    home.mkdir(mode=0o700, exist_ok=True)
    server = EmbeddedPostgres(home)
    with FileLock(home / "starting") as lock:
        process = None if server.healthy() else _start(server, first)
    return _Run(server, lock, process)


def _start(server: EmbeddedPostgres, parent: int) -> subprocess.Popen[str]:
    module = "ytdubber.adapters.postgres.owner"
    words = [str(server.home), "--parent", str(parent), "--temporary"]
    said = server.home / "said"
    # What a run that was killed has left, whose process had the number that ours has.
    shutil.rmtree(server.home / "postgres", ignore_errors=True)
    with said.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", module, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    assert process.stdout
    with process.stdout as output:
        if output.readline() != "ready\n":
            raise RuntimeError(f"The tests have no database server: {said.read_text()}")
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        for setting in FAST:
            connection.execute(sql.SQL("alter system set " + setting))
        connection.execute("select pg_reload_conf()")
    process.returncode = 0  # it outlives this process, which will not wait for it
    return process


def _execute(statement: sql.Composed) -> bool:
    """Run a statement by itself; whether it gave a row."""
    with psycopg.connect(server().url("postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.rowcount > 0 and cursor.description is not None
