"""A worker's work on one job, done in the thread that asks, with engines that need no model."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import text
from tests.booking import booked

from ytdubber.adapters.db.coordination.leases import SqlLeases
from ytdubber.adapters.db.coordination.reaper import SqlReaper
from ytdubber.adapters.db.jobs.retention import SqlExpiryRepository
from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.adapters.filesystem.speaking_rates import FileSpeakingRates
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.app.casting.engines import Engines
from ytdubber.app.jobs.finish_job import FinishJob
from ytdubber.app.jobs.run_job import RunJob
from ytdubber.app.lines.preview_line import PreviewLine
from ytdubber.app.operations.reconcile import Reconcile
from ytdubber.app.operations.retention import Retention
from ytdubber.app.operations.storage_watch import StorageWatch
from ytdubber.bootstrap.backend import Backend
from ytdubber.domain.errors import BadInput, Cancelled
from ytdubber.engines.direct import Direct
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.leases import Kind, Lease
from ytdubber.ports.retention import Terms
from ytdubber.testing.engines import (
    FakeSpeechToText,
    FakeSynthesizer,
    FakeTranslator,
    FakeVoiceActivity,
)

SAID = "Good morning to all of you. This is a short talk. It ends here."

_JOBS = "select id from ytdubber.dubbing_jobs where id = :id and finished_at is null"
_PREVIEWS = "select id from ytdubber.line_previews where stage in ('waiting', 'sent')"
_TASKS = "select id from ytdubber.language_tasks where job_id = :id order by position"


Pairs = Sequence[tuple[str, str]]
Fetch = Callable[[str, str, Callable[[], None]], None]


def fake_engines(folder: Path, pairs: Pairs | None = None) -> Engines:
    """Engines that hear what they are told, translate by rule, these pairs or all, and speak in
    tones.
    """
    return Engines(
        speech_to_text=Direct(FakeSpeechToText(SAID)),
        voice_activity=FakeVoiceActivity(),
        translator=Direct(FakeTranslator(pairs=pairs)),
        synthesizers=(Synthesizer.direct(FakeSynthesizer(("de", "en", "es", "fr", "pt"))),),
        rates=FileSpeakingRates(folder / "rates.json"),
    )


class Hands:
    """Takes work up as a worker does, when a test says so."""

    def __init__(self, backend: Backend, engines: Engines, fetch: Fetch = lambda *_: None) -> None:
        self._engine = backend.engine
        self._leases = SqlLeases(backend.engine)
        self._folder = tempfile.TemporaryDirectory(prefix="ytdubber-hands-")
        self._scratch = ScratchFolders(Path(self._folder.name))
        as_service, media, clock = backend.database.as_service, backend.media, backend.clock
        finish = FinishJob(as_service, media, clock, lambda: {}, self._scratch.folder)
        self.run = RunJob(
            engines=lambda _: engines,
            fenced=backend.fenced,
            last_word=backend.last_word,
            media=media,
            clock=clock,
            scratch=self._scratch.folder,
            finish=finish,
            fetch_pair=fetch,
            storage=StorageWatch(media),
        )
        self._speak = PreviewLine(lambda _: engines, as_service, media, clock, self._scratch.folder)
        reaper = SqlReaper(backend.engine, PostgresQueue(), booked)
        self._reconcile = Reconcile(reaper, self.run.failed, self.run.cancelled, finish)
        self._retention = Retention(SqlExpiryRepository(backend.engine), media)

    def speak_lines(self) -> None:
        """What somebody waits to hear, if anybody does."""
        with self._engine.begin() as connection:
            ids = connection.execute(text(_PREVIEWS)).scalars().all()
        for each in ids:
            self._speak(each)

    def dub(self, job_id: UUID) -> None:
        """The whole job: its recording heard, each language dubbed, the job ended."""
        self.hear(job_id)
        for task_id in self._ids(_TASKS, job_id):
            self._work(Kind.TASK, task_id, self.run.dub)
        self._reconcile()

    def hear(self, job_id: UUID) -> None:
        """The recording heard."""
        for each in self._ids(_JOBS, job_id):
            self._work(Kind.JOB, each, self.run.prepare)

    def dub_one(self, job_id: UUID) -> None:
        """The first language of a job that was heard."""
        self._work(Kind.TASK, self._ids(_TASKS, job_id)[0], self.run.dub)

    def _work(
        self, kind: Kind, row_id: UUID, use_case: Callable[[Lease, Callable[[], None]], None]
    ) -> None:
        lease = self._leases.claim(kind, row_id, uuid4())
        if not isinstance(lease, Lease):
            return
        try:
            use_case(lease, lambda: None)
        except Cancelled:
            self.run.cancelled(lease)
        except BadInput as error:
            self.run.failed(lease, error.code, str(error))
        finally:
            self._leases.release(lease)

    def _ids(self, query: str, job_id: UUID) -> list[UUID]:
        with self._engine.connect() as connection:
            return list(connection.execute(text(query), {"id": job_id}).scalars())

    def purge(self) -> None:
        """What is due goes."""
        self._retention(Terms())

    def close(self) -> None:
        self._scratch.close()
        self._folder.cleanup()
