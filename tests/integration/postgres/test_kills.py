"""What is left when the server, its owner or both are killed."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from tests.integration.postgres.processes import (
    ask,
    exists,
    lock_file,
    owner_process,
    postmaster_pid,
    server_pids,
)
from tests.log_lines import fields
from tests.waiting import FOR_EVER_S, PATIENCE_S, eventually

from ytdubber.adapters.postgres.account import account_for
from ytdubber.adapters.postgres.cluster import Cluster
from ytdubber.adapters.postgres.programs import find_programs
from ytdubber.adapters.postgres.server import EmbeddedPostgres

linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a process that its parent ended"
)
COUNTING = "select 1 from pg_stat_activity where query like 'select count%' and state = 'active'"


@linux_only
def test_the_server_dies_with_its_owner_and_the_other_process_takes_over(
    server: EmbeddedPostgres,
) -> None:
    with owner_process(server.home) as owner:
        server.start()
        ask(server, "create table kept as select 7 as number")
        pids = server_pids(server)
        owner.kill()
        owner.wait()
        assert eventually(lambda: not lock_file(server).exists())
        assert eventually(lambda: not any(exists(pid) for pid in pids))
        server.start()
    assert server.owner
    assert ask(server, "select number from kept") == [(7,)]


@linux_only
def test_the_next_owner_waits_until_the_last_one_s_server_has_ended(
    server: EmbeddedPostgres,
) -> None:
    with owner_process(server.home) as owner:
        pid = postmaster_pid(server)
        os.kill(pid, signal.SIGSTOP)
        owner.kill()
        owner.wait()
        going_on = threading.Timer(0.5, os.kill, (pid, signal.SIGCONT))
        going_on.start()
        server.start()
        going_on.join()
    assert server.owner
    assert postmaster_pid(server) != pid


FORKING = r"""
import os, sys, time
from pathlib import Path
from ytdubber.adapters.postgres.server import EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
child = os.fork()
if not child:
    server.stop()
    child = -1 if server.owner else 0
os.write(1, b"%d\n" % child)
time.sleep(30)
"""


@linux_only
def test_a_process_forked_from_the_owner_owns_nothing(server: EmbeddedPostgres) -> None:
    words = [sys.executable, "-c", FORKING, str(server.home)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        nothing, child = sorted((int(owner.stdout.readline()), int(owner.stdout.readline())))
        try:
            assert nothing == 0
            assert server.healthy()
            owner.kill()
            owner.wait()
            server.start()
            assert server.owner
        finally:
            owner.kill()
            os.kill(child, signal.SIGKILL)


def test_the_end_of_the_owner_s_program_stops_it(server: EmbeddedPostgres) -> None:
    program = FORKING.partition("child")[0]
    subprocess.run(
        [sys.executable, "-c", program, str(server.home)], check=True, timeout=PATIENCE_S
    )
    assert not server.healthy()
    assert not lock_file(server).exists()


def test_a_killed_server_comes_back_with_its_data(
    server: EmbeddedPostgres, caplog: pytest.LogCaptureFixture
) -> None:
    server.start()
    ask(server, "create table kept as select 7 as number")
    for _ in range(2):
        with working_connection(server):
            kill_postmaster(server)
        assert ask(server, "select number from kept") == [(7,)]
    assert server.owner
    warned = [
        (record.getMessage(), fields(record))
        for record in caplog.records
        if record.name == "ytdubber.postgres" and record.levelno == logging.WARNING
    ]
    assert warned == [("postgres.died", {"how": "SIGKILL"})] * 2
    said = (server.home / "postgres" / "log").read_text()
    assert "pre-existing shared memory block" in said


@contextmanager
def working_connection(server: EmbeddedPostgres) -> Iterator[None]:
    """While a connection counts, for a second or so, it does not see its server end."""

    def count() -> None:
        with suppress(psycopg.OperationalError):  # It may still get its answer.
            ask(server, "select count(*) from generate_series(1, 10000000)")

    thread = threading.Thread(target=count)
    thread.start()
    assert eventually(lambda: bool(ask(server, COUNTING)))
    yield
    thread.join()


def kill_postmaster(server: EmbeddedPostgres) -> None:
    """Kill the main process, and wait until another answers."""
    pid = postmaster_pid(server)
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: server.healthy() and postmaster_pid(server) != pid)


@linux_only
def test_a_killed_initdb_leaves_nothing_that_counts(server: EmbeddedPostgres) -> None:
    folder = server.home / "postgres"
    with owner_process(server.home, await_ready=False) as owner:
        assert eventually(lambda: any(folder.glob("data.new-*/base")))
        owner.kill()
        owner.wait()
    assert not (folder / "data").exists()
    server.start()
    assert ask(server, "select 1") == [(1,)]
    server.stop()
    server.start()
    assert not list(folder.glob("data.new-*"))


@linux_only
def test_a_number_that_another_program_has_now_is_no_obstacle(server: EmbeddedPostgres) -> None:
    server.start()
    ask(server, "create table kept as select 7 as number")
    pid = postmaster_pid(server)
    left = {file: file.read_text() for file in (lock_file(server), _socket_lock(server))}
    server.stop()
    account = account_for(server.home / "postgres" / "data")
    who = {"user": account.uid, "group": account.gid} if account else {}
    with subprocess.Popen(["sleep", f"{FOR_EVER_S}"], cwd="/", **who) as other:  # type: ignore[call-overload] # user and group are integers
        for file, content in left.items():
            file.write_text(content.replace(str(pid), str(other.pid)))
        try:
            server.start(timeout_s=PATIENCE_S)
        finally:
            other.kill()
    assert ask(server, "select number from kept") == [(7,)]


def test_a_server_without_an_owner_is_ended_and_its_data_taken_over(
    server: EmbeddedPostgres,
) -> None:
    server.start()
    server.stop()
    cluster = Cluster(server.home / "postgres")
    command = find_programs(account_for(cluster.data)).command(
        "postgres",
        ["-c", "unix_socket_directories=../socket", "-c", "listen_addresses="],
        cluster.data,
    )
    with cluster.open_log() as log, subprocess.Popen(command, stdout=log, stderr=log) as left:
        assert eventually(server.healthy)
        server.start()
        assert left.wait() == 0
    assert server.owner
    assert postmaster_pid(server) != left.pid


def _socket_lock(server: EmbeddedPostgres) -> Path:
    return server.home / "postgres" / "socket" / ".s.PGSQL.5432.lock"
