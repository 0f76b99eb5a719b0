"""Stems in storage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select, update

from ytdubber.adapters.db.schema.tables import dubbing_jobs, uploads
from ytdubber.domain.upload import Length, Track, Upload


class SqlUploads:
    """`Uploads` in their table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, upload: Upload) -> None:
        owner = select(dubbing_jobs.c.user_id).where(dubbing_jobs.c.id == upload.job_id)
        self._connection.execute(
            insert(uploads).values(
                id=upload.id,
                job_id=upload.job_id,
                user_id=owner.scalar_subquery(),
                track=upload.track.value,
                key=upload.key,
                file_name=upload.file_name,
                content_type=upload.content_type,
                declared_bytes=upload.declared_bytes,
                declared_sha256=upload.declared_sha256,
            )
        )

    def of_job(self, job_id: UUID) -> Sequence[Upload]:
        query = select(uploads).where(uploads.c.job_id == job_id)
        rows = self._connection.execute(query.order_by(uploads.c.track.desc()))
        return [_upload(row) for row in rows]

    def at(self, key: str) -> Upload | None:
        row = self._connection.execute(select(uploads).where(uploads.c.key == key)).first()
        return _upload(row) if row else None

    def came(self, key: str, came_bytes: int, offset: int) -> None:
        received = func.greatest(uploads.c.received_bytes + came_bytes, offset)
        self._connection.execute(
            update(uploads).where(uploads.c.key == key).values(received_bytes=received)
        )

    def arrived(
        self, key: str, size: int, sha256: str | None, content_type: str, now: datetime
    ) -> None:
        self._connection.execute(
            update(uploads)
            .where(uploads.c.key == key)
            .values(bytes=size, sha256=sha256, content_type=content_type, uploaded_at=now)
        )

    def measured(self, key: str, length: Length, sha256: str) -> None:
        self._connection.execute(
            update(uploads)
            .where(uploads.c.key == key)
            .values(
                duration_ms=length.duration_ms,
                sound_ms=length.sound_ms,
                sha256=func.coalesce(uploads.c.sha256, sha256),
            )
        )

    def deleted(self, job_id: UUID, now: datetime) -> None:
        self._connection.execute(
            update(uploads)
            .where(uploads.c.job_id == job_id, uploads.c.deleted_at.is_(None))
            .values(deleted_at=now)
        )
        self._connection.execute(
            update(dubbing_jobs).where(dubbing_jobs.c.id == job_id).values(sources_deleted_at=now)
        )


def _upload(row: Row[Any]) -> Upload:
    return Upload(
        id=row.id,
        job_id=row.job_id,
        track=Track(row.track),
        key=row.key,
        file_name=row.file_name,
        content_type=row.content_type,
        declared_bytes=row.declared_bytes,
        declared_sha256=row.declared_sha256,
        bytes=row.bytes,
        sha256=row.sha256,
        deleted_at=row.deleted_at,
        length=None if row.duration_ms is None else Length(row.duration_ms, row.sound_ms),
    )
