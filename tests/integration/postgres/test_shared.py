"""The server that processes share, whatever order they come, go and die in."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.integration.postgres.processes import exists, lock_file, postmaster_pid
from tests.waiting import PATIENCE_S, eventually

from ytdubber.adapters.postgres.account import nobody
from ytdubber.adapters.postgres.server import EmbeddedPostgres
from ytdubber.adapters.postgres.shared import SharedPostgres
from ytdubber.domain.errors import DatabaseFromOtherVersion, DatabaseNotStarted

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
USER = r"""
import signal, sys
from pathlib import Path
from ytdubber.adapters.postgres.shared import SharedPostgres

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
server = SharedPostgres(Path(sys.argv[1]))
try:
    server.start()
    print("up", flush=True)
    sys.stdin.read()
finally:
    server.stop()
"""


class Users:
    """Processes that use one home's server."""

    def __init__(self, home: Path) -> None:
        self.server = EmbeddedPostgres(home)  # only ever looked at
        self.there: list[subprocess.Popen[str]] = []

    def come(self) -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", USER, str(self.server.home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.there.append(process)
        assert process.stdout
        assert process.stdout.readline() == "up\n"

    def go(self, which: int, number: int) -> None:
        """One of them stops or is killed."""
        process = self.there.pop(which % len(self.there))
        process.send_signal(number)
        process.wait(PATIENCE_S)
        for pipe in (process.stdin, process.stdout):
            assert pipe
            pipe.close()

    def owner(self) -> int:
        stat = Path(f"/proc/{postmaster_pid(self.server)}/stat").read_text()
        return int(stat.rpartition(")")[2].split()[1])

    def kill_owner(self) -> None:
        before = self.owner()
        os.kill(before, signal.SIGKILL)
        assert eventually(lambda: not exists(before))
        assert eventually(lambda: self.server.healthy() and lock_file(self.server).exists())

    def add(self, number: int) -> None:
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute("create table if not exists kept (number int)")
            connection.execute("insert into kept values (%s)", (number,))

    def kept(self) -> list[int]:
        with psycopg.connect(self.server.url("postgres")) as connection:
            return [row[0] for row in connection.execute("select number from kept order by 1")]

    def quiet(self) -> bool:
        return not lock_file(self.server).exists() and not self.server.healthy()


@contextlib.contextmanager
def users(home: Path) -> Iterator[Users]:
    made = Users(home)
    try:
        yield made
    finally:
        while made.there:
            made.go(0, signal.SIGKILL)
        assert eventually(made.quiet)


STEPS = st.one_of(
    st.just(("come", 0)),
    st.tuples(st.sampled_from(["stop", "kill"]), st.integers(0, 5)),
    st.just(("kill_owner", 0)),
)


@linux_only
@settings(
    max_examples=3,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # an order that fails is told as it is
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(STEPS, min_size=3, max_size=8))
def test_the_server_is_there_for_whoever_is_there(steps: Sequence[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder, users(Path(folder) / "home") as made:
        made.come()
        written = 0
        for what, which in steps:
            if what == "come":
                made.come()
            elif what == "kill_owner" and made.there:
                made.kill_owner()
            elif made.there:
                made.go(which, signal.SIGTERM if what == "stop" else signal.SIGKILL)
                if what == "stop" and not made.there:
                    assert made.quiet()  # whoever leaves last waits for the end
            if made.there:
                assert eventually(made.server.healthy)
                made.add(written)
                written += 1
        if not made.there:
            assert eventually(made.quiet)
            made.come()
        assert eventually(made.server.healthy)
        made.add(written)
        assert made.kept() == list(range(written + 1))


@linux_only
def test_who_comes_while_the_last_one_leaves_gets_a_server(home: Path) -> None:
    with users(home) as made:
        made.come()
        (last,) = made.there
        last.send_signal(signal.SIGTERM)
        made.come()
        assert made.server.healthy()
        made.go(0, signal.SIGKILL)
        assert made.server.healthy()


@linux_only
def test_many_come_at_once_and_share_one(home: Path) -> None:
    servers = [SharedPostgres(home) for _ in range(2)]
    with contextlib.ExitStack() as stack:
        made = stack.enter_context(users(home))
        made.come()
        first = made.owner()
        for server in servers:
            stack.callback(server.stop)
            server.start()
        made.come()
        assert made.owner() == first


def test_the_owner_s_error_is_the_user_s(home: Path) -> None:
    data = home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    server = SharedPostgres(home)
    with pytest.raises(DatabaseFromOtherVersion, match=r"was made by PostgreSQL 9, and "):
        server.start()
    server.stop()
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_home_of_another_user_is_refused_in_a_sentence() -> None:
    if os.geteuid():
        pytest.skip("only root can be another user for a moment")
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        postgres = Path(folder, "home", "postgres")
        postgres.mkdir(parents=True)
        (postgres / "users").touch(mode=0o600)
        server = SharedPostgres(postgres.parent)
        os.seteuid(nobody().uid)
        try:
            with pytest.raises(DatabaseNotStarted) as refused:
                server.start()
        finally:
            os.seteuid(0)
    assert f"{postgres / 'users'} cannot be opened: it was started by another" in str(refused.value)


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseNotStarted, match="file"):
        SharedPostgres(tmp_path / "file" / "home").start()
