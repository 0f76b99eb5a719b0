"""A worker on fake engines that can be told to die in a stage.

    python -m tests.integration.service.harness URL FOLDER [STAGE]

Every call of an engine is a line in FOLDER/calls.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import soundfile as sf
from tests.booking import booked

from ytdubber.adapters.db.connection.shared_pool import SharedPool
from ytdubber.adapters.db.coordination.dead_letters import bury
from ytdubber.adapters.db.coordination.dispatch import SqlDispatcher
from ytdubber.adapters.db.coordination.leases import SqlLeases
from ytdubber.adapters.db.coordination.reaper import SqlReaper, task_lock
from ytdubber.adapters.db.coordination.workers import SqlWorkers
from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.adapters.filesystem.speaking_rates import FileSpeakingRates
from ytdubber.adapters.queue.broker import make_broker
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.casting.engines import Engines
from ytdubber.app.jobs.finish_job import FinishJob
from ytdubber.app.jobs.run_job import RunJob
from ytdubber.app.jobs.submit_job import SubmitJob
from ytdubber.app.operations.reconcile import Reconcile
from ytdubber.app.uploads.job_options import CheckOptions, JobOptions
from ytdubber.app.uploads.request_uploads import RequestUploads, UploadMetadata
from ytdubber.app.uploads.stem_lengths import StemLengths
from ytdubber.bootstrap.backend import Backend, Urls
from ytdubber.bootstrap.worker import WorkerParts
from ytdubber.domain.admission import Backlog
from ytdubber.domain.fair_share import Lane
from ytdubber.domain.job import DubOptions
from ytdubber.domain.limits import Limits
from ytdubber.domain.media import AudioFile
from ytdubber.domain.upload import Track
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.cache import Cache
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.identity import Claims
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest, TTSCapabilities
from ytdubber.ports.speech_to_text import Transcription
from ytdubber.ports.translator import Line, Translation
from ytdubber.settings import Settings
from ytdubber.testing.engines import (
    FakeSpeechToText,
    FakeSynthesizer,
    FakeTranslator,
    FakeVoiceActivity,
)
from ytdubber.worker.process import WorkerTimings, run

SECRET = b"a secret for tests that is long enough"
TEXT = "One two three four. Five six seven eight. Nine ten eleven twelve."
USER = Claims(UUID("11111111-1111-4111-8111-111111111111"), "a@example.org", "authenticated", {})


class Diary:
    """Writes calls down; dies in a stage, the first time it gets there."""

    def __init__(self, folder: Path, fatal: str | None) -> None:
        self._file = folder / "calls"
        self._fatal = fatal

    def note(self, call: str) -> None:
        with self._file.open("a") as file:
            file.write(f"{call}\n")

    def pass_by(self, stage: str) -> None:
        if stage == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)


class _Ears(FakeSpeechToText):
    def __init__(self, diary: Diary) -> None:
        super().__init__(TEXT)
        self._diary = diary

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: CallContext
    ) -> Transcription:
        self._diary.pass_by("stt")
        self._diary.note("listen")
        return super().transcribe(audio, language, glossary, call)


class _Interpreter(FakeTranslator):
    def __init__(self, diary: Diary) -> None:
        super().__init__()
        self._diary = diary

    def translate(
        self,
        lines: Sequence[Line],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        self._diary.pass_by("translating")
        self._diary.note("translate")
        return super().translate(lines, source, target, glossary, call)


class _Mouth(FakeSynthesizer):
    def __init__(self, diary: Diary) -> None:
        super().__init__()
        self._diary = diary
        self._spoken = 0

    @property
    def capabilities(self) -> TTSCapabilities:
        return replace(super().capabilities, concurrency=1)

    def synthesize(self, request: SynthesisRequest, into: Path, call: CallContext) -> Speech:
        if self._spoken == 1:
            self._diary.pass_by("dubbing")
        self._spoken += 1
        self._diary.note(f"speak {request.text}")
        return super().synthesize(request, into, call)


class _Store(FolderMediaStore):
    """Dies when captions arrive, which is in the middle of exporting."""

    diary: Diary

    def put(self, key: str, file: Path, content_type: str) -> None:
        if content_type == "text/vtt":
            self.diary.pass_by("exporting")
        super().put(key, file, content_type)


def media(folder: Path, diary: Diary) -> _Store:
    store = _Store(folder / "media", SECRET, "http://127.0.0.1:1", SystemClock())
    store.diary = diary
    return store


def backend(url: str, folder: Path) -> Backend:
    settings = Settings(home=folder)
    store = media(folder, Diary(folder, None))
    engine = make_engine(url, pool_size=8, name="harness")
    queue = PostgresQueue()
    dispatch = SqlDispatcher(engine, queue)
    urls, clock = Urls(url, url), SystemClock()
    return Backend(settings, urls, engine, store, SECRET, clock, "", queue, dispatch)


def engines(diary: Diary, folder: Path, results: ResultStore) -> Engines:
    mouth = _Mouth(diary)
    return Engines(
        speech_to_text=Cache(Direct(_Ears(diary)), results),
        voice_activity=FakeVoiceActivity(),
        translator=Cache(Direct(_Interpreter(diary)), results),
        synthesizers=(Synthesizer(mouth, Cache(Direct(mouth), results)),),
        rates=FileSpeakingRates(folder / "rates.json"),
    )


def send_job(shared: Backend, folder: Path, *languages: str) -> UUID:
    """Nine seconds with three utterances over noise, announced, uploaded and submitted."""
    voice = np.zeros(9 * 16_000, np.float32)
    for start_s, end_s in ((0.5, 2.5), (3.2, 5.0), (6.0, 8.5)):
        span = slice(int(start_s * 16_000), int(end_s * 16_000))
        voice[span] = 0.2 * np.sin(np.arange(span.stop - span.start) * 0.2)
    noise = np.random.default_rng(1).normal(0, 0.05, (9 * 48_000, 2)).astype(np.float32)
    stems = {Track.VOICE: (voice, 16_000), Track.BACKGROUND: (noise, 48_000)}
    limits = Limits()
    made = engines(Diary(folder, None), folder, _Nothing())
    check_options = CheckOptions(lambda: made)
    database = shared.database
    scratch = ScratchFolders(folder / "scratch")
    request = RequestUploads(
        database.as_user, shared.media, shared.clock, check_options, limits, scratch.folder
    )
    asked = JobOptions(languages, options=DubOptions(formats=("flac",)))
    job_id, links = request(USER, asked, {t: UploadMetadata(f"{t.value}.wav") for t in stems})
    for track, (samples, rate_hz) in stems.items():
        path = folder / f"{uuid4()}.wav"
        sf.write(path, samples, rate_hz)
        shared.media.put(links[track].key, path, "audio/wav")
    lengths = StemLengths(database.as_service, shared.media, scratch.folder)
    submit = SubmitJob(
        database.as_user,
        shared.media,
        shared.clock,
        check_options,
        limits,
        lambda _: Backlog(),
        lengths,
    )
    submit(USER, job_id, None)
    scratch.close()
    return job_id


class _Nothing:
    """A `ResultStore` that forgets."""

    def load(self, key: str) -> bytes | None:
        return None

    def save(self, key: str, data: bytes) -> None:
        """Forget it."""


def main(url: str, folder: Path, fatal: str | None) -> None:
    """Work until stopped."""
    diary = Diary(folder, fatal)
    shared = backend(url, folder)
    store = media(folder, diary)
    scratch = ScratchFolders(folder / "scratch")
    finish = FinishJob(shared.database.as_service, store, shared.clock, dict, scratch.folder)

    def cores(call: CallContext) -> nullcontext[None]:
        if call.task_id is not None:
            diary.pass_by("mixing")
        return nullcontext()

    run_job = RunJob(
        engines=partial(engines, diary, folder),
        fenced=shared.fenced,
        last_word=shared.last_word,
        media=store,
        clock=shared.clock,
        scratch=scratch.folder,
        finish=finish,
        cores=cores,
    )
    reaper = SqlReaper(shared.engine, PostgresQueue(), booked)
    nothing: Callable[[], object] = lambda: None  # noqa: E731  # nothing is old, nobody to tell
    parts = WorkerParts(
        broker=make_broker(SharedPool(shared.engine), SharedPool(shared.engine)),
        leases=SqlLeases(shared.engine),
        prepare=run_job.prepare,
        dub=run_job.dub,
        preview=lambda _: None,  # nobody waits to hear a line
        failed=run_job.failed,
        cancelled=run_job.cancelled,
        bury=partial(bury, shared.engine),
        workers=SqlWorkers(shared.engine),
        dispatch=shared.dispatch,
        task_lock=partial(task_lock, shared.engine),
        reconcile=Reconcile(reaper, run_job.failed, run_job.cancelled, finish),
        purge=nothing,
        sweep=nothing,
        send_outbox=nothing,
        send_webhooks=nothing,
        watch_alerts=nothing,
        threads=dict.fromkeys(Lane, 2),
    )
    run(parts, WorkerTimings(reconcile_s=0.5, grace_s=1, stop_s=4))
    scratch.close()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
