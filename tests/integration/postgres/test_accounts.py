"""Who reaches a server that root started: nobody but root."""

import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.integration.postgres.processes import ask, postmaster_pid

from ytdubber.adapters.postgres.server import EmbeddedPostgres

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs it as another user")

INTRUDER = r"""
import os, pwd, sys, time
from pathlib import Path
import psycopg

url, folder, parent = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)

def connect(role):
    psycopg.connect(url.replace("postgres@", role + "@"), connect_timeout=5).close()

def began_by_parent(pid):
    while pid > 1 and pid != parent:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return pid == parent

def processes():
    for each in Path("/proc").glob("[0-9]*"):
        try:
            named = (each / "comm").read_text().strip()
            if named in ("postgres", "initdb") and began_by_parent(int(each.name)):
                yield each
        except OSError:
            continue

def everything():
    yield from ((f"connected as {role}", lambda role=role: connect(role)) for role in
                ("postgres", "ytdubber_api", "nobody"))
    yield "listed the folder", lambda: os.listdir(folder)
    yield "listed the socket's", lambda: os.listdir(folder / "socket")
    yield "listed the data", lambda: os.listdir(folder / "data")
    yield "read the data", (folder / "data" / "PG_VERSION").read_bytes
    yield "changed a setting", lambda: (folder / "data" / "postgresql.auto.conf").open("a").close()
    for each in processes():
        ways = ["cwd", "root", *(f"fd/{number}" for number in range(16))]
        yield from ((f"went through {way}", lambda way=way, each=each: os.stat(each / way))
                    for way in ways)
        yield "read memory", lambda each=each: (each / "mem").open("rb").close()

done = set()
def try_all():
    for name, way in everything():
        try:
            way()
        except (OSError, psycopg.Error):
            continue
        done.add(name)

try_all()
print("began", flush=True)
while len(sys.argv) > 4 and os.getppid() == parent and not Path(sys.argv[4]).exists():
    try_all()
    time.sleep(0.02)
print(*sorted(done), sep="\n")
"""


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home that every user may walk to."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        Path(folder).chmod(0o755)
        home = Path(folder, "home")
        home.mkdir(mode=0o755)
        yield home


@contextmanager
def started(home: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(home)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def intruder(server: EmbeddedPostgres, *until: Path) -> "subprocess.Popen[str]":
    """A process that runs as `nobody`, and tells what it was able to do until a file is there."""
    folder = server.home / "postgres"
    words = [server.url("postgres"), str(folder), str(os.getpid()), *map(str, until)]
    return subprocess.Popen(
        [sys.executable, "-c", INTRUDER, *words], stdout=subprocess.PIPE, text=True, cwd="/"
    )


def managed(process: "subprocess.Popen[str]") -> list[str]:
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return [line for line in said.splitlines() if line not in ("began", "")]


def owners(folder: Path) -> set[int]:
    return {path.lstat().st_uid for path in [folder, *folder.rglob("*")]}


def test_a_process_of_nobody_s_neither_connects_nor_reads(open_home: Path) -> None:
    with started(open_home) as server:
        server.ensure_database("ytdubber")
        ask(server, "create role ytdubber_api login")
        assert managed(intruder(server)) == []


def test_nor_does_it_while_the_data_are_made(open_home: Path) -> None:
    over = open_home / "over"
    watching = intruder(EmbeddedPostgres(open_home), over)
    assert watching.stdout
    assert watching.stdout.readline() == "began\n"
    try:
        with started(open_home):
            over.touch()
            assert managed(watching) == []
    finally:
        watching.kill()


def test_it_runs_under_a_number_that_no_user_has(open_home: Path) -> None:
    with started(open_home) as server:
        runs_as = Path(f"/proc/{postmaster_pid(server)}").stat().st_uid
        assert owners(open_home / "postgres" / "data") == {runs_as}
        assert owners(open_home / "postgres" / "socket") == {runs_as}
    assert runs_as not in {each.pw_uid for each in pwd.getpwall()}


def given_to_nobody(folder: Path) -> None:
    """What an earlier version made: everything but the folder itself is nobody's."""
    nobody = pwd.getpwnam("nobody")
    for each in (folder / "data", folder / "socket"):
        for path in [each, *each.rglob("*")]:
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    os.chown(folder, 0, nobody.pw_gid)


@pytest.mark.parametrize("interrupted", [False, True])
def test_data_of_nobody_s_is_taken_away_from_it(open_home: Path, interrupted: bool) -> None:
    with started(open_home) as server:
        ask(server, "create table kept as select 7 as number")
        runs_as = Path(f"/proc/{postmaster_pid(server)}").stat().st_uid
    folder = open_home / "postgres"
    given_to_nobody(folder)
    (folder / "socket" / ".s.PGSQL.5432.lock").write_text("0\n")
    os.chown(folder / "socket" / ".s.PGSQL.5432.lock", pwd.getpwnam("nobody").pw_uid, -1)
    if interrupted:  # by a kill, half way
        os.chown(folder / "data", 0, 0)
        os.chown(folder / "data" / "base", runs_as, runs_as)
    with started(open_home) as server:
        assert ask(server, "select number from kept") == [(7,)]
        assert owners(folder / "data") == owners(folder / "socket") == {runs_as}
        assert managed(intruder(server)) == []


def test_what_nobody_linked_into_its_data_is_not_given_away(
    open_home: Path, tmp_path: Path
) -> None:
    with started(open_home):
        pass
    data, theirs = open_home / "postgres" / "data", open_home / "root's"
    theirs.write_text("secret")
    given_to_nobody(open_home / "postgres")
    (data / "hard").hardlink_to(theirs)
    (data / "soft").symlink_to(theirs)
    (data / "folder").symlink_to(tmp_path)
    (tmp_path / "inner").touch()
    with started(open_home) as server:
        assert ask(server, "select 1") == [(1,)]
    assert owners(tmp_path) | {theirs.stat().st_uid} == {0}
