"""The end of a job: its manifest, how long its files last, and its stems gone."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from uuid import UUID

from ytdubber.app.dubs.heard import Heard, Inputs
from ytdubber.app.dubs.manifest import (
    NAME,
    SEPARATOR,
    InputFile,
    LanguageEntry,
    Manifest,
    unmade_entry,
)
from ytdubber.app.dubs.prepared_facts import PreparedFacts
from ytdubber.app.jobs.job_videos import FinishedJob, JobVideos, MadeVideos
from ytdubber.app.money.credits import refund
from ytdubber.app.pipeline.file_entry import TextFile
from ytdubber.app.uploads.job_files import artifact_of
from ytdubber.domain.artifact import Artifact, without_ending
from ytdubber.domain.errors import LeaseLost
from ytdubber.domain.job import Job, JobState, job_stage
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.loudness import profile_name
from ytdubber.domain.origin import Origin
from ytdubber.domain.printable import file_name, printable
from ytdubber.domain.stage import Stage
from ytdubber.domain.transcript import Transcript
from ytdubber.domain.upload import Track, Upload
from ytdubber.domain.webhook import job_ended
from ytdubber.files.encrypted import write_bytes
from ytdubber.log import bound, get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.outbox import UsageReport
from ytdubber.ports.service_work import AsService, ServiceWork
from ytdubber.tracing import span

log = get_logger(__name__)

KEPT = timedelta(hours=48)
"""How long finished files and transcripts last."""
METER = "dub_minutes"
"""What the payment service counts of customers of its own: minutes times finished languages."""


_Make = Callable[[Manifest, Sequence[Artifact]], MadeVideos]
"""Makes the videos of a dub, given its manifest and the recording's texts in storage."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """Everything the manifest is made from."""

    job: Job
    tasks: Sequence[LanguageTask]
    uploads: Sequence[Upload]
    transcript: Transcript | None
    facts: PreparedFacts | None
    results: Mapping[str, Mapping[str, object]]
    files: Sequence[Artifact]
    origin: Origin

    @property
    def stage(self) -> Stage:
        """What its languages make of it."""
        return job_stage([task.stage for task in self.tasks])


@dataclass(frozen=True, slots=True)
class FinishJob:
    """The use case over its ports; does nothing while a language is under way, or a second time.

    Attributes:
        service: Begins a transaction.
        media: Where files are kept.
        clock: Tells the time.
        models: The pinned hashes of the models in use.
        scratch: A folder for a moment.
        on_ended: Called with every job that ended, and of its languages.
        spent_usd: What vendors charged for a job so far; None where that is not known.
        videos: Makes the video that a job comes with; None where that is nobody's work.
    """

    service: AsService
    media: MediaStore
    clock: Clock
    models: Callable[[], dict[str, dict[str, str]]]
    scratch: Callable[[], AbstractContextManager[Path]]
    on_ended: Callable[[Stage, Sequence[LanguageTask]], None] = lambda *_: None
    spent_usd: Callable[[UUID], Decimal | None] = lambda _: None
    videos: JobVideos | None = None

    def __call__(self, job_id: UUID) -> None:
        """End the job if all its languages have ended."""
        while ended := self._read(job_id):
            with bound(job_id=job_id, request_id=ended.origin.request_id):
                with span("job.finish", parent=ended.origin.traceparent):
                    if self._finish(ended):
                        return

    def _finish(self, ended: _Ended) -> bool:
        """False when a language went on since it was read: an operator replays it."""
        videos, wanted = self.videos, ended.job.options.video is not None
        if videos is None or not wanted or ended.stage is not Stage.COMPLETE:
            return self._end(ended, lambda *_: MadeVideos())
        with videos.alone(ended.job.id) as check:
            if check is None:
                return True  # whoever has it in hand ends the job
            try:
                return self._end(ended, partial(self._videos, videos, ended, check))
            except LeaseLost:
                return True

    def _videos(
        self,
        videos: JobVideos,
        ended: _Ended,
        check: Callable[[], None],
        manifest: Manifest,
        texts: Sequence[Artifact],
    ) -> MadeVideos:
        zero_s = ended.facts.zero_s if ended.facts else 0.0
        job = FinishedJob(ended.job, ended.uploads, manifest, (*ended.files, *texts), zero_s)
        return videos(job, check)

    def _end(self, ended: _Ended, make: _Make) -> bool:
        job_id, stage = ended.job.id, ended.stage
        files, notes = self._publish(ended, make) if stage is Stage.COMPLETE else ([], ())
        now = self.clock.now()
        with self.service() as work:
            state = work.job_repository.state(job_id, lock=True)
            if state is None or state.finished_at is not None:
                return True
            if work.tasks.of_job(job_id) != ended.tasks:
                return False
            for file in files:
                work.artifacts.put(file)
            known = ended.facts.notes if ended.facts else []
            if new := [note for note in notes if note not in known]:
                work.job_repository.add_notes(job_id, new)
            work.job_repository.finish(job_id, now, now + KEPT)
            if stage is Stage.FAILED:
                first = next(t for t in ended.tasks if t.stage is Stage.FAILED)
                work.job_repository.explain(job_id, first.error_code or "", _why(ended.tasks))
            work.events.add(job_id, "finished", {"stage": stage.value})
            if ended.job.user_id is not None:
                stages = {task.language: task.stage for task in ended.tasks}
                event, only = job_ended(job_id, stage, stages, now), ended.job.options.webhooks
                work.webhooks.tell(ended.job.user_id, event, only)
            _settle(work, ended, now)
            work.commit()
        self.on_ended(stage, ended.tasks)
        self._tell(ended, stage, state, now)
        failed = any(task.stage is Stage.FAILED for task in ended.tasks)
        if not (failed or (ended.job.options.editable and stage is Stage.COMPLETE)):
            self._remove_stems(ended)
        return True

    def _tell(self, ended: _Ended, stage: Stage, state: JobState, now: datetime) -> None:
        begin = state.submitted_at
        log.info(
            "job.finished",
            user_id=ended.job.user_id,
            stage=stage,
            languages={task.language: task.error_code or task.stage for task in ended.tasks},
            elapsed_s=round((now - begin).total_seconds(), 1) if begin else None,
            voice_ms=ended.facts.voice_ms if ended.facts else None,
            cost_usd=self.spent_usd(ended.job.id),
        )

    def _read(self, job_id: UUID) -> _Ended | None:
        with self.service() as work:
            state = work.job_repository.state(job_id)
            tasks = work.tasks.of_job(job_id)
            if state is None or state.finished_at or not all(t.stage.final for t in tasks):
                return None
            facts = work.job_repository.prepared(job_id)
            return _Ended(
                job=state.job,
                tasks=tasks,
                uploads=work.uploads.of_job(job_id),
                transcript=work.transcripts.get(job_id),
                facts=None if facts is None else PreparedFacts.model_validate(facts),
                results=work.results.of_job(job_id),
                files=work.artifacts.of_job(job_id),
                origin=state.origin,
            )

    def _publish(self, ended: _Ended, make: _Make) -> tuple[list[Artifact], Sequence[str]]:
        """The recording's texts, videos and the manifest into storage; what to note of them."""
        if ended.transcript is None or ended.facts is None:
            return [], ()
        heard = Heard(ended.transcript, ended.facts, _inputs(ended.uploads))
        texts = heard.texts(printable(without_ending(ended.job.title)), ended.job.options)
        manifest = heard.manifest(
            ended.job.source_language,
            [text.entry for text in texts],
            self.models(),
            self.clock.now(),
            {task.language: _language(ended, task) for task in ended.tasks},
        )
        made = [self._kept(ended.job.id, text) for text in texts]
        videos = make(manifest, made)
        manifest = manifest.model_copy(update={"videos": list(videos.entries)})
        said = self._kept(ended.job.id, TextFile(NAME, "manifest", manifest.to_json()))
        return [*videos.files, *made, said], videos.notes

    def _kept(self, job_id: UUID, text: TextFile) -> Artifact:
        """A text in storage."""
        artifact = artifact_of(job_id, text)
        with self.scratch() as scratch:
            file = scratch / text.path
            write_bytes(file, text.data)
            self.media.put(artifact.key, file, artifact.mime)
        return artifact

    def _remove_stems(self, ended: _Ended) -> None:
        self.media.delete([upload.key for upload in ended.uploads])
        with self.service() as work:
            work.uploads.deleted(ended.job.id, self.clock.now())
            work.commit()


def _settle(work: ServiceWork, ended: _Ended, now: datetime) -> None:
    """Pay back what was not made, and have the payment service told what was, in minutes."""
    job = ended.job
    undone = [task.language for task in ended.tasks if task.stage is not Stage.COMPLETE]
    refund(work.credits, job, undone, now)
    done = len(ended.tasks) - len(undone)
    profile = work.users.get(job.user_id) if job.user_id else None
    if done and ended.facts and profile and profile.stripe_customer_id:
        minutes = -(-ended.facts.voice_ms * done // 60_000)
        key = f"{job.id}:minutes"
        work.outbox.add(UsageReport(METER, profile.stripe_customer_id, minutes, key, now))


def _language(ended: _Ended, task: LanguageTask) -> LanguageEntry:
    made = ended.results.get(task.language)
    if task.stage is Stage.COMPLETE and made is not None:
        return LanguageEntry.model_validate(made)
    return unmade_entry(
        str(task.id),
        profile_name(ended.job.options.loudness, heard_beside=_heard_beside(ended.facts)),
        task.error_code or task.stage.value,
        task.error_message or "It was cancelled.",
    )


def _heard_beside(facts: PreparedFacts | None) -> bool:
    """Whether the original is heard beside its dubs, or was one mixed recording."""
    return facts is not None and (facts.film or SEPARATOR in facts.engines)


def _why(tasks: Sequence[LanguageTask]) -> str:
    """Why a job failed: each reason once."""
    return " ".join(dict.fromkeys(task.error_message for task in tasks if task.error_message))


def _inputs(uploads: Sequence[Upload]) -> Inputs:
    stems = {upload.track: _stem(upload) for upload in uploads}
    return Inputs(stems[Track.VOICE], stems.get(Track.BACKGROUND))


def _stem(upload: Upload) -> InputFile:
    name, sha256 = file_name(upload.file_name), upload.sha256 or ""
    return InputFile(name=name, bytes=upload.bytes or 0, sha256=sha256, duration_ms=0)
