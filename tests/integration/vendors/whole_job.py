"""`ytdubber serve` by the settings in force, and a job sent through it."""

import hashlib
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import soundfile as sf
from tests.integration.vendors.harness import RATE_HZ, brief
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S, eventually

ENDED = ("complete", "failed", "cancelled")


@contextmanager
def served(log: Path) -> Iterator[str]:
    """`ytdubber serve` by the settings in force; its address."""
    words = [sys.executable, "-m", "ytdubber", "serve", "--port", "0", "--verbose"]
    with (
        log.open("wb") as err,
        subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=err, env=os.environ | {"COLUMNS": "400"}
        ) as process,
    ):
        assert process.stdout
        try:
            for line in iter(process.stdout.readline, b""):
                if found := re.search(rb"serves at (http://\S+)", line):
                    yield found[1].decode()
                    break
            else:
                raise AssertionError(log.read_text("utf-8"))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_S)


@contextmanager
def signed_in(url: str, token: str) -> Iterator[httpx.Client]:
    """Calls with a user's token."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(verify=NO_TLS, base_url=url, timeout=PATIENCE_S, headers=headers) as client:
        yield client


def recording() -> bytes:
    file = io.BytesIO()
    sf.write(file, brief(), RATE_HZ, format="FLAC")
    return file.getvalue()


def announced(client: httpx.Client, **more: Any) -> Any:
    """The answer of upload-urls, for a voice and a background."""
    names = {"voice_track_name": "talk.flac", "background_track_name": "music.flac"}
    known = {"content_types": {"voice": "audio/flac", "background": "audio/flac"}}
    body = {"languages": ["pt"], "formats": ["flac"]} | names | known | more
    return client.post("/api/jobs/upload-urls", json=body).raise_for_status().json()


def dubbed(client: httpx.Client, made: Any, log: Path) -> list[dict[str, str]]:
    """Submit a job whose files were sent, and wait for its end; one-time links to its files."""
    client.post("/api/jobs", json={"job_id": made["job_id"]}).raise_for_status()
    stage = ""

    def ended() -> bool:
        nonlocal stage
        stage = client.get(f"/api/jobs/{made['job_id']}").raise_for_status().json()["stage"]
        return stage in ENDED

    eventually(ended, every_s=0.5)  # a user may ask so often a minute
    assert stage == "complete", log.read_text("utf-8")
    found = client.get(f"/api/jobs/{made['job_id']}/download").raise_for_status().json()
    links: list[dict[str, str]] = found["links"]
    return links


def redeemed(client: httpx.Client, link: dict[str, str]) -> str:
    """Where a one-time link leads, once; what lies there is what it says."""
    first = client.get(link["url"])
    assert first.status_code == 307
    to = first.headers["location"]
    data = httpx.get(to, verify=NO_TLS).content
    assert hashlib.sha256(data).hexdigest() == link["sha256"]
    assert client.get(link["url"]).status_code == 410
    return to
