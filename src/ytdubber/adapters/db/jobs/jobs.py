"""Jobs, as the pipeline and as the service see them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Connection, Row, Text, cast, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from ytdubber.adapters.db.jobs.forgetting import forget
from ytdubber.adapters.db.schema.tables import artifacts, dubbing_jobs, language_tasks
from ytdubber.domain.fair_share import JobLanes, Lane
from ytdubber.domain.job import DubOptions, Job, JobState
from ytdubber.domain.origin import Origin
from ytdubber.domain.separation import Separating
from ytdubber.domain.video import VideoFormat
from ytdubber.domain.voice import VoiceTier
from ytdubber.domain.youtube import YouTubeOptions
from ytdubber.ports.leases import Kind, Lease

DEADLINE = timedelta(hours=12)
"""A job that has not ended by then is given up."""
REFUSED_FOR = timedelta(hours=48)
"""How long a user is told why a job was refused, in words that name their files."""
_PUT_OFF = {Kind.JOB: dubbing_jobs, Kind.TASK: language_tasks}


class SqlJobs:
    """`Jobs`: what the pipeline asks of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, job: Job) -> None:
        SqlJobRepository(self._connection).announce(job)

    def get(self, job_id: UUID) -> Job:
        row = _row(self._connection, job_id)
        if row is None:
            raise KeyError(job_id)
        return _job(row)


class SqlJobRepository:
    """`JobRepository`: a job's life from announcement to deletion."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def announce(self, job: Job) -> None:
        self._connection.execute(
            insert(dubbing_jobs).values(
                id=job.id,
                user_id=job.user_id,
                title=job.title,
                source_language=job.source_language,
                target_languages=list(job.target_languages),
                options=asdict(job.options),
                has_background=job.has_background,
                created_at=job.created_at,
                updated_at=job.created_at,
            )
        )

    def state(self, job_id: UUID, *, lock: bool = False) -> JobState | None:
        row = _row(self._connection, job_id, lock=lock)
        if row is None:
            return None
        return JobState(
            job=_job(row),
            stage=row.stage,
            submitted_at=row.submitted_at,
            finished_at=row.finished_at,
            deleted_at=row.deleted_at,
            cancel_requested=row.cancel_requested,
            error_code=row.error_code,
            error_message=row.error_message,
            refusal=row.refusal,
            origin=Origin(row.request_id, row.traceparent),
            sources_gone=row.sources_deleted_at is not None,
        )

    def submit(
        self,
        job: Job,
        voice_ms: int,
        background_ms: int | None,
        now: datetime,
        lanes: JobLanes,
        origin: Origin,
    ) -> None:
        self._change(
            job.id,
            stage="queued",
            target_languages=list(job.target_languages),
            voice_duration_ms=voice_ms,
            background_duration_ms=background_ms,
            submitted_at=now,
            updated_at=now,
            lane=lanes.transcribing.value,
            deadline_at=now + DEADLINE,
            request_id=origin.request_id,
            traceparent=origin.traceparent,
        )
        self._connection.execute(
            insert(language_tasks),
            [
                {
                    "id": uuid4(),
                    "job_id": job.id,
                    "user_id": job.user_id,
                    "position": position,
                    "language": language,
                    "entered_at": {"queued": now.isoformat()},
                    "lane": lanes.languages.get(language, Lane.IO).value,
                }
                for position, language in enumerate(job.target_languages)
            ],
        )

    def refuse(
        self, job_id: UUID, code: str, message: str, facts: Mapping[str, object], now: datetime
    ) -> None:
        self._change(
            job_id,
            stage="failed",
            error_code=code,
            error_message=message,
            refusal=dict(facts),
            submitted_at=now,
            finished_at=now,
            expires_at=now + REFUSED_FOR,
            updated_at=now,
        )

    def resume(self, job_id: UUID, now: datetime) -> None:
        self._change(
            job_id,
            finished_at=None,
            deadline_at=now + DEADLINE,
            updated_at=now,
            cancel_requested=False,
        )

    def request_cancel(self, job_id: UUID, now: datetime) -> None:
        self._change(job_id, cancel_requested=True, updated_at=now)

    def rename(self, job_id: UUID, title: str, now: datetime) -> None:
        self._change(job_id, title=title, updated_at=now)

    def mark_deleted(self, job_id: UUID, now: datetime) -> None:
        self._change(job_id, deleted_at=now, cancel_requested=True, updated_at=now)
        forget(self._connection, job_id)

    def finish(self, job_id: UUID, now: datetime, expires_at: datetime) -> None:
        self._change(
            job_id, finished_at=now, expires_at=expires_at, updated_at=now, lease_until=None
        )
        self._connection.execute(
            update(artifacts).where(artifacts.c.job_id == job_id).values(expires_at=expires_at)
        )

    def put_off(self, lease: Lease, job_id: UUID, until: datetime) -> None:
        row = update(_PUT_OFF[lease.kind]).where(_PUT_OFF[lease.kind].c.id == lease.id)
        self._connection.execute(row.values(waits=_PUT_OFF[lease.kind].c.waits + 1))
        self._change(job_id, deadline_at=until + DEADLINE, updated_at=func.now())

    def explain(self, job_id: UUID, code: str, message: str) -> None:
        self._change(job_id, error_code=code, error_message=message)

    def save_prepared(self, job_id: UUID, prepared: Mapping[str, object]) -> None:
        self._change(job_id, prepared=dict(prepared), heard_at=func.now())

    def add_notes(self, job_id: UUID, notes: Sequence[str]) -> None:
        known = func.coalesce(dubbing_jobs.c.prepared["notes"], literal([], JSONB))
        path = cast(["notes"], ARRAY(Text))
        more = known.concat(literal(list(notes), JSONB))
        self._change(job_id, prepared=func.jsonb_set(dubbing_jobs.c.prepared, path, more))

    def prepared(self, job_id: UUID) -> Mapping[str, object] | None:
        query = select(dubbing_jobs.c.prepared).where(dubbing_jobs.c.id == job_id)
        found: dict[str, object] | None = self._connection.execute(query).scalar_one()
        return found

    def _change(self, job_id: UUID, **values: object) -> None:
        self._connection.execute(
            update(dubbing_jobs).where(dubbing_jobs.c.id == job_id).values(**values)
        )


def _row(connection: Connection, job_id: UUID, *, lock: bool = False) -> Row[Any] | None:
    query = select(dubbing_jobs).where(dubbing_jobs.c.id == job_id)
    return connection.execute(query.with_for_update() if lock else query).first()


def _job(row: Row[Any]) -> Job:
    usual, video = DubOptions(), row.options.get("video")
    webhooks = row.options.get("webhooks")
    options = row.options | {
        "formats": tuple(row.options.get("formats", usual.formats)),
        "glossary": tuple(row.options.get("glossary", usual.glossary)),
        "captions": tuple(row.options.get("captions", usual.captions)),
        "translations": tuple(row.options.get("translations", usual.translations)),
        "keep": tuple(row.options.get("keep", usual.keep)),
        "voice_tier": VoiceTier(row.options.get("voice_tier", usual.voice_tier)),
        "separate": Separating(row.options.get("separate", usual.separate)),
        "video": VideoFormat(video) if video else None,
        "webhooks": None if webhooks is None else tuple(webhooks),
        "youtube": YouTubeOptions(**row.options.get("youtube", {})),
    }
    return Job(
        id=row.id,
        source_language=row.source_language,
        target_languages=tuple(row.target_languages),
        created_at=row.created_at,
        options=DubOptions(**options),
        user_id=row.user_id,
        title=row.title,
        has_background=row.has_background,
    )
