"""The uploads are there: look at them, and queue the job."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from ytdubber.app.money.credits import charge
from ytdubber.app.pipeline.stages.ingest import need_one_length
from ytdubber.app.uploads.arrivals import need_arrived, removed_if_refused
from ytdubber.app.uploads.job_options import CheckOptions, JobOptions
from ytdubber.app.uploads.receive_uploads import count_arrived
from ytdubber.app.uploads.stem_lengths import StemLengths, Stems
from ytdubber.domain.admission import Backlog, full_for_s, next_job_s, own_wait_s
from ytdubber.domain.errors import (
    BadInput,
    JobCancelled,
    JobNotFound,
    MediaChanged,
    MediaMissing,
    QueueFull,
    SoundTooLong,
    TooManyJobs,
    TooManyLanguages,
    TooManyMinutes,
    UploadMismatch,
    YtDubberError,
)
from ytdubber.domain.fair_share import JobLanes
from ytdubber.domain.job import Job, JobState
from ytdubber.domain.limits import Limits
from ytdubber.domain.origin import Origin
from ytdubber.domain.printable import file_name
from ytdubber.domain.upload import Track, Upload
from ytdubber.log import get_logger, ids
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.service_work import AWAITING_UPLOAD, AsUser, Load
from ytdubber.tracing import traceparent

log = get_logger(__name__)

_ABOUT_MS = 1_000
"""What a recording of just the longest length may be over it, in all codings."""


@dataclass(frozen=True, slots=True)
class SubmitJob:
    """The use case over its ports. The same job submitted again is answered as the first time: what
    was queued stays queued, what was refused is refused with the same words.

    Attributes:
        as_user: Begins a user's transaction.
        media: Where the stems are.
        clock: Tells the time.
        check_options: Checks what is asked for.
        limits: How much a user may ask.
        backlog: What waits for a worker, of a user and of all.
        lengths: How long stems last.
        cents_per_minute: What a minute in one language takes from the user's credit.
        lanes: Says where the pieces of a job are done.
    """

    as_user: AsUser
    media: MediaStore
    clock: Clock
    check_options: CheckOptions
    limits: Limits
    backlog: Callable[[UUID], Backlog]
    lengths: StemLengths
    cents_per_minute: int = 0
    lanes: Callable[[Job], JobLanes] = lambda _: JobLanes()

    def __call__(self, claims: Claims, job_id: UUID, languages: Sequence[str] | None) -> None:
        """Both of the following, one after the other."""
        stems = self.opened(claims, job_id, languages)
        if stems is not None:
            self.queue(claims, stems)

    def opened(self, claims: Claims, job_id: UUID, languages: Sequence[str] | None) -> Stems | None:
        """An announced job whose stems have arrived, with other languages than announced where they
        are given; None when it was submitted before.

        Raises:
            JobNotFound: the user has no such job.
            JobCancelled: the user wants no more of it.
            UploadMissing: a stem has not arrived.
            UploadMismatch: something else arrived; it is removed, and can be sent again.
            TooManyUploads: with a stem the user has sent more than they may in a day.
            BadInput: a stem cannot be dubbed, an option is not supported, or it was refused before.
            TooManyJobs: the user has as many unfinished jobs as they may.
            TooManyLanguages: the same of languages.
            TooManyMinutes: the same of minutes to be dubbed.
            QueueFull: the line is full, and the user has their share of it.
        """
        with self.as_user(claims) as work:
            work.users.see(claims)
            state = work.job_repository.state(job_id)
            uploads = work.uploads.of_job(job_id)
            load = work.users.load(claims.user_id, self.clock.now())
            work.commit()
        announced = _awaiting(state)
        if announced is None:
            return None
        self._admit(load, claims)
        full_for = full_for_s(self.backlog(claims.user_id), self.limits.queued)
        if full_for is not None:
            raise QueueFull(retry_after_s=full_for)
        job = self._with(announced, languages)
        for upload in uploads:
            self._arrived(upload, claims)
        return Stems(job, tuple(uploads))

    def queue(self, claims: Claims, stems: Stems) -> None:
        """Queue a job; it is as long as its stems.

        Raises:
            UploadMismatch: a stem is not what was announced; it is removed, and can be sent again.
            DurationMismatch: the stems do not last equally long; the job stays, failed.
            BadInput: a stem cannot be dubbed; the job stays, failed, and says why.
            TooManyJobs: the user has as many unfinished jobs as they may.
            TooManyLanguages: the same of languages.
            TooManyMinutes: the same of minutes to be dubbed.
            InsufficientCredit: the user's credit does not cover it; the job can be submitted again.
        """
        try:
            voice_ms, background_ms = self._durations(stems)
        except UploadMismatch:
            raise  # they are sent again: the job can be submitted again
        except (BadInput, MediaChanged) as error:
            self._refuse(claims, stems.job.id, error)
            raise
        self._queue(claims, stems.job, voice_ms, background_ms)

    def _with(self, job: Job, languages: Sequence[str] | None) -> Job:
        """The job with the languages given at last; all else was said when it was announced."""
        if not languages:
            return job
        job_options = self.check_options(
            JobOptions(tuple(languages), job.source_language, job.options)
        )
        return replace(job, target_languages=job_options.target_languages)

    def _admit(self, load: Load, claims: Claims) -> None:
        """Whether a user may have one job more, by what they have unfinished."""
        limits, unfinished = self.limits, load.unfinished
        jobs = load.own_jobs >= limits.jobs_at_once
        languages = unfinished.languages >= limits.languages_at_once
        if not (jobs or languages or unfinished.minutes >= limits.minutes_at_once):
            return
        backlog = self.backlog(claims.user_id)
        if jobs:
            wait_s = next_job_s(load.own_jobs, limits.jobs_at_once, unfinished, backlog)
            raise TooManyJobs(limit=limits.jobs_at_once, retry_after_s=wait_s)
        after_s = own_wait_s(unfinished, limits.own, backlog)
        if languages:
            raise TooManyLanguages(limit=limits.languages_at_once, retry_after_s=after_s)
        raise TooManyMinutes(limit=limits.minutes_at_once, retry_after_s=after_s)

    def _arrived(self, upload: Upload, claims: Claims) -> None:
        stored = need_arrived(self.media, upload, self.limits)
        sha256 = stored.sha256 or upload.sha256
        with removed_if_refused(self.media, upload), self.as_user(claims) as work:
            now = self.clock.now()
            work.uploads.arrived(upload.key, stored.bytes, sha256, stored.content_type, now)
            if upload.bytes is None:  # nobody told when it came, so it was not counted then
                count_arrived(work, claims.user_id, self.limits, now)
            work.commit()

    def _durations(self, stems: Stems) -> tuple[int, int | None]:
        """The true lengths of both stems, in milliseconds."""
        lengths = dict(zip((u.track for u in stems.uploads), self.lengths.of(stems), strict=True))
        for upload in stems.uploads:
            limit = self.limits.minutes(upload.content_type)
            if lengths[upload.track].duration_ms > limit * 60_000 + _ABOUT_MS:
                raise SoundTooLong(file=file_name(upload.file_name), limit_min=f"{limit}")
        if Track.VOICE not in lengths:
            raise MediaMissing
        heard, under = lengths[Track.VOICE], lengths.get(Track.BACKGROUND)
        if under is None:
            return heard.duration_ms, None
        voice, background = (file_name(upload.file_name) for upload in stems.uploads)
        need_one_length(voice, heard, background, under, stems.job.options.tolerance_ms)
        return heard.duration_ms, under.duration_ms

    def _refuse(self, claims: Claims, job_id: UUID, error: YtDubberError) -> None:
        with self.as_user(claims) as work:
            if _awaiting(work.job_repository.state(job_id, lock=True)):
                facts = {name: _kept(fact) for name, fact in error.facts.items()}
                work.job_repository.refuse(job_id, error.code, str(error), facts, self.clock.now())
                work.events.add(job_id, "refused", {"error": error.code, "message": str(error)})
                work.commit()
                log.info("job.refused", job_id=job_id, error=error)

    def _queue(self, claims: Claims, job: Job, voice_ms: int, background_ms: int | None) -> None:
        with self.as_user(claims) as work:
            if _awaiting(work.job_repository.state(job.id, lock=True)) is None:
                return  # the same request, sent twice, was quicker
            self._admit(work.users.load(claims.user_id, self.clock.now(), lock=True), claims)
            now = self.clock.now()
            charge(work.credits, job, voice_ms, self.cents_per_minute, now)
            origin = Origin(ids().get("request_id"), traceparent())
            work.job_repository.submit(job, voice_ms, background_ms, now, self.lanes(job), origin)
            data = {"languages": list(job.target_languages), "voice_ms": voice_ms}
            work.events.add(job.id, "submitted", data)
            work.wake()
            work.commit()
        log.info(
            "job.submitted",
            job_id=job.id,
            languages=job.target_languages,
            voice_ms=voice_ms,
            background_ms=background_ms,
        )


def _awaiting(state: JobState | None) -> Job | None:
    """The job, when it still waits to be submitted.

    Raises:
        JobNotFound: it is not there, or not any more.
        JobCancelled: its user wants no more of it.
        YtDubberError: it was refused; the same as then.
    """
    if state is None or state.deleted_at is not None:
        raise JobNotFound
    state.need_not_refused()
    if state.stage != AWAITING_UPLOAD:
        return None
    if state.cancel_requested:
        raise JobCancelled
    return state.job


def _kept(fact: object) -> object:
    """A fact of an error as JSON has it."""
    return fact if fact is None or isinstance(fact, bool | int | float | str) else str(fact)
