"""The server's life: started, shared, refused."""

import os
import signal
import stat
import threading
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest
from sqlalchemy import create_engine, text
from tests.integration.postgres.processes import (
    ask,
    exists,
    lock_file,
    owner_process,
    postmaster_pid,
    server_pids,
)
from tests.signals import hand_to_another_thread
from tests.waiting import PATIENCE_S, eventually

from ytdubber.adapters.postgres.server import EmbeddedPostgres
from ytdubber.domain.errors import DatabaseFromOtherVersion, DatabaseNotStarted

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run it as another user")


def test_a_cold_and_a_warm_start_keep_the_data(server: EmbeddedPostgres) -> None:
    assert not server.healthy()
    server.start()
    assert server.owner
    server.ensure_database("ytdubber")
    server.ensure_database("ytdubber")
    with psycopg.connect(server.url()) as connection:
        connection.execute("create table kept as select 'Äpfel' as word")

    server.stop()
    assert not server.owner
    assert not server.healthy()
    server.start()
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("select lower(word) from kept").fetchone() == ("äpfel",)


def test_it_is_safe_and_private(server: EmbeddedPostgres) -> None:
    server.start()
    settings = (
        "select current_setting('fsync'), current_setting('data_checksums'),"
        " current_setting('listen_addresses'), current_setting('max_connections'),"
        " current_setting('timezone')"
    )
    assert ask(server, settings) == [("on", "on", "", "200", "UTC")]
    folder = server.home / "postgres"
    modes = {path.name: stat.filemode(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {
        "data": "drwx------",
        "socket": "drwx------",
        "lock": "-rw-------",
        "log": "-rw-------",
    }
    assert stat.S_IMODE(folder.stat().st_mode) == (0o710 if os.geteuid() == 0 else 0o700)


def test_its_operator_may_have_more_connections(server: EmbeddedPostgres) -> None:
    server.start()
    server.ensure_database("ytdubber")
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("alter system set max_connections = 300")
        connection.execute("alter system set listen_addresses = '*'")
    server.stop()
    server.start()
    settings = "select current_setting('max_connections'), current_setting('listen_addresses')"
    assert ask(server, settings) == [("300", "")]


def test_sqlalchemy_reads_its_url(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.start()
    monkeypatch.setenv("PGPORT", "1")
    engine = create_engine(server.url("postgres").replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        assert connection.execute(text("select 1")).scalar() == 1
    engine.dispose()


def test_stop_leaves_no_process(server: EmbeddedPostgres) -> None:
    server.start()
    pids = server_pids(server)
    assert len(pids) > 3
    server.stop()
    server.stop()
    assert not any(exists(pid) for pid in pids)
    assert not lock_file(server).exists()


def test_a_short_lived_thread_may_start_it(server: EmbeddedPostgres) -> None:
    thread = threading.Thread(target=server.start)
    thread.start()
    thread.join()
    pid = postmaster_pid(server)
    assert not eventually(lambda: not server.healthy(), within_s=1)
    assert postmaster_pid(server) == pid


def test_starting_again_or_twice_at_once_changes_nothing(server: EmbeddedPostgres) -> None:
    threads = [threading.Thread(target=server.start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pid = postmaster_pid(server)
    server.start()
    another = EmbeddedPostgres(server.home)
    another.start()
    another.stop()
    assert (server.owner, another.owner) == (True, False)
    assert server.healthy()
    assert postmaster_pid(server) == pid


def test_a_signal_that_another_thread_is_handed_ends_an_owner(server: EmbeddedPostgres) -> None:
    with owner_process(server.home) as owner:
        hand_to_another_thread(owner.pid, signal.SIGTERM)
        assert owner.wait(PATIENCE_S) == 128 + signal.SIGTERM
    assert not server.healthy()


def test_a_second_process_attaches_and_leaves_the_server_alone(server: EmbeddedPostgres) -> None:
    with owner_process(server.home) as owner:
        server.start()
        assert not server.owner
        assert ask(server, "select 1") == [(1,)]
        server.stop()
        assert server.healthy()
        owner.send_signal(signal.SIGTERM)
        assert owner.wait() == 128 + signal.SIGTERM
    assert not server.healthy()
    assert not lock_file(server).exists()


def test_a_very_long_path_has_a_short_address(tmp_path: Path) -> None:
    home = tmp_path.joinpath(*["a very long folder name"] * 8)
    server = EmbeddedPostgres(home)
    link = Path(unquote(server.url().split("host=")[1].split("&")[0]))
    try:
        server.start()
        assert link.resolve() == home / "postgres" / "socket"
        assert ask(server, "select 1") == [(1,)]
        server.stop()
        assert not link.is_symlink()

        link.symlink_to(tmp_path)
        with pytest.raises(DatabaseNotStarted, match="is not ours"):
            server.start()
    finally:
        server.stop()
        link.unlink(missing_ok=True)


def test_data_of_another_version_is_left_as_it_is(server: EmbeddedPostgres) -> None:
    data = server.home / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseFromOtherVersion) as refused:
        server.start()
    assert f"{data} was made by PostgreSQL 9, and " in str(refused.value)
    assert "DATABASE_URL" in str(refused.value)
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]
    assert not server.owner


def test_a_server_that_cannot_start_says_why(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    settings = server.home / "postgres" / "data" / "postgresql.conf"
    with settings.open("a") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(DatabaseNotStarted, match="no_such_setting"):
        server.start()
    assert not server.owner


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseNotStarted, match="file"):
        EmbeddedPostgres(tmp_path / "file" / "home").start()


def test_an_owner_that_brings_up_no_server_is_waited_for_in_vain(
    server: EmbeddedPostgres,
) -> None:
    with owner_process(server.home) as owner:
        pid = postmaster_pid(server)
        owner.send_signal(signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: not server.healthy())
        with pytest.raises(DatabaseNotStarted, match="the process that owns it"):
            server.start(timeout_s=0.2)
        owner.send_signal(signal.SIGCONT)
        server.start()
        assert not server.owner


def test_a_long_log_is_begun_anew(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    log = server.home / "postgres" / "log"
    with log.open("ab") as file:
        file.truncate(6_000_000)
    server.start()
    assert log.stat().st_size < 100_000
    assert log.with_name("log.old").stat().st_size == 6_000_000


@root_only
def test_root_runs_it_as_a_user_without_rights(server: EmbeddedPostgres) -> None:
    server.home.mkdir(mode=0o700)
    server.start()
    status = Path(f"/proc/{postmaster_pid(server)}/status").read_text().split("\n")
    uids, gids, groups = (
        set(line.split()[1:]) for line in status if line.startswith(("Uid:", "Gid:", "Groups:"))
    )
    assert "0" not in uids | gids | groups
    assert (server.home / "postgres" / "data" / "PG_VERSION").read_text()
    assert server.home.stat().st_uid == 0


@root_only
def test_root_runs_it_as_the_user_whose_data_it_is(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    folder = server.home / "postgres"
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, 12345, 12345)
    server.start()
    assert (folder / "socket" / ".s.PGSQL.5432").stat().st_uid == 12345
    assert {(folder / name).stat().st_uid for name in ("lock", "log", "data")} == {12345}
