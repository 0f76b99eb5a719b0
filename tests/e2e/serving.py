"""`ytdubber serve` as a person starts it, and the web client's way of talking to it."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests import waiting
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
ORIGIN = "http://localhost:3000"


@dataclass
class Served:
    """A running service and a signed-in client of it."""

    process: subprocess.Popen[bytes]
    url: str
    client: httpx.Client
    home: Path

    def send_job(self, *languages: str) -> str:
        """Upload the example and submit it."""
        names = {"voice_track": "voice.flac", "background_track": "background.flac"}
        asked = {
            "languages": list(languages),
            "voice_track_name": names["voice_track"],
            "background_track_name": names["background_track"],
        }
        made = self.client.post("/api/jobs/upload-urls", json=asked).raise_for_status().json()
        for track, url in made["upload_urls"].items():
            data = (EXAMPLES / names[track]).read_bytes()
            httpx.put(
                url, content=data, headers={"Content-Type": "audio/flac"}, verify=NO_TLS
            ).raise_for_status()
        body = {"job_id": made["job_id"], "languages": list(languages)}
        self.client.post("/api/jobs/", json=body).raise_for_status()
        return str(made["job_id"])

    def job(self, job_id: str) -> dict[str, Any]:
        """The job as the API shows it; waits while the service is away."""
        found: dict[str, Any] = eventually(lambda: self.client.get(f"/api/jobs/{job_id}")).json()
        return found

    def until(self, job_id: str, stages: set[str]) -> dict[str, Any]:
        """The job, as soon as it is in one of the stages or has ended."""
        job: dict[str, Any] = {}

        def there() -> bool:
            job.update(self.job(job_id))
            return job["stage"] in stages | {"complete", "failed", "cancelled"}

        seldom_s = 0.2  # the service limits how much a user may ask
        assert waiting.eventually(there, every_s=seldom_s), f"job {job_id} is still {job['stage']}"
        return job

    def events(self, job_id: str, after: int | None = 0) -> Iterator[tuple[str, Any]]:
        """Server-sent events until the stream ends: name and data."""
        headers = {} if after is None else {"Last-Event-ID": str(after)}
        path = f"/api/jobs/{job_id}/events"
        with self.client.stream("GET", path, headers=headers, timeout=PATIENCE_S) as answer:
            answer.raise_for_status()
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield name, json.loads(line.removeprefix("data: "))

    def children(self, word: str) -> list[int]:
        """Process ids under the service whose command line has this word."""
        table = subprocess.run(
            ["ps", "-e", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        rows = [line.split(None, 2) for line in table.splitlines()]
        family, grown = {self.process.pid}, True
        while grown:
            more = {int(pid) for pid, parent, _ in rows if int(parent) in family} - family
            family, grown = family | more, bool(more)
        return [int(pid) for pid, _, args in rows if int(pid) in family and word in args]


def eventually(ask: Any) -> httpx.Response:
    """The answer, as soon as there is a good one."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            answer: httpx.Response = ask()
            if answer.status_code < 500 or time.monotonic() > end:
                return answer
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
        time.sleep(0.2)


@contextlib.contextmanager
def serving(home: Path, **variables: str) -> Iterator[Served]:
    """The service on a free port, with everything it keeps under `home`."""
    log = (home.parent / "serve.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "ytdubber", "serve", "--port", "0", "--verbose"],
        env=os.environ | {"YTDUBBER_HOME": str(home), "COLUMNS": "400"} | variables,
        cwd=home.parent,  # where no .env lies
        stdout=subprocess.PIPE,
        stderr=log,
        start_new_session=True,
    )
    try:
        url, code = _address(process)
        with httpx.Client(verify=NO_TLS, base_url=url, timeout=PATIENCE_S) as client:
            signed_in = client.post("/api/launch", json={"code": code}).raise_for_status().json()
            client.headers["Authorization"] = f"Bearer {signed_in['access_token']}"
            yield Served(process, url, client, home)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
        log.close()


def _address(process: subprocess.Popen[bytes]) -> tuple[str, str]:
    assert process.stdout
    for line in iter(process.stdout.readline, b""):
        found = re.search(rb"(http://[^/]+)/\?code=(\S+)", line)
        if found:
            return found[1].decode(), found[2].decode()
    raise RuntimeError("the service did not start; see serve.log")
