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
from uuid import UUID, uuid4

import httpx
import psycopg
from tests.chaos.clock import Clock, compiled
from tests.chaos.database import Database, embedded, operated, url_by
from tests.chaos.processes import Role, of_folder, told
from tests.chaos.proxy import Proxy, proxied
from tests.chaos.vendors import Outside
from tests.debian import program
from tests.plain_http import NO_TLS
from tests.redis_server import RedisServer
from tests.waiting import eventually, until

LOOK_S = 0.2
DISK_MB = 400
CENTS_PER_MINUTE = 10
CREDIT_CENTS = 1_000_000
_GRANT = """
insert into ytdubber.credit_transactions
  (id, user_id, kind, amount_cents, description, idempotency_key)
values (%s, %s, 'grant', %s, 'Credit', %s)
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the service is made of.

    Attributes:
        redis: Wakes workers, instead of PostgreSQL.
        storage: Keeps files, instead of a folder.
        embedded: The service starts its database itself, instead of an operator.
    """

    redis: bool
    storage: bool
    embedded: bool

    def __str__(self) -> str:
        return ", ".join(
            [
                "Redis" if self.redis else "PostgreSQL's queue",
                "Supabase Storage" if self.storage else "files in a folder",
                "a database of its own" if self.embedded else "an operator's database",
            ]
        )


@dataclass(frozen=True, slots=True)
class Redis:
    """A Redis server and the way to it."""

    server: RedisServer
    proxy: Proxy

    @property
    def url(self) -> str:
        """Through the proxy."""
        return f"redis://127.0.0.1:{self.proxy.port}/0"


@dataclass
class Stack:
    """Everything.

    Attributes:
        home: The folder of all that its processes have.
        wrong: What did not end when it was told to, and what was left over; known at the end.
    """

    home: Path
    url: str
    database: Database
    roles: Mapping[str, Role]
    variables: Mapping[str, str]
    disk: bool
    clocks: bool
    redis: Redis | None
    ways: Mapping[str, Proxy]
    wrong: list[str] = field(default_factory=list)

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

    def grant(self, who: UUID) -> None:
        """More credit than anybody uses."""
        with psycopg.connect(self.database.straight, autocommit=True) as connection:
            connection.execute("insert into ytdubber.users (id) values (%s)", [who])
            connection.execute(_GRANT, [uuid4(), who, CREDIT_CENTS, str(who)])

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database says, past the proxy."""
        with psycopg.connect(self.database.straight, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()

    def calm(self) -> None:
        """Let everything through from now on."""
        for way in self.ways.values():
            way.calm()


@contextmanager
def stack(outside: Outside, parts: Parts, workers: int = 2) -> Iterator[Stack]:
    """A service on others' services, with everything in processes of its own."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as name, ExitStack() as opened:
        folder = Path(name)
        folder.chmod(0o755)
        home = folder / "service"
        home.mkdir()
        disk = opened.enter_context(small_disk(home / "home"))
        variables = {
            "YTDUBBER_HOME": str(home / "home"),
            "YTDUBBER_SECRET": uuid4().hex,
            "YTDUBBER_CREDIT_CENTS_PER_MINUTE": str(CENTS_PER_MINUTE),
            "COLUMNS": "400",
        }
        ways = dict(outside.ways)
        if parts.embedded:
            database = embedded(home / "home")
        else:
            database = opened.enter_context(operated(folder))
            variables["DATABASE_URL"] = url_by(database, folder)
        if database.proxy is not None:
            ways["database"] = database.proxy
        redis = opened.enter_context(_redis(folder / "redis")) if parts.redis else None
        if redis is not None:
            variables["REDIS_URL"] = redis.url
            ways["redis"] = redis.proxy
        port = _free_port()
        library = compiled(folder)
        running = Stack(
            home=home,
            url=f"http://127.0.0.1:{port}",
            database=database,
            roles=_roles(home, variables | outside.variables, port, workers, library),
            variables=variables | outside.variables,
            disk=disk,
            clocks=library is not None,
            redis=redis,
            ways=ways,
        )
        with tended(running):
            yield running


def _roles(
    folder: Path, variables: Mapping[str, str], port: int, workers: int, library: Path | None
) -> dict[str, Role]:
    """Every process, by its name."""
    works = ["worker", "--threads", "4", "--no-maintenance", "--verbose"]
    serves = ["serve", "--port", str(port), "--no-worker", "--verbose"]
    commands = {
        "api": [*serves, "--no-database"] if "DATABASE_URL" in variables else serves,
        **{f"worker-{number}": works for number in range(workers)},
        "maintenance": ["maintenance", "--verbose"],
    }
    return {
        name: Role(
            name, words, variables, folder / f"{name}.log", Clock(folder / f"{name}.clock", library)
        )
        for name, words in commands.items()
    }


@contextmanager
def tended(running: Stack) -> Iterator[None]:
    """All processes up, and kept up; at the end all are told to end."""
    over = threading.Event()

    def tend() -> None:
        while not over.wait(LOOK_S):
            for role in running.roles.values():
                role.tend()

    first, *others = running.roles.values()
    first.start()  # it makes the tables
    tending = threading.Thread(target=tend, name="tending", daemon=True)
    try:
        _up(first, running.url)
        for role in others:
            role.start()
        tending.start()
        yield
    finally:
        over.set()
        if tending.is_alive():
            tending.join()
        running.wrong += _ended(running)


def _up(role: Role, url: str) -> None:
    """Wait until it answers.

    Raises:
        AssertionError: it ended instead, and said this.
    """
    until(lambda: role.ended or _ready(url), role.log)
    if role.ended:
        raise AssertionError(f"{role.name} ended at its start: {role.log.read_text()}")


def _ended(running: Stack) -> Iterator[str]:
    """End every process; those that do not, and what they leave over."""
    for role in reversed([*running.roles.values()]):
        if not role.end():
            yield f"{role.name} did not end when it was told to"
    eventually(lambda: not of_folder(running.home), every_s=0.5)
    left = of_folder(running.home)
    yield from (f"process {pid} is left over: {words[:200]}" for pid, words in left.items())
    told([*left], signal.SIGKILL)


@contextmanager
def _redis(folder: Path) -> Iterator[Redis]:
    found = program("redis-server")
    assert found is not None, "redis-server is not here: `make debian` gets it"
    folder.mkdir()
    server = RedisServer(folder, found)
    server.start()
    try:
        with proxied(0, server.port) as proxy:
            yield Redis(server, proxy)
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


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready", verify=NO_TLS, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
