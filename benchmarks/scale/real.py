"""A real service of small size: what work costs it, and whether the model foretells how long it
takes. The vendors are a double; the machine should have nothing else to do.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copy
from uuid import UUID, uuid4

import numpy as np
import psutil
import soundfile

from benchmarks.scale.inputs import Fleet, Times
from benchmarks.scale.model import Job, simulate
from benchmarks.vendors import LATENCY_S, TRACKS, USER, environment
from ytdubber.app.job_wishes import Wishes
from ytdubber.app.request_uploads import Announced
from ytdubber.app.service import Service
from ytdubber.bootstrap.backend import Backend, backend, database_urls
from ytdubber.bootstrap.service import service
from ytdubber.domain.upload import Track
from ytdubber.settings import load_settings
from ytdubber.testing.vendor_double import KEY, VendorDouble, running

EXAMPLES = Path(__file__).parents[2] / "examples"
LANGUAGES = ("es", "de", "fr", "it")
LONGER = 4
"""The longer recording is the example so many times over."""
ROUNDS = 3
WORKERS, THREADS, JOBS, EACH = 2, 8, 24, 3
"""Of the load: jobs of so many languages each, all at once."""
POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Compared:
    """The model against the service: until all jobs were done, and a job's mean time."""

    real_s: float
    model_s: float
    real_mean_s: float
    model_mean_s: float


class Site:
    """A service in this process, and its workers."""

    def __init__(self, made: Service, shared: Backend, folder: Path) -> None:
        self._made, self._shared, self._folder = made, shared, folder
        self._workers: list[subprocess.Popen[bytes]] = []
        self._stems = {1: EXAMPLES, LONGER: folder}
        for name in TRACKS.values():
            sound, rate_hz = soundfile.read(EXAMPLES / name)
            soundfile.write(folder / name, np.concatenate([sound] * LONGER), rate_hz)

    @property
    def minutes(self) -> float:
        """Of the shorter recording."""
        info = soundfile.info(EXAMPLES / TRACKS[Track.VOICE])
        return float(info.frames / info.samplerate / 60)

    def staff(self, workers: int, threads: int) -> None:
        """Have so many worker processes."""
        self.close()
        words = [sys.executable, "-m", "ytdubber", "worker", "--parent-pipe"]
        words += ["--threads", str(threads)]
        self._workers = [subprocess.Popen(words, stdin=subprocess.PIPE) for _ in range(workers)]

    def send(self, languages: Sequence[str], times_over: int = 1) -> UUID:
        """A job into the queue."""
        stems = {track: Announced(name) for track, name in TRACKS.items()}
        job_id, links = self._made.request_uploads(USER, Wishes(tuple(languages)), stems)
        for track, name in TRACKS.items():
            path = self._folder / f"{uuid4()}.flac"
            copy(self._stems[times_over] / name, path)
            self._shared.media.put(links[track].key, path, "audio/flac")
        self._made.submit_job(USER, job_id, None)
        return job_id

    def ended(self, job_id: UUID) -> bool:
        with self._shared.database.as_service() as work:
            state = work.book.state(job_id)
        return state is not None and state.finished_at is not None

    def dub(self, languages: Sequence[str], times_over: int = 1) -> None:
        job_id = self.send(languages, times_over)
        while not self.ended(job_id):
            time.sleep(POLL_S)

    def workers_cpu_s(self) -> float:
        """Processor time of the workers and of all they started, as far as it still runs."""
        return sum(_cpu_s(psutil.Process(each.pid)) for each in self._workers)

    def close(self) -> None:
        for each in self._workers:
            each.terminate()
        for each in self._workers:
            each.wait()
        self._workers = []


@contextmanager
def site(latency_s: dict[str, float]) -> Iterator[Site]:
    """A service whose vendors are a double with these latencies, by its routes."""
    double = VendorDouble(latency_s=latency_s)
    with tempfile.TemporaryDirectory() as name, running(double) as url:
        variables = {
            "YTDUBBER_HOME": f"{name}/home",
            "DEEPGRAM_API_KEY": KEY,
            "YTDUBBER_DEEPGRAM_URL": url,
            "OPENAI_API_KEY": KEY,
            "YTDUBBER_OPENAI_URL": f"{url}/v1",
            "YTDUBBER_JOBS_AT_ONCE": str(10 * JOBS),
        }
        with environment(**variables):
            settings = load_settings()
            with (
                database_urls(settings) as urls,
                backend(settings, urls) as shared,
                service(shared) as made,
                closing(Site(made, shared, Path(name))) as opened,
            ):
                yield opened


def costs(here: Site, usual: Times, cpu_s: Callable[[], float]) -> Times:
    """The processor time of work, from jobs of one and four languages, short and long: a job takes
    (a + b minutes) once and (c + d minutes) for each language.
    """
    rows, took = [], []
    for count in (1, len(LANGUAGES)):
        for over in (1, LONGER):
            here.dub(LANGUAGES[:count], over)  # nothing is loaded or compiled while it counts
            begin_s = cpu_s()
            for _ in range(ROUNDS):
                here.dub(LANGUAGES[:count], over)
            minutes = here.minutes * over
            rows.append((1, minutes, count, count * minutes))
            took.append((cpu_s() - begin_s) / ROUNDS)
    once_s, once_min_s, each_s, each_min_s = np.maximum(0, np.linalg.solve(rows, took))
    return replace(
        usual,
        ingest_cpu_s=float(once_s),
        ingest_cpu_per_min_s=float(once_min_s),
        finish_cpu_s=float(each_s),
        finish_cpu_per_min_s=float(each_min_s),
    )


def against_model(here: Site, latency_s: dict[str, float], cost: Times) -> Compared:
    """A load on the real service, and the same in the model, fed with `cost` of all processes."""
    here.staff(WORKERS, THREADS)
    here.dub(LANGUAGES)
    latency_s.update(LATENCY_S)
    begin_s = time.monotonic()
    sent: dict[UUID, float] = {}
    ended: dict[UUID, float] = {}
    for _ in range(JOBS):
        job_id = here.send(LANGUAGES[:EACH])
        sent[job_id] = time.monotonic() - begin_s
    while len(ended) < JOBS:
        time.sleep(POLL_S)
        for job_id in sent.keys() - ended.keys():
            if here.ended(job_id):
                ended[job_id] = time.monotonic() - begin_s
    times = replace(
        cost,
        listen_s=LATENCY_S["listen"],
        listen_per_min_s=0.0,
        batch_s=LATENCY_S["responses"],
        line_s=LATENCY_S["speak"],
        spoken_again=0.0,
    )
    fleet = Fleet(WORKERS, THREADS, (os.cpu_count() or 1) / WORKERS)
    jobs = (Job(each, here.minutes, EACH) for each in sent.values())
    seen = simulate(jobs, fleet, times)
    return Compared(
        real_s=max(ended.values()),
        model_s=seen.end_s,
        real_mean_s=sum(ended[each] - sent[each] for each in sent) / JOBS,
        model_mean_s=sum(seen.took_s) / JOBS,
    )


def machine_cpu_s() -> float:
    """Processor time of the whole machine."""
    times = psutil.cpu_times()
    return float(times.user + times.system)


def measure() -> tuple[Times, Compared]:
    """What work costs a worker, and the model against the service."""
    latency_s: dict[str, float] = {}
    with site(latency_s) as here:
        here.staff(1, THREADS)
        here.dub(LANGUAGES)
        workers = costs(here, Times(), here.workers_cpu_s)
        machine = costs(here, Times(), machine_cpu_s)
        return workers, against_model(here, latency_s, machine)


def _cpu_s(process: psutil.Process) -> float:
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue  # it ended just now, and its parent has its time
        total += times.user + times.system + times.children_user + times.children_system
    return total
