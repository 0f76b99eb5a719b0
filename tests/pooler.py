"""PgBouncer before a database, where there is one."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from tests import debian
from tests.hole import hole
from tests.waiting import until

_NOBODY = 65_534  # it does not run as root

_SETTINGS = """
[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 200
server_tls_sslmode = disable
logfile = {folder}/log
"""


@contextmanager
def pooler(url: str, mode: str = "transaction", size: int = 4) -> Iterator[str]:
    """The database by way of a pooler, while the block runs; skips where there is none."""
    program = debian.program("pgbouncer")
    if program is None:
        pytest.skip(debian.MISSING.format("pgbouncer"))
    known = conninfo_to_dict(url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with hole(url) as way, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = conninfo_to_dict(way.url)["port"]
        (folder / "users").write_text('"postgres" ""\n"ytdubber_api" ""\n')
        settings = _SETTINGS.format(server=server, port=port, folder=folder, mode=mode, size=size)
        (folder / "ini").write_text(settings)
        for each in (folder, *folder.iterdir()):
            each.chmod(0o777)
        process = _started([str(program), "-q", str(folder / "ini")])
        through = f"postgresql://{known['user']}@127.0.0.1:{port}/{known['dbname']}"
        try:
            until(lambda: _answers(through), log=folder / "log")
            yield f"{through}?sslmode=disable"
        finally:
            process.kill()
            process.wait()
            way.close()


def _started(words: list[str]) -> "subprocess.Popen[bytes]":
    who = _NOBODY if os.geteuid() == 0 else None
    return subprocess.Popen(
        words,
        user=who,
        env=debian.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            connection.execute("select 1")
    except psycopg.OperationalError:
        return False
    return True
