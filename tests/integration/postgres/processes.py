"""Processes around a server, and what is left of them."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg

from ytdubber.adapters.postgres.server import EmbeddedPostgres


@contextlib.contextmanager
def owner_process(home: Path, *, await_ready: bool = True) -> Iterator[subprocess.Popen[str]]:
    """Another process that owns the server of a home; killed at the end, if it is still there."""
    module = "ytdubber.adapters.postgres.owner"
    words = [sys.executable, "-I", "-m", module, str(home), "--parent", str(os.getpid())]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            if await_ready:
                assert process.stdout
                assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def ask(server: EmbeddedPostgres, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def postmaster_pid(server: EmbeddedPostgres) -> int:
    return int(lock_file(server).read_text().split()[0])


def lock_file(server: EmbeddedPostgres) -> Path:
    """It is there while the server runs; a server that is killed leaves it behind."""
    return server.home / "postgres" / "data" / "postmaster.pid"


def server_pids(server: EmbeddedPostgres) -> set[int]:
    """The main process and its children, the one that answers excepted."""
    rows = ask(server, "select pid from pg_stat_activity where pid <> pg_backend_pid()")
    return {postmaster_pid(server), *(int(str(pid)) for (pid,) in rows)}


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
