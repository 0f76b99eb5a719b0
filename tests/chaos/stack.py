"""The service in many processes, as an operator runs it: each is started again when it ends."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx
import psycopg
from tests.chaos.clock import Clock, compiled
from tests.chaos.proxy import Proxy
from tests.chaos.vendors import Outside
from tests.debian import program
from tests.plain_http import NO_TLS
from tests.redis_server import RedisServer
from tests.waiting import until

from ytdubber.adapters.postgres.server import EmbeddedPostgres

LOOK_S = 0.2
DATABASE = "ytdubber"
DISK_MB = 400


@dataclass
class Role:
    """One process, started again whenever it ends."""

    name: str
    words: list[str]
    variables: Mapping[str, str]
    log: Path
    clock: Clock
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0
    wanted: bool = True
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        with self._lock, self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ytdubber", *self.words],
                env=os.environ | self.variables | self.clock.variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.log.parent,
                start_new_session=True,
            )
            self.starts += 1

    def tend(self) -> None:
        """Start it again if it has ended."""
        if self.wanted and self.process is not None and self.process.poll() is not None:
            self.start()

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def end(self) -> None:
        self.wanted = False
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Database:
    """A PostgreSQL server and the way to it."""

    server: EmbeddedPostgres
    proxy: Proxy
    folder: Path

    @property
    def url(self) -> str:
        """Through the proxy."""
        host = quote(str(self.folder), safe="")
        return f"postgresql://postgres@/{DATABASE}?host={host}&port={_port(self.server)}"

    @property
    def straight(self) -> str:
        """Past the proxy."""
        return self.server.url(DATABASE)

    def kill(self) -> None:
        """With kill -9, and up again."""
        os.kill(self._postmaster(), signal.SIGKILL)
        self._up()

    def restart(self) -> None:
        """As an operator does it: transactions are rolled back."""
        os.kill(self._postmaster(), signal.SIGINT)
        self._up()

    def _postmaster(self) -> int:
        pid = self.server.home / "postgres" / "data" / "postmaster.pid"
        return int(pid.read_text().split()[0])

    def _up(self) -> None:
        def healthy() -> bool:
            self.server.start()
            return self.server.healthy()

        until(healthy)


@dataclass
class Stack:
    """Everything."""

    home: Path
    url: str
    database: Database
    roles: Mapping[str, Role]
    variables: Mapping[str, str]
    disk: bool
    clocks: bool
    redis: RedisServer | None

    def named(self, word: str) -> list[Role]:
        return [role for name, role in self.roles.items() if name.startswith(word)]

    def logs(self) -> str:
        return "\n".join(role.log.read_text(errors="replace") for role in self.roles.values())

    def command(self, *words: str) -> None:
        """Run one as an operator does."""
        subprocess.run(
            [sys.executable, "-m", "ytdubber", *words],
            env=os.environ | self.variables,
            cwd=self.home,
            check=True,
            capture_output=True,
        )

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database says, past the proxy."""
        with psycopg.connect(self.database.straight, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()


@contextmanager
def stack(outside: Outside, with_redis: bool, workers: int = 2) -> Iterator[Stack]:
    """A service on others' services, with everything in processes of its own."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as name, ExitStack() as parts:
        folder = Path(name)
        folder.chmod(0o755)
        disk = parts.enter_context(small_disk(folder / "home"))
        opened = parts.enter_context(database(folder))
        redis = parts.enter_context(_redis(folder / "redis")) if with_redis else None
        variables = _variables(folder, opened.url) | outside.variables
        if redis is not None:
            variables["REDIS_URL"] = redis.url
        library = compiled(folder)
        port = _free_port()
        running = Stack(
            home=folder,
            url=f"http://127.0.0.1:{port}",
            database=opened,
            roles={
                role: Role(
                    role,
                    words,
                    variables,
                    folder / f"{role}.log",
                    Clock(folder / f"{role}.clock", library),
                )
                for role, words in _roles(port, workers).items()
            },
            variables=variables,
            disk=disk,
            clocks=library is not None,
            redis=redis,
        )
        with tended(running):
            yield running


def _roles(port: int, workers: int) -> dict[str, list[str]]:
    """Each one's name and command."""
    works = ["worker", "--threads", "4", "--no-maintenance", "--verbose"]
    return {
        "api": ["serve", "--port", str(port), "--no-worker", "--no-database", "--verbose"],
        **{f"worker-{number}": works for number in range(workers)},
        "maintenance": ["maintenance", "--verbose"],
    }


@contextmanager
def tended(running: Stack) -> Iterator[None]:
    """All processes up, and kept up."""
    over = threading.Event()

    def tend() -> None:
        while not over.wait(LOOK_S):
            for role in running.roles.values():
                role.tend()

    first, *others = running.roles.values()
    first.start()  # it makes the tables
    until(lambda: _ready(running.url), first.log)
    for role in others:
        role.start()
    tending = threading.Thread(target=tend, name="tending", daemon=True)
    tending.start()
    try:
        yield
    finally:
        over.set()
        tending.join()
        for role in reversed([*running.roles.values()]):
            role.end()


@contextmanager
def database(folder: Path) -> Iterator[Database]:
    """A server of its own and the way to it."""
    server = EmbeddedPostgres(folder / "server")
    server.start()
    try:
        server.ensure_database(DATABASE)
        way = folder / "way"
        way.mkdir()
        proxy = Proxy(way, _socket(server))
        proxy.start()
        try:
            yield Database(server, proxy, way)
        finally:
            proxy.stop()
    finally:
        server.stop()


@contextmanager
def _redis(folder: Path) -> Iterator[RedisServer]:
    found = program("redis-server")
    assert found is not None, "redis-server is not here: `make debian` gets it"
    folder.mkdir()
    server = RedisServer(folder, found)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of its own under the folder, which can be filled; False where none can be had."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _variables(folder: Path, database_url: str) -> dict[str, str]:
    return {
        "YTDUBBER_HOME": str(folder / "home"),
        "YTDUBBER_SECRET": uuid4().hex,
        "DATABASE_URL": database_url,
        "COLUMNS": "400",
    }


def _socket(server: EmbeddedPostgres) -> Path:
    from psycopg.conninfo import conninfo_to_dict

    facts = conninfo_to_dict(server.url(DATABASE))
    return Path(str(facts["host"])) / f".s.PGSQL.{facts['port']}"


def _port(server: EmbeddedPostgres) -> str:
    return _socket(server).name.rpartition(".")[2]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready", verify=NO_TLS, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
