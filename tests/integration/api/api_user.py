"""Somebody who uses the service as its web client does."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
import soundfile as sf
from tests.integration.api.harness import ORIGIN, ApiHarness
from tests.integration.api.routes import Described
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

VOICE_S = 4.0
"""How long the recording is; somebody speaks in three places."""


@cache
def voice(seconds: float = VOICE_S) -> bytes:
    """A WAV in which somebody speaks, as far as the fake ears can tell."""
    rate_hz = 16_000
    sound = np.zeros(round(seconds * rate_hz), np.float32)
    for start_s, end_s in ((0.3, 1.2), (1.7, 2.5), (3.0, 3.7)):
        span = slice(int(start_s * rate_hz), int(end_s * rate_hz))
        sound[span] = 0.2 * np.sin(np.arange(len(sound[span])) * 0.2)
    return _wav(sound, rate_hz)


@cache
def background(seconds: float = VOICE_S) -> bytes:
    """A WAV of quiet noise."""
    noise = np.random.default_rng(1).normal(0, 0.02, (round(seconds * 48_000), 2))
    return _wav(noise.astype(np.float32), 48_000)


def _wav(sound: Any, rate_hz: int) -> bytes:
    file = io.BytesIO()
    sf.write(file, sound, rate_hz, format="WAV", subtype="PCM_16")
    return file.getvalue()


@dataclass
class ApiUser:
    """A signed-in user and their browser.

    Attributes:
        harness: The service.
        http: Calls with their token, as the web client makes them.
        anonymous: Calls without, as for links.
    """

    harness: ApiHarness
    http: httpx.Client
    anonymous: httpx.Client
    id: UUID

    def announce(self, *languages: str, background: bool = True, **more: Any) -> Any:
        """The answer of upload-urls."""
        body: dict[str, object] = {
            "languages": list(languages) or ["pt"],
            "voice_track_name": "talk.wav",
        }
        if background:
            body["background_track_name"] = "music.wav"
        reply = self.http.post("/api/jobs/upload-urls", json=body | more)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def put(self, url: str, data: bytes, content_type: str = "audio/wav") -> httpx.Response:
        """An upload under its link."""
        return self.anonymous.put(url, content=data, headers={"Content-Type": content_type})

    def uploaded(
        self,
        *languages: str,
        voice_file: bytes | None = None,
        background_file: bytes | None = None,
        **more: Any,
    ) -> Any:
        """A job whose stems have arrived; the answer of upload-urls."""
        job = self.announce(*languages, **more)
        urls = job["upload_urls"]
        reply = self.put(urls["voice_track"], voice() if voice_file is None else voice_file)
        assert reply.status_code == 200, reply.text
        if urls["background_track"]:
            music = background() if background_file is None else background_file
            assert self.put(urls["background_track"], music).status_code == 200
        return job

    def submit(self, job: Any, languages: Sequence[str] = ("pt",), **more: Any) -> httpx.Response:
        """What the web client sends once everything is uploaded."""
        body = {
            "job_id": job["job_id"],
            "voice_track_uploaded": True,
            "background_track_uploaded": job["upload_urls"]["background_track"] is not None,
            "languages": list(languages),
            "voice_track_url": job["upload_urls"]["voice_track"],
            "background_track_url": job["upload_urls"]["background_track"],
        }
        return self.http.post("/api/jobs/", json=body | more)

    def queued(self, *languages: str, **more: Any) -> UUID:
        """A job that waits for a worker."""
        wanted = languages or ("pt",)
        job = self.uploaded(*wanted, **more)
        reply = self.submit(job, wanted)
        assert reply.status_code == 200, reply.text
        return UUID(job["job_id"])

    def dubbed(self, *languages: str, **more: Any) -> UUID:
        """A job that is complete."""
        job_id = self.queued(*languages, **more)
        self.harness.hands.dub(job_id)
        return job_id

    def job(self, job_id: UUID) -> Any:
        """Its page."""
        reply = self.http.get(f"/api/jobs/{job_id}")
        assert reply.status_code == 200, reply.text
        return reply.json()

    def list(self) -> Any:
        """Its list."""
        return self.http.get("/api/jobs").json()


@contextmanager
def api_user(
    harness: ApiHarness, email: str = "someone@example.org", *, admin: bool = False
) -> Iterator[ApiUser]:
    """A user nobody has seen before."""
    who = uuid4()
    page = {"Origin": ORIGIN}
    signed = page | {
        "Authorization": f"Bearer {harness.token(who, email, admin=admin)}",
        "Content-Type": "application/json",
    }
    hooks: Any = {"response": [Described(harness.app)]}
    with (
        httpx.Client(
            verify=NO_TLS,
            base_url=harness.url,
            headers=signed,
            timeout=PATIENCE_S,
            event_hooks=hooks,
        ) as http,
        httpx.Client(
            verify=NO_TLS, base_url=harness.url, headers=page, timeout=PATIENCE_S, event_hooks=hooks
        ) as anonymous,
    ):
        yield ApiUser(harness, http, anonymous, who)
