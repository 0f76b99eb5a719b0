"""A service as an operator runs it, each role a process, over a double of the vendors."""

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import soundfile as sf
from tests.chaos.content import Distinct
from tests.integration.vendors.harness import RATE_HZ, bursts
from tests.integration.worker.rows import migrated
from tests.plain_http import NO_TLS
from tests.postgres_server import drop_database, ensure_template, fresh_database
from tests.waiting import PATIENCE_S, eventually, until

from ytdubber.bootstrap.tokens import sign_in
from ytdubber.settings import Settings
from ytdubber.testing.vendor_double import KEY, VendorDouble, running
from ytdubber.testing.vendor_double.faults import Fault

ENDED = {"complete", "failed", "cancelled"}


@dataclass
class Weather:
    """What vendors answer instead, by route."""

    faults: dict[str, Fault] = field(default_factory=dict)

    def __call__(self, route: str) -> Fault | None:
        return next((each for name, each in self.faults.items() if name in route), None)


@dataclass
class Operated:
    """The service, its roles and who uses it.

    Attributes:
        home: Its data folder.
        variables: The settings of its roles.
        double: The vendors.
        weather: What they answer instead.
        roles: The processes that run, by name.
    """

    home: Path
    variables: dict[str, str]
    double: VendorDouble
    weather: Weather
    port: int
    roles: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.home / "service.log"

    @property
    def shell(self) -> dict[str, str]:
        """What an operator's shell has."""
        pids = {f"{name.upper()}_PID": str(role.pid) for name, role in self.roles.items()}
        return self.variables | {"API": self.url, "LOG": str(self.log)} | pids

    def start(self, name: str, *words: str, **variables: str) -> "subprocess.Popen[bytes]":
        """A role by its name and command; one of that name must have ended."""
        with self.log.open("ab") as log:
            self.roles[name] = subprocess.Popen(
                [sys.executable, "-m", "ytdubber", *words],
                env=os.environ | self.variables | variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
            )
        return self.roles[name]

    def serve(self, **variables: str) -> None:
        words = ("serve", "--no-worker", "--no-database", "--port", str(self.port), "--verbose")
        self.start("api", *words, **variables)
        until(lambda: self.ready() == 200, self.log)

    def work(self, name: str = "worker", **variables: str) -> None:
        """A worker, as soon as it takes messages."""
        before = self.workers()
        self.start(name, "worker", "--threads", "4", "--no-maintenance", "--verbose", **variables)
        until(lambda: self.workers() > before, self.log)

    def end(self, name: str) -> None:
        """Have a role stop, as it should."""
        role = self.roles.pop(name)
        role.send_signal(signal.SIGTERM)
        assert role.wait(PATIENCE_S) == 0, self.log.read_text()

    def ready(self) -> int:
        try:
            return httpx.get(f"{self.url}/ready", verify=NO_TLS, timeout=30).status_code
        except httpx.TransportError:
            return 0

    def workers(self) -> int:
        ((count,),) = self.rows("select count(distinct id) from ytdubber.workers")
        return int(count)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.variables["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def command(self, *words: str, **variables: str) -> str:
        """What a command prints."""
        done = subprocess.run(
            [sys.executable, "-m", "ytdubber", *words],
            env=os.environ | self.variables | variables,
            cwd=self.home,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    @contextmanager
    def user(self, name: str = "ann@example.org", token: str = "") -> Iterator[httpx.Client]:
        """Who signs in with this machine's token, or another."""
        if not token:
            settings = Settings(home=self.home, secret=self.variables["YTDUBBER_SECRET"])
            token = sign_in(settings, email=name, admin=False).access_token
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(
            verify=NO_TLS, base_url=self.url, timeout=PATIENCE_S, headers=headers
        ) as client:
            yield client

    def send(self, client: httpx.Client, *languages: str) -> UUID:
        """A short recording, announced, uploaded and submitted."""
        made = announced(client, *languages)
        upload(made).raise_for_status()
        client.post("/api/jobs", json={"job_id": made["job_id"]}).raise_for_status()
        return UUID(made["job_id"])

    def job(self, client: httpx.Client, job_id: UUID) -> dict[str, Any]:
        found: dict[str, Any] = client.get(f"/api/jobs/{job_id}").raise_for_status().json()
        return found

    def ended(self, client: httpx.Client, job_id: UUID) -> str:
        """How it ended."""
        stage = ""

        def over() -> bool:
            nonlocal stage
            stage = self.job(client, job_id)["stage"]
            return stage in ENDED

        eventually(over, every_s=0.3)
        return stage


def announced(client: httpx.Client, *languages: str) -> Any:
    """The answer of upload-urls."""
    body = {"languages": [*languages], "voice_track_name": "talk.flac", "formats": ["flac"]}
    return client.post("/api/jobs/upload-urls", json=body).raise_for_status().json()


def recording() -> bytes:
    """A short one of a voice, as FLAC."""
    file = io.BytesIO()
    sf.write(file, bursts(), RATE_HZ, format="FLAC")
    return file.getvalue()


def upload(made: Any) -> httpx.Response:
    """Send the recording."""
    url, headers = made["upload_urls"]["voice_track"], {"Content-Type": "audio/flac"}
    return httpx.put(url, content=recording(), headers=headers, verify=NO_TLS)


@contextmanager
def operated(
    folder: Path, latency_s: Mapping[str, float] | float = 0.0, **variables: str
) -> Iterator[Operated]:
    """A service without roles, which are killed at the end."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    weather = Weather()
    double = VendorDouble(Distinct(), latency_s=latency_s, weather=weather)
    with ExitStack() as open_:
        vendors = open_.enter_context(running(double))
        ensure_template("worker", migrated)
        database_url = fresh_database("worker")
        open_.callback(drop_database, database_url)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = int(listener.getsockname()[1])
        settings = {
            "YTDUBBER_HOME": str(home),
            "YTDUBBER_SECRET": uuid4().hex,
            "DATABASE_URL": database_url,
            "DEEPGRAM_API_KEY": KEY,
            "YTDUBBER_DEEPGRAM_URL": vendors,
            "OPENAI_API_KEY": KEY,
            "YTDUBBER_OPENAI_URL": f"{vendors}/v1",
            "YTDUBBER_LISTEN": "deepgram",
            "YTDUBBER_TRANSLATE": "openai",
            "YTDUBBER_SPEAK": "deepgram",
        }
        made = Operated(home, settings | variables, double, weather, port)
        try:
            yield made
        finally:
            for role in made.roles.values():
                role.kill()
                role.wait()
