"""People who send jobs, watch them and fetch what was made, whatever happens meanwhile."""

import hashlib
import io
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import numpy as np
import soundfile
from tests.e2e.serving import EXAMPLES
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

LANGUAGES = ("es", "de", "fr", "it")
MOST_S = 60.0
"""No answer may take longer, whatever happens."""
RECORDING_S = 11.4
PAUSE_S = 0.3
WATCHING = 0.5
"""How many jobs are watched; the others are looked at now and then."""
ENDED = frozenset({"complete", "failed", "cancelled"})
ORDER = ("queued", "stt", "translating", "dubbing", "mixing", "exporting")


@dataclass
class Noted:
    """What came of one job, as its user saw it."""

    job_id: str
    languages: Sequence[str]
    watched: bool
    events: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    progress: list[float] = field(default_factory=list)
    last: dict[str, Any] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


class LoadUser:
    """One user, sending one job after the other until the storm is over.

    Attributes:
        jobs: What became of them.
        wrong: What should not happen to any user.
        answers: How many answers had which status; 0 stands for none.
        slowest_s: The longest that an answer took.
    """

    def __init__(self, url: str, token: str, seed: int) -> None:
        self._client = httpx.Client(
            verify=NO_TLS,
            base_url=url,
            timeout=MOST_S,
            headers={"Authorization": f"Bearer {token}"},
        )
        self._seed = seed
        self._draw = random.Random(seed)
        self.jobs: list[Noted] = []
        self.wrong: list[str] = []
        self.answers: Counter[int] = Counter()
        self.slowest_s = 0.0
        self._over = threading.Event()
        self._end_s: float | None = None

    def go_on(self, over: threading.Event) -> None:
        """Send jobs until it is over, and see the last one to its end, if it has one."""
        self._over = over
        while not over.is_set():
            try:
                self._one()
            except Exception as error:
                self.wrong.append(f"{type(error).__name__}: {error}")
                return

    def fetch(self) -> None:
        """Everything that was made, now that all is calm."""
        for job in self.jobs:
            try:
                job.last = self._asked("GET", f"/api/jobs/{job.job_id}").json()
                if job.last["stage"] == "complete":
                    self._fetch(job)
            except Exception as error:
                self.wrong.append(f"{job.job_id}: {type(error).__name__}: {error}")
        self._client.close()

    def _fetch(self, job: Noted) -> None:
        links = self._asked("GET", f"/api/jobs/{job.job_id}/download").json()["links"]
        for link in links:
            content = httpx.get(
                link["url"], follow_redirects=True, verify=NO_TLS, timeout=MOST_S
            ).raise_for_status()
            job.files.append(link["path"])
            if hashlib.sha256(content.content).hexdigest() != link["sha256"]:
                job.damaged.append(link["path"])

    def _one(self) -> None:
        languages = self._draw.sample(LANGUAGES, self._draw.choice([1, 2, 3]))
        asked = {"languages": languages, "voice_track_name": "voice.flac"}
        made = self._asked("POST", "/api/jobs/upload-urls", json=asked).json()
        job = Noted(made["job_id"], languages, self._draw.random() < WATCHING)
        self._put(
            made["upload_urls"]["voice_track"], recording(1_000 * self._seed + len(self.jobs))
        )
        body = {"job_id": job.job_id, "languages": languages}
        self._asked("POST", "/api/jobs/", json=body)
        self.jobs.append(job)
        if job.watched:
            self._watch(job)
        for _ in self._until_ended(job):
            job.last = self._asked("GET", f"/api/jobs/{job.job_id}").json()
            job.progress.append(job.last["progress"])

    def _until_ended(self, job: Noted) -> Iterator[None]:
        """Again and again, for as long as it may take when the storm is over."""
        while job.last.get("stage") not in ENDED and not self._late():
            time.sleep(PAUSE_S)
            yield

    def _late(self) -> bool:
        """Whether the storm has been over for longer than anything takes."""
        if self._over.is_set() and self._end_s is None:
            self._end_s = time.monotonic() + PATIENCE_S
        return self._end_s is not None and time.monotonic() > self._end_s

    def _put(self, url: str, content: bytes) -> None:
        """Upload a file, to ourselves or to the storage: each time on a connection of its own."""
        ours = url.startswith(str(self._client.base_url))
        passing = (429, 503) if ours else (429, 500, 503)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                answer = httpx.put(
                    url,
                    content=content,
                    headers={"Content-Type": "audio/flac"},
                    verify=NO_TLS,
                    timeout=MOST_S,
                )
            except httpx.TransportError:
                self._count(0)
            else:
                if ours:
                    self._count(answer.status_code)
                # The storage says 409 in the body. It had arrived, and only the answer was lost.
                there = answer.status_code == 409 or '"409"' in answer.text
                if answer.is_success or there:
                    return
                if answer.status_code not in passing:
                    raise AssertionError(f"PUT: {answer.status_code} {answer.text}")
            time.sleep(PAUSE_S)
        raise AssertionError(f"PUT: nothing in {PATIENCE_S} s")

    def _count(self, status: int) -> None:
        self.answers[status] += 1

    def _watch(self, job: Noted) -> None:
        """Its events, from where the stream broke off, until one says that it has ended."""
        for _ in self._until_ended(job):
            after = job.events[-1][0] if job.events else 0
            headers = {"Last-Event-ID": str(after)}
            try:
                path = f"/api/jobs/{job.job_id}/events"
                with self._client.stream("GET", path, headers=headers) as answer:
                    self._count(answer.status_code)
                    if answer.status_code == 200:
                        self._read(job, answer)
            except httpx.TransportError:
                self._count(0)

    def _read(self, job: Noted, answer: httpx.Response) -> None:
        number, name = 0, ""
        for line in answer.iter_lines():
            key, _, value = line.partition(": ")
            if key == "id":
                number = int(value)
            elif self._late():
                return
            elif key == "event":
                name = value
            elif key == "data":
                data = json.loads(value)
                if name == "job":
                    job.last = data
                    job.progress.append(data["progress"])
                elif name == "end":
                    return
                else:
                    job.events.append((number, name, data))

    def _asked(self, method: str, url: str, **what: Any) -> httpx.Response:
        """The answer, as soon as the service gives one that is not `come again`."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = self._client.request(method, url, **what)
            except httpx.TimeoutException:
                self.wrong.append(f"{method} {url.partition('?')[0]}: no answer in {MOST_S:.0f} s")
                raise
            except httpx.TransportError:
                self._count(0)
            else:
                status = answer.status_code
                self._count(status)
                self.slowest_s = max(self.slowest_s, answer.elapsed.total_seconds())
                if status < 400:
                    return answer
                if status not in (429, 503) or "retry-after" not in answer.headers:
                    raise AssertionError(
                        f"{method} {url.partition('?')[0]}: {status} {answer.text}"
                    )
            if time.monotonic() > end:
                raise AssertionError(f"{method} {url.partition('?')[0]}: nothing in {PATIENCE_S} s")
            time.sleep(PAUSE_S)


def recording(seed: int, seconds: float = RECORDING_S) -> bytes:
    """The example's first two utterances under a noise that nobody else has, so that nothing is
    remembered of another job.
    """
    voice, rate_hz = soundfile.read(EXAMPLES / "voice.flac", stop=round(16_000 * seconds))
    noise = np.random.default_rng(seed).normal(0, 0.0005, len(voice))
    file = io.BytesIO()
    soundfile.write(file, voice + noise, rate_hz, format="FLAC")
    return file.getvalue()
