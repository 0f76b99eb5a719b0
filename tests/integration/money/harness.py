"""Where jobs come in, are paid for and go out, without a pipeline between."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import soundfile as sf

from ytdubber.adapters.db.database import Database
from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.filesystem.speaking_rates import FileSpeakingRates
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.casting.engines import Engines
from ytdubber.app.jobs.finish_job import FinishJob
from ytdubber.app.jobs.submit_job import SubmitJob
from ytdubber.app.money.billing import Billing
from ytdubber.app.uploads.job_options import CheckOptions
from ytdubber.app.uploads.stem_lengths import StemLengths
from ytdubber.domain.admission import Backlog
from ytdubber.domain.errors import NoSpeech
from ytdubber.domain.job import DubOptions, Job
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.limits import Limits
from ytdubber.domain.stage import Stage
from ytdubber.domain.upload import Track, Upload
from ytdubber.engines.direct import Direct
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.identity import Claims
from ytdubber.testing.engines import (
    FakeSpeechToText,
    FakeSynthesizer,
    FakeTranslator,
    FakeVoiceActivity,
)

CLOCK = SystemClock()
SECONDS = 90
CENTS_PER_MINUTE = 50
PRICE = 75
"""Of a minute and a half in one language."""


@dataclass
class BillingHarness:
    """Where jobs come in and go out."""

    database: Database
    media: FolderMediaStore
    folder: Path
    claims: Claims
    submit: Callable[..., None]
    finish: FinishJob
    billing: Billing

    def announced(self, *languages: str, options: DubOptions | None = None) -> UUID:
        """A job whose voice stem has arrived."""
        job = Job(
            id=uuid4(),
            source_language="en",
            target_languages=languages,
            created_at=CLOCK.now(),
            user_id=self.claims.user_id,
            title="talk.wav",
            options=options or DubOptions(),
        )
        stem = Upload(uuid4(), job.id, Track.VOICE, f"{job.id}/{uuid4()}", "talk.wav")
        path = self.folder / "talk.wav"
        sf.write(path, 0.1 * np.sin(np.arange(SECONDS * 8000) * 0.2), 8000)
        self.media.put(stem.key, path, "audio/wav")
        with self.database.as_user(self.claims) as work:
            work.users.see(self.claims)
            work.job_repository.announce(job)
            work.uploads.add(stem)
            work.commit()
        return job.id

    def queued(self, *languages: str) -> UUID:
        job_id = self.announced(*languages)
        self.submit(self.claims, job_id, None)
        return job_id

    def end(self, job_id: UUID, **how: str) -> None:
        """Every language ends: `complete`, `failed` or `cancelled`."""
        with self.database.as_service() as work:
            for task in work.tasks.of_job(job_id):
                work.tasks.save(_ended(task, how[task.language]))
            work.commit()
        self.finish(job_id)

    def stage(self, job_id: UUID) -> str:
        with self.database.as_service() as work:
            state = work.job_repository.state(job_id)
        assert state
        return state.stage

    @property
    def entries(self) -> list[tuple[str, int]]:
        """The user's credit entries, oldest first; those of one moment by amount."""
        found = sorted(
            self.billing.history(self.claims), key=lambda e: (e.created_at, e.amount_cents)
        )
        return [(entry.kind.value, entry.amount_cents) for entry in found]

    @property
    def balance_cents(self) -> int:
        with self.database.as_user(self.claims) as work:
            return work.credits.balance_cents(self.claims.user_id)


def _ended(task: LanguageTask, how: str) -> LanguageTask:
    now = CLOCK.now()
    if how == "complete":
        return task.enter(Stage.COMPLETE, now)
    if how == "cancelled":
        return task.cancel(now)
    return task.fail(NoSpeech.code, "x", now)


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def open_desk(database: Database, folder: Path) -> BillingHarness:
    """A desk for a user who has just signed in."""
    engines = Engines(
        Direct(FakeSpeechToText("x")),
        FakeVoiceActivity(),
        Direct(FakeTranslator()),
        (Synthesizer.direct(FakeSynthesizer(("de", "es", "pt"))),),
        FileSpeakingRates(folder / "rates.json"),
    )
    media = FolderMediaStore(folder / "media", b"s" * 32, "http://localhost", CLOCK)
    claims = Claims(uuid4(), "ann@example.org", "authenticated", {})
    submit = SubmitJob(
        as_user=database.as_user,
        media=media,
        clock=CLOCK,
        check_options=CheckOptions(lambda: engines),
        limits=Limits(),
        backlog=lambda _: Backlog(),
        lengths=StemLengths(database.as_service, media, scratch),
        cents_per_minute=CENTS_PER_MINUTE,
    )
    finish = FinishJob(database.as_service, media, CLOCK, lambda: {}, scratch)
    billing = Billing(database.as_user, database.as_service, CLOCK)
    harness = BillingHarness(database, media, folder, claims, submit, finish, billing)
    with database.as_user(claims) as work:
        work.users.see(claims)
        work.commit()
    return harness
