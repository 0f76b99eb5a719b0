"""A Redis server for tests, which can be killed."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests import debian
from tests.waiting import PATIENCE_S, until


@dataclass
class RedisServer:
    """A server that can be killed and started again on the same port.

    Attributes:
        folder: Where it keeps what it appends to disk.
        program: What it runs.
        port: Where it listens; a free one when 0.
    """

    folder: Path
    program: Path
    port: int = 0
    _process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.port = self.port or _free_port()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        words += ["--appendonly", "yes", "--save", "", "--daemonize", "no"]
        self._process = subprocess.Popen(  # the name it is called by says which program it is
            ["redis-server", *words],
            executable=self.program,
            env=debian.environment(),
            stdout=subprocess.DEVNULL,
        )
        until(self._answers)

    def kill(self, *, forget: bool = False) -> None:
        """End it at once; with `forget`, its data is gone too."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if forget:
            for path in self.folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def end(self) -> None:
        """As an operator does it: what it holds is written to disk first."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)

    def signal(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False


@contextmanager
def running(folder: Path) -> Iterator[RedisServer]:
    """A server that keeps its data in a folder; the test is skipped where there is none."""
    program = debian.program("redis-server")
    if program is None:
        pytest.skip(debian.MISSING.format("redis-server"))
    folder.mkdir()
    server = RedisServer(folder, program)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
