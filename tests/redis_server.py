"""A Redis or Valkey server for tests: Debian's package, in PATH or unpacked into .tools/redis."""

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import until

_TOOLS = Path(__file__).parents[1] / ".tools" / "redis"
_NAMES = ("redis-server", "valkey-server", "redis-check-rdb")  # the same program in Debian's


def found() -> Path | None:
    """The program, or None where there is none."""
    for name in _NAMES:
        for folder in (_TOOLS / "usr/bin", None):
            if path := shutil.which(name, path=str(folder) if folder else None):
                return Path(path)
    return None


@dataclass
class RedisServer:
    """A server that can be killed and started again on the same port.

    Attributes:
        folder: Where it keeps what it appends to disk.
    """

    folder: Path
    port: int = 0
    _process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.port = self.port or _free_port()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = found()
        assert program
        libraries = _TOOLS / "usr/lib/x86_64-linux-gnu"
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        words += ["--appendonly", "yes", "--save", "", "--daemonize", "no"]
        self._process = subprocess.Popen(  # the name it is called by says which program it is
            ["redis-server", *words],
            executable=program,
            env=os.environ | {"LD_LIBRARY_PATH": str(libraries)},
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

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
