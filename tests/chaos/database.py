"""The service's database, as an operator runs it or as the service does by itself, and what can go
wrong with it.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict
from tests.chaos.processes import children, of_folder, stopped, told
from tests.chaos.proxy import Proxy, proxied
from tests.waiting import PATIENCE_S, eventually, until

from ytdubber.adapters.postgres.server import EmbeddedPostgres

DATABASE = "ytdubber"
OWNER = "ytdubber.adapters.postgres.owner"
SMART_S = 5.0
"""How long an operator waits for users to leave before he ends their connections."""


@dataclass(frozen=True, slots=True)
class Database:
    """A PostgreSQL server.

    Attributes:
        server: The server; it may be another process's.
        proxy: The way to it; None where the service starts it itself and goes straight.
    """

    server: EmbeddedPostgres
    proxy: Proxy | None

    @property
    def straight(self) -> str:
        """Where it is, past the proxy."""
        return self.server.url(DATABASE)

    @property
    def owners(self) -> list[int]:
        """The process that keeps the server running, where that is one of its own."""
        found = of_folder(self.server.home)
        return [pid for pid, words in found.items() if OWNER in words]

    def kill(self) -> None:
        """With kill -9, and up again."""
        self._told(signal.SIGKILL)
        self.up()

    def restart(self) -> None:
        """As an operator does it: transactions are rolled back."""
        self._told(signal.SIGINT)
        self.up()

    def end(self) -> None:
        """First let whoever is connected leave, then end it, and up again."""
        pids = self._told(signal.SIGTERM)
        if not eventually(lambda: self._postmaster() != pids, SMART_S, 0.1):
            told(pids, signal.SIGINT)
        self.up()

    def stop(self, wait: Callable[[], object]) -> None:
        """All its processes, while somebody waits."""
        first = self._postmaster()
        with stopped(first), stopped([child for pid in first for child in children(pid)]):
            wait()

    def kill_owner(self) -> None:
        """With kill -9; who uses the server starts another owner."""
        told(self.owners, signal.SIGKILL)
        self.up()

    def end_owner(self) -> None:
        """It does not end as long as somebody uses the server."""
        told(self.owners, signal.SIGTERM)

    def stop_owner(self, wait: Callable[[], object]) -> None:
        """While somebody waits; the server goes on."""
        with stopped(self.owners):
            wait()

    def up(self) -> None:
        """Wait until it answers again, whoever starts it."""
        until(lambda: bool(self._postmaster()) and self.server.healthy())

    def _told(self, number: int) -> list[int]:
        until(lambda: bool(self._postmaster()))
        pids = self._postmaster()
        told(pids, number)
        return pids

    def _postmaster(self) -> list[int]:
        """Its number; none while there is no server."""
        file = self.server.home / "postgres" / "data" / "postmaster.pid"
        try:
            pid = int(file.read_text().split()[0])
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except (FileNotFoundError, ProcessLookupError, IndexError):
            return []
        return [pid] if name == "postgres" else []


@contextmanager
def operated(folder: Path) -> Iterator[Database]:
    """A server of its own, started by an operator, and a way to it."""
    server = EmbeddedPostgres(folder / "server")
    server.start(PATIENCE_S)
    try:
        server.ensure_database(DATABASE)
        way = folder / "way"
        way.mkdir()
        socket = _socket(server)
        with proxied(way / socket.name, socket) as proxy:
            yield Database(server, proxy)
    finally:
        server.stop()


def embedded(home: Path) -> Database:
    """The server that the service starts in its home."""
    return Database(EmbeddedPostgres(home), None)


def url_by(database: Database, folder: Path) -> str:
    """Where it is by way of the proxy, of which the folder is `way`."""
    host = quote(str(folder / "way"), safe="")
    port = _socket(database.server).name.rpartition(".")[2]
    return f"postgresql://postgres@/{DATABASE}?host={host}&port={port}"


def _socket(server: EmbeddedPostgres) -> Path:
    facts = conninfo_to_dict(server.url(DATABASE))
    return Path(str(facts["host"])) / f".s.PGSQL.{facts['port']}"
