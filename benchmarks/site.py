"""A real service of small size whose vendors are a double: PostgreSQL, worker processes, users."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copy
from uuid import UUID, uuid4

import numpy as np
import psutil
import soundfile
from sqlalchemy import text

from ytdubber.app.service import Service
from ytdubber.app.uploads.job_options import JobOptions
from ytdubber.app.uploads.request_uploads import UploadMetadata
from ytdubber.bootstrap.backend import Backend, backend, database_urls
from ytdubber.bootstrap.service import service
from ytdubber.domain.upload import Track
from ytdubber.ports.identity import Claims
from ytdubber.settings import load_settings
from ytdubber.testing.vendor_double import KEY, VendorDouble, running

EXAMPLES = Path(__file__).parents[1] / "examples"
THREADS = 8
POLL_S = 0.05
CORES = os.cpu_count() or 1
USER = Claims(uuid4(), None, "authenticated", {})
TRACKS = {Track.VOICE: "voice.flac", Track.BACKGROUND: "background.flac"}


@dataclass(frozen=True, slots=True)
class Done:
    """A job that has ended.

    Attributes:
        user: Whose it was.
        submitted_s, finished_s: Seconds since the epoch, by the database's clock.
        complete: Whether every language was made.
    """

    user: UUID
    submitted_s: float
    finished_s: float
    complete: bool

    @property
    def took_s(self) -> float:
        """From its submission to its end."""
        return self.finished_s - self.submitted_s


class Site:
    """A service in this process, and its workers in their own.

    Args:
        made: The service's operations.
        shared: What they stand on.
        home: Its folder.
        double: The vendors.
    """

    def __init__(self, made: Service, shared: Backend, home: Path, double: VendorDouble) -> None:
        self.double, self.home, self.engine = double, home, shared.engine
        self._made, self._shared = made, shared
        self._workers: list[subprocess.Popen[bytes]] = []
        self._stems = home.parent / "stems"

    def minutes(self, share: float) -> float:
        """How long the example is, cut or repeated to this share of it."""
        info = soundfile.info(EXAMPLES / TRACKS[Track.VOICE])
        return float(info.frames / info.samplerate / 60 * share)

    def staff(self, workers: int, threads: int = THREADS) -> None:
        """Have so many worker processes, instead of those there are."""
        self.close()
        words = [sys.executable, "-m", "ytdubber", "worker", "--parent-pipe"]
        words += ["--threads", str(threads)]
        self._workers = [subprocess.Popen(words, stdin=subprocess.PIPE) for _ in range(workers)]

    def send(self, languages: Sequence[str], share: float = 1.0, user: Claims = USER) -> UUID:
        """A job into the queue.

        Args:
            languages: What the example is to be dubbed into.
            share: How much of it, from its beginning; or how many times over.
            user: Whose job it is.
        """
        stems = {track: UploadMetadata(name) for track, name in TRACKS.items()}
        job_id, links = self._made.request_uploads(user, JobOptions(tuple(languages)), stems)
        for track, name in TRACKS.items():
            path = self.home.parent / f"{uuid4()}.flac"
            copy(self._stem(name, share), path)
            self._shared.media.put(links[track].key, path, "audio/flac")
        self._made.submit_job(user, job_id, None)
        return job_id

    def ended(self, jobs: Collection[UUID]) -> dict[UUID, Done]:
        """Those that have ended."""
        asked = text(
            "select id, user_id, submitted_at, finished_at, stage from ytdubber.dubbing_jobs"
            " where finished_at is not null and id = any(:jobs)"
        )
        with self.engine.begin() as connection:
            rows = connection.execute(asked, {"jobs": list(jobs)}).all()
        return {
            row.id: Done(
                row.user_id, _epoch_s(row.submitted_at), _epoch_s(row.finished_at),
                row.stage == "complete",
            )
            for row in rows
        }  # fmt: skip

    def finish(self, jobs: Collection[UUID]) -> dict[UUID, Done]:
        """All of them, as soon as the last has ended."""
        while len(done := self.ended(jobs)) < len(jobs):
            time.sleep(POLL_S)
        return done

    def dub(self, languages: Sequence[str], share: float = 1.0) -> Done:
        """A job from the queue to its end."""
        (done,) = self.finish([self.send(languages, share)]).values()
        return done

    def workers_cpu_s(self) -> float:
        """Processor time of the workers and of all they started."""
        return sum(_cpu_s(psutil.Process(each.pid)) for each in self._workers)

    def cpu_s(self) -> float:
        """Processor time of everything: this process with the double, the workers, PostgreSQL."""
        own = psutil.Process()
        home, mine = str(self.home), {own.pid, *(each.pid for each in own.children(recursive=True))}
        others = [
            each
            for each in psutil.process_iter(["pid", "cmdline"])
            if each.pid not in mine and any(home in word for word in each.info["cmdline"] or ())
        ]
        roots = [each for each in others if each.ppid() not in {other.pid for other in others}]
        return sum(map(_cpu_s, [own, *roots]))

    def memory_mb(self) -> float:
        """What the workers hold."""
        held = (psutil.Process(each.pid).memory_info().rss for each in self._workers)
        return float(sum(held)) / 2**20

    def close(self) -> None:
        """End the workers."""
        for each in self._workers:
            each.terminate()
        for each in self._workers:
            each.wait()
        self._workers = []

    def _stem(self, name: str, share: float) -> Path:
        folder = self._stems / str(share)
        if not (folder / name).exists():
            folder.mkdir(parents=True, exist_ok=True)
            sound, rate_hz = soundfile.read(EXAMPLES / name)
            over = np.concatenate([sound] * max(1, round(share)))
            soundfile.write(folder / name, over[: round(len(sound) * share)], rate_hz)
        return folder / name


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Variables of this process and of those it starts."""
    before = os.environ.copy()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def site(latency_s: Mapping[str, float], **settings: str) -> Iterator[Site]:
    """A service whose vendors answer after these latencies, by their routes.

    Args:
        latency_s: May be changed while it runs.
        settings: Further variables of the environment.
    """
    double = VendorDouble(latency_s=latency_s)
    with tempfile.TemporaryDirectory() as name, running(double) as url:
        home = Path(name) / "home"
        variables = {
            "YTDUBBER_HOME": str(home),
            "DEEPGRAM_API_KEY": KEY,
            "YTDUBBER_DEEPGRAM_URL": url,
            "OPENAI_API_KEY": KEY,
            "YTDUBBER_OPENAI_URL": f"{url}/v1",
        }
        with environment(**variables, **settings):
            read = load_settings()
            with (
                database_urls(read) as urls,
                backend(read, urls) as shared,
                service(shared) as made,
                closing(Site(made, shared, home, double)) as opened,
            ):
                yield opened


def _epoch_s(moment: datetime) -> float:
    return moment.timestamp()


def _cpu_s(process: psutil.Process) -> float:
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue  # it ended just now, and its parent has its time
        total += times.user + times.system + times.children_user + times.children_system
    return total
