"""A service whose vendors are a double: jobs sent in, and worked on here or by worker processes."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import psycopg
import pytest
import soundfile as sf
from numpy.typing import NDArray
from psycopg.rows import tuple_row
from tests.listening import EXAMPLE_ONSETS_MS

from ytdubber.adapters.db.speaking_rates import SqlSpeakingRates
from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.app.dubs.manifest import LanguageEntry, Manifest
from ytdubber.app.service import Service
from ytdubber.app.uploads.given_texts import GivenTexts
from ytdubber.app.uploads.job_options import JobOptions
from ytdubber.app.uploads.request_uploads import UploadMetadata
from ytdubber.bootstrap.backend import Backend, backend, database_urls
from ytdubber.bootstrap.engines import catalogue
from ytdubber.bootstrap.service import service
from ytdubber.bootstrap.worker import WorkerParts, worker_process
from ytdubber.domain.job import DubOptions
from ytdubber.domain.money import QUANTUM
from ytdubber.domain.upload import Track
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_reads import JobRow
from ytdubber.ports.leases import Kind, Lease
from ytdubber.settings import load_settings
from ytdubber.testing.vendor_double import KEY, VendorDouble
from ytdubber.testing.vendor_double.canned import char_ms

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
USER = Claims(UUID("11111111-1111-4111-8111-111111111111"), "a@example.org", "authenticated", {})
RATE_HZ = 16_000
BURSTS = [onset_ms * RATE_HZ // 1000 for onset_ms in EXAMPLE_ONSETS_MS]
BURST = round(0.9 * RATE_HZ)
FLAC = DubOptions(formats=("flac",))


def example() -> NDArray[np.float64]:
    """27.7 seconds with five utterances."""
    samples, _ = sf.read(EXAMPLES / "voice.flac")
    return np.asarray(samples)


def brief() -> NDArray[np.float64]:
    """The example's first two utterances."""
    return example()[: round(11.4 * RATE_HZ)]


def bursts() -> NDArray[np.float64]:
    """Five words or so of real speech, with pauses between them: many lines in little time."""
    pieces = [example()[start : start + BURST] for start in BURSTS]
    silence = np.zeros(round(0.7 * RATE_HZ))
    return np.concatenate([part for piece in pieces for part in (silence, piece)])


def environment(url: str, folder: Path, **more: str) -> dict[str, str]:
    """All vendors at one address; what is made is kept under the folder."""
    return {
        "YTDUBBER_HOME": str(folder / "home"),
        "DEEPGRAM_API_KEY": KEY,
        "YTDUBBER_DEEPGRAM_URL": url,
        "OPENAI_API_KEY": KEY,
        "YTDUBBER_OPENAI_URL": f"{url}/v1",
        "ELEVENLABS_API_KEY": KEY,
        "YTDUBBER_ELEVENLABS_URL": url,
    } | more


@dataclass
class ServiceHarness:
    """The service in this process.

    Attributes:
        service: What the API calls.
        shared: Its database and files.
        parts: What a worker does.
        folder: A folder of the test's own.
    """

    service: Service
    shared: Backend
    parts: WorkerParts
    folder: Path

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator["ServiceHarness"]:
        """By the settings in force."""
        settings = load_settings()
        with (
            database_urls(settings) as urls,
            backend(settings, urls) as shared,
            service(shared) as made,
            worker_process(2) as parts,
        ):
            yield cls(made, shared, parts, folder)

    def send(
        self,
        *languages: str,
        recording: NDArray[Any] | None = None,
        options: DubOptions = FLAC,
        rate_hz: int = RATE_HZ,
        film: Path | None = None,
        texts: GivenTexts | None = None,
    ) -> UUID:
        """A recording, a film, or the example, announced, uploaded and submitted."""
        job_options = JobOptions(languages, options=options, texts=texts or GivenTexts())
        name = film.name if film else "voice.flac"
        stems = {Track.VOICE: UploadMetadata(name)}
        job_id, links = self.service.request_uploads(USER, job_options, stems)
        path = self.folder / f"{uuid4()}.flac"
        if film is not None:
            path.write_bytes(film.read_bytes())
        else:
            sf.write(path, example() if recording is None else recording, rate_hz)
        media_type = "video/mp4" if film else "audio/flac"
        self.shared.media.put(links[Track.VOICE].key, path, media_type)
        self.service.submit_job(USER, job_id, None)
        return job_id

    def learn_paces(self, options: DubOptions, *languages: str, times: float = 1.0) -> None:
        """As after many jobs: how fast the double's voices speak is known, or taken for so many
        times as long.
        """
        engines, rates = catalogue(load_settings()), SqlSpeakingRates(self.shared.engine)
        for language in languages:
            synthesizer, voice = engines.cast(language, None, options.voice_tier)
            for _ in range(12):
                rates.learn(
                    synthesizer.engine, voice, 1_000, round(1_000 * char_ms(language) * times)
                )
        engines.close()

    def dub(self, job_id: UUID) -> Mapping[str, LanguageEntry]:
        """All that a worker does for a job, one thing after the other; its languages."""
        self.prepare(job_id)
        return self.dub_prepared(job_id)

    def dub_prepared(self, job_id: UUID) -> Mapping[str, LanguageEntry]:
        """The languages of a job that was heard."""
        for task_id in self.tasks(job_id).values():
            self.work(Kind.TASK, task_id)
        return self.manifest(job_id).languages

    def prepare(self, job_id: UUID) -> None:
        self.work(Kind.JOB, job_id)

    def work(self, kind: Kind, row_id: UUID, check: Callable[[], None] = lambda: None) -> None:
        """One piece of work; what goes wrong is raised."""
        lease = self.parts.leases.claim(kind, row_id, uuid4())
        assert isinstance(lease, Lease)
        use_case = self.parts.prepare if kind is Kind.JOB else self.parts.dub
        try:
            use_case(lease, check)
        finally:
            self.parts.leases.release(lease)

    def tasks(self, job_id: UUID) -> dict[str, UUID]:
        """The job's languages."""
        with self.shared.database.as_service() as work:
            return {task.language: task.id for task in work.tasks.of_job(job_id)}

    def shown(self, job_id: UUID) -> JobRow:
        """The job as its user may look at it."""
        job = self.service.reads.detail(USER, job_id)
        assert job is not None
        return job

    def stage(self, task_id: UUID) -> str:
        with self.shared.database.as_service() as work:
            return work.tasks.get(task_id).stage.value

    def manifest(self, job_id: UUID) -> Manifest:
        """What a finished job consists of."""
        return Manifest.model_validate_json(self.delivered(job_id, "manifest.json"))

    def delivered(self, job_id: UUID, path: str) -> bytes:
        """A finished file."""
        with self.shared.database.as_service() as work:
            (key,) = [each.key for each in work.artifacts.of_job(job_id) if each.path == path]
        copy = self.folder / f"{uuid4()}"
        self.shared.media.fetch(key, copy, lambda: None)
        return copy.read_bytes()

    def ended(self, *job_ids: UUID) -> bool:
        with self.shared.database.as_service() as work:
            states = [work.job_repository.state(job_id) for job_id in job_ids]
        return all(state is not None and state.finished_at is not None for state in states)

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        """What the database says to its owner."""
        with psycopg.connect(self.shared.urls.owner, row_factory=tuple_row) as connection:
            return connection.execute(query).fetchall()

    def cost_usd(self) -> Decimal:
        """What the ledger says that everything cost."""
        ((cost_usd,),) = self.rows("select coalesce(sum(amount_usd), 0) from ytdubber.cost_entries")
        return Decimal(cost_usd)


def invoiced_usd(double: VendorDouble) -> Decimal:
    """What the double would charge for all it did."""
    return sum((usd for _, _, usd in double.invoice(FilePriceBook())), Decimal(0))


def billed(double: VendorDouble) -> Any:
    """What a ledger has when it holds every call once. It rounds each receipt to 1E-10 of a dollar,
    and vendors round their sum.
    """
    rounding_usd = QUANTUM / 2 * len(double.calls)
    return pytest.approx(invoiced_usd(double), rel=Decimal(0), abs=rounding_usd)


class Workers:
    """Worker processes as an operator starts them, by the environment of the tests."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "workers.log"
        self._stack = ExitStack()

    def start(self, threads: int = 8) -> "subprocess.Popen[bytes]":
        """One more."""
        log = self._stack.enter_context(self.log.open("ab"))
        words = [sys.executable, "-m", "ytdubber", "worker", "--verbose", "--parent-pipe"]
        process = subprocess.Popen(
            [*words, "--threads", str(threads)], stdin=subprocess.PIPE, stderr=log, cwd=ROOT
        )
        self._stack.callback(_end, process)
        return process

    @cached_property
    def close(self) -> Callable[[], None]:
        """End them all."""
        return self._stack.close


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    assert process.stdin
    process.stdin.close()
    process.wait()
