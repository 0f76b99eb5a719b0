"""Roles of the service as processes of one home, which come and go."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S, eventually, until

from ytdubber.adapters.postgres.server import EmbeddedPostgres


@dataclass
class Role:
    """A process that was started by `ytdubber` and some words."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Where a `serve` is reached, as soon as it says so."""
        found: list[str] = []

        def said() -> bool:
            out = self.log.with_name(f"out-{self.process.pid}").read_text()
            found.extend(re.findall(r"serves at (\S+)\n", out))
            return bool(found) or self.process.poll() is not None

        until(said, self.log)
        assert found, self.log.read_text()
        return found[0]

    def status(self, path: str = "/ready") -> int:
        """What the API answers; 0 when nobody does."""
        try:
            return httpx.get(self.url + path, verify=NO_TLS, timeout=30).status_code
        except httpx.TransportError:
            return 0

    def end(self, number: int) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


@dataclass
class Home:
    """A home, its roles and its database."""

    folder: Path
    log: Path
    roles: list[Role] = field(default_factory=list)

    def start(self, *words: str, **environment: str) -> Role:
        """Start a role; it may still be on its way up."""
        own = {"YTDUBBER_HOME": str(self.folder), "COLUMNS": "400"}
        out = self.log.with_name("out")
        with self.log.open("a") as log, out.open("w") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "ytdubber", *words],
                env=os.environ | own | environment,
                cwd=self.log.parent,  # where no .env lies
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=log,
                start_new_session=True,
            )
        out.rename(out.with_name(f"out-{process.pid}"))
        role = Role(process, self.log)
        self.roles.append(role)
        return role

    def serve(self) -> Role:
        """An API without workers, on any port."""
        return self.start("serve", "--port", "0", "--workers", "0")

    def worker(self) -> Role:
        """A worker, as soon as it takes messages."""
        before = self._workers()
        role = self.start("worker", "--threads", "1")
        until(lambda: role.process.poll() is not None or self._workers() > before, self.log)
        assert role.process.poll() is None, self.log.read_text()
        return role

    def answers(self) -> bool:
        """Whether the database does."""
        return self.server.healthy()

    @property
    def server(self) -> EmbeddedPostgres:
        """Attached to; never started."""
        return EmbeddedPostgres(self.folder)

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.server.url("ytdubber"), autocommit=True) as connection:
            cursor = connection.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def owner_pid(self) -> int:
        """The process that owns the database server."""
        pid_file = self.folder / "postgres" / "data" / "postmaster.pid"
        postmaster = int(pid_file.read_text().split()[0])
        stat = Path(f"/proc/{postmaster}/stat").read_text()
        return int(stat.rpartition(")")[2].split()[1])

    def quiet(self) -> bool:
        """Whether nothing of the database runs any more."""
        return not self.answers() and not (self.folder / "postgres/data/postmaster.pid").exists()

    def _workers(self) -> int:
        with suppress(psycopg.Error):
            ((count,),) = self.ask("select count(*) from ytdubber_queue.worker")
            return int(str(count))
        return 0


@contextmanager
def home(folder: Path) -> Iterator[Home]:
    """A home in this folder; its roles are killed at the end, and its database ends."""
    made = Home(folder / "home", folder / "log")
    made.log.touch()
    try:
        yield made
    finally:
        for role in made.roles:
            role.process.kill()
            role.process.wait()
        assert eventually(made.quiet)
