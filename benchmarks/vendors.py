"""Jobs whose vendors are a double: what we add to their time, and what the store of results saves.

The service runs as it does for an operator: an embedded PostgreSQL, a worker process, the vendors'
own clients over HTTP. The double answers by rule and in tones after the latencies given to it.
"""

import math
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copy
from statistics import median
from uuid import UUID, uuid4

from benchmarks.measuring import measured
from benchmarks.site import TRACKS, USER, environment
from ytdubber.adapters.db.coordination.reaper import SqlReaper
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.app.dubs.manifest import Manifest
from ytdubber.app.service import Service
from ytdubber.app.uploads.job_options import JobOptions
from ytdubber.app.uploads.request_uploads import UploadMetadata
from ytdubber.bootstrap.backend import Backend, backend, database_urls
from ytdubber.bootstrap.money import ledger
from ytdubber.bootstrap.service import service
from ytdubber.settings import load_settings
from ytdubber.testing.vendor_double import KEY, RecordedCall, VendorDouble, running

TITLE = "Vendors: 27.7 s over a background through a double of Deepgram and OpenAI"
EXAMPLES = Path(__file__).parents[1] / "examples"
LATENCY_S = {"listen": 5.0, "responses": 4.0, "speak": 1.5}
"""About what vendors take for half a minute of speech."""
TARGETS = ("es", "de", "fr")
LINES_AT_ONCE, BATCHES_AT_ONCE = 15, 8
"""Of one account, and of one language."""
ROUNDS = 3


class Harness:
    """Sends jobs and waits for them."""

    def __init__(self, made: Service, shared: Backend, folder: Path) -> None:
        self._made = made
        self._shared = shared
        self._folder = folder
        self._worker = self._started()

    def dub(self, *languages: str) -> tuple[float, Manifest]:
        """A job from the queue to its end: seconds, and what it consists of."""
        job_id = self.send(*languages)
        begin = time.perf_counter()
        while not self.ended(job_id):
            time.sleep(0.05)
        return time.perf_counter() - begin, self._manifest(job_id)

    def send(self, *languages: str) -> UUID:
        """A job into the queue."""
        stems = {track: UploadMetadata(name) for track, name in TRACKS.items()}
        job_id, links = self._made.request_uploads(USER, JobOptions(languages), stems)
        for track, name in TRACKS.items():
            path = self._folder / f"{uuid4()}.flac"
            copy(EXAMPLES / name, path)
            self._shared.media.put(links[track].key, path, "audio/flac")
        self._made.submit_job(USER, job_id, None)
        return job_id

    def kill_worker(self) -> None:
        """With kill -9; another takes its place, as `ytdubber serve` sees to it."""
        self._worker.kill()
        self._worker.wait()
        book = ledger(
            self._shared.engine, self._shared.settings.money, self._shared.settings.data
        ).enter_costs
        SqlReaper(self._shared.engine, PostgresQueue(), book).abandon(None)
        self._worker = self._started()

    def close(self) -> None:
        self._worker.terminate()
        self._worker.wait()

    @staticmethod
    def _started() -> "subprocess.Popen[bytes]":
        words = [sys.executable, "-m", "ytdubber", "worker", "--parent-pipe"]
        return subprocess.Popen(words, stdin=subprocess.PIPE)

    def ended(self, job_id: UUID) -> bool:
        with self._shared.database.as_service() as work:
            state = work.job_repository.state(job_id)
        return state is not None and state.finished_at is not None

    def _manifest(self, job_id: UUID) -> Manifest:
        path = self._folder / f"{uuid4()}.json"
        with self._shared.database.as_service() as work:
            files = {each.path: each.key for each in work.artifacts.of_job(job_id)}
        self._shared.media.fetch(files["manifest.json"], path, lambda: None)
        return Manifest.model_validate_json(path.read_bytes())


@contextmanager
def harness_in(folder: Path) -> Iterator[Harness]:
    """The service with one worker."""
    settings = load_settings()
    with (
        database_urls(settings) as urls,
        backend(settings, urls) as shared,
        service(shared) as made,
        closing(Harness(made, shared, folder)) as opened,
    ):
        yield opened


def answers_s(calls: Sequence[RecordedCall]) -> float:
    """The vendors' part of a job's critical path, the longest chain of calls that wait for one
    another: to hear; then, of one language, to translate and to speak.
    """
    speech = [dict(call.query) for call in calls if call.route == "speak"]
    waves = math.ceil(len(speech) / LINES_AT_ONCE)
    languages = len({asked["model"][-2:] for asked in speech})
    batches = math.ceil(len([c for c in calls if c.route == "responses"]) / languages)
    return (
        LATENCY_S["listen"]
        + math.ceil(batches / BATCHES_AT_ONCE) * LATENCY_S["responses"]
        + waves * LATENCY_S["speak"]
    )


def stages(manifest: Manifest) -> Mapping[str, int]:
    (entry,) = manifest.languages.values()
    return manifest.timings_ms | entry.timings_ms


def against_path(
    harness: Harness, double: VendorDouble, languages: Sequence[str]
) -> tuple[int, float, float]:
    """A job's languages, wall time, and the time of the answers it had to wait for."""
    before = len(double.calls)
    wall_s, _ = harness.dub(*languages)
    path_s = answers_s(double.calls[before:])
    again_s = [harness.dub(*languages)[0] for _ in range(ROUNDS - 1)]
    return len(languages), median([wall_s, *again_s]), path_s


def after_a_kill(harness: Harness, double: VendorDouble) -> tuple[int, int, int]:
    """Of a job whose worker is killed while it waits for speech: calls under way at that moment,
    calls to its end, and how many of them asked for what was paid for before.
    """
    before = len(double.calls)
    job_id = harness.send(*TARGETS)

    def under_way() -> int:
        calls = double.calls[before:]
        return len([c for c in calls if c.route == "speak" and not c.delivered])

    while not (lost := under_way()):
        time.sleep(0.05)
    harness.kill_worker()
    while not harness.ended(job_id):
        time.sleep(0.05)
    paid = Counter(call.fingerprint for call in double.calls[before:] if call.billed)
    return lost, paid.total(), paid.total() - len(paid)


def replayed(double: VendorDouble, folder: Path) -> tuple[int, int]:
    """Calls of a dub by the command line, and of the same in another format and folder."""
    counts = []
    for audio_format in ("flac", "mp3"):
        before = len(double.calls)
        words = [
            sys.executable, "-m", "ytdubber", "dub", EXAMPLES / "voice.flac", "--to", "es",
            "--format", audio_format, "--out", folder / audio_format,
        ]  # fmt: skip
        measured(words)
        counts.append(len(double.calls) - before)
    return counts[0], counts[1]


def run() -> str:
    """A table of what was measured."""
    latency_s: dict[str, float] = {}
    double = VendorDouble(latency_s=latency_s)
    with tempfile.TemporaryDirectory() as name, running(double) as url:
        folder = Path(name)
        variables = {
            "YTDUBBER_HOME": str(folder / "home"),
            "DEEPGRAM_API_KEY": KEY,
            "YTDUBBER_DEEPGRAM_URL": url,
            "OPENAI_API_KEY": KEY,
            "YTDUBBER_OPENAI_URL": f"{url}/v1",
        }
        with environment(**variables), harness_in(folder) as harness:
            harness.dub(*TARGETS)  # everything is loaded and compiled now
            rounds = [harness.dub("es") for _ in range(ROUNDS)]
            latency_s.update(LATENCY_S)
            bound = [against_path(harness, double, each) for each in (("de",), TARGETS)]
            under_way, calls, repeated = after_a_kill(harness, double)
            latency_s.clear()
            first, again = replayed(double, folder)
    own = {
        name: median(stages(made)[name] for _, made in rounds) / 1000
        for name in stages(rounds[0][1])
    }
    own_s = median(wall_s for wall_s, _ in rounds)
    waits = ", ".join(f"{route} {seconds:g} s" for route, seconds in LATENCY_S.items())
    rows = [
        ("our own time for a job of one language, double of no latency", f"{own_s:.2f} s"),
        *((f"- {stage}", f"{seconds:.2f} s") for stage, seconds in own.items()),
        (f"latencies {waits}: a job's wall time, median of {ROUNDS}", ""),
        *(
            (f"- {count} languages" if count > 1 else "- one language",
             f"{wall_s:.2f} s = {wall_s / (path_s + own_s):.2f} of its critical path: {path_s:.2f} s of"
             f" vendors' answers and {own_s:.2f} s of our own for one language;"
             f" {wall_s / path_s:.2f} of the answers alone")
            for count, wall_s, path_s in bound
        ),
        (f"kill -9 of the worker with {under_way} calls under way: calls of the whole job", f"{calls}"),
        ("- of them made again", f"{repeated}"),
        ("calls to vendors of a dub by the command line", f"{first}"),
        ("- of the same again in another format and folder", f"{again}"),
    ]  # fmt: skip
    return "\n".join(
        ["| what | measured |", "| --- | --- |", *(f"| {what} | {value} |" for what, value in rows)]
    )


if __name__ == "__main__":
    print(run())
