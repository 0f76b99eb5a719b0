"""Finished files, what languages give to the manifest, links and the history of downloads."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, Row, insert, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ytdubber.adapters.db.schema.tables import (
    artifacts,
    download_tokens,
    downloads,
    dubbing_jobs,
    language_tasks,
)
from ytdubber.domain.artifact import Artifact
from ytdubber.domain.language_task import LanguageTask
from ytdubber.ports.paging import Place
from ytdubber.ports.service_work import Download


class SqlArtifacts:
    """`Artifacts` in their table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, artifact: Artifact) -> None:
        owner = select(dubbing_jobs.c.user_id).where(dubbing_jobs.c.id == artifact.job_id)
        values = asdict(artifact) | {"user_id": owner.scalar_subquery()}
        self._connection.execute(
            upsert(artifacts)
            .values(**values)
            .on_conflict_do_update(index_elements=["id"], set_=asdict(artifact))
        )

    def get(self, artifact_id: UUID) -> Artifact | None:
        query = select(artifacts).where(artifacts.c.id == artifact_id)
        row = self._connection.execute(query).first()
        return _artifact(row) if row else None

    def at(self, key: str) -> Artifact | None:
        query = select(artifacts).where(artifacts.c.key == key)
        row = self._connection.execute(query).first()
        return _artifact(row) if row else None

    def of_job(self, job_id: UUID) -> Sequence[Artifact]:
        query = select(artifacts).where(
            artifacts.c.job_id == job_id,
            artifacts.c.deleted_at.is_(None),
            artifacts.c.superseded.is_(False),
        )
        return [_artifact(row) for row in self._connection.execute(query.order_by("path"))]

    def of_task(self, task: LanguageTask) -> Sequence[Artifact]:
        of_task = select(artifacts).where(*_of(task), artifacts.c.deleted_at.is_(None))
        rows = self._connection.execute(of_task.order_by("revision", "path"))
        return [_artifact(row) for row in rows]

    def show(self, task: LanguageTask, revision: int) -> None:
        of_task = update(artifacts).where(*_of(task))
        shown = artifacts.c.revision == revision
        self._connection.execute(of_task.where(~shown).values(superseded=True))
        self._connection.execute(of_task.where(shown).values(superseded=False))

    def deleted(self, job_id: UUID, now: datetime) -> None:
        self._connection.execute(
            update(artifacts)
            .where(artifacts.c.job_id == job_id, artifacts.c.deleted_at.is_(None))
            .values(deleted_at=now)
        )


class SqlResults:
    """`TaskResults` beside the tasks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, task_id: UUID, result: Mapping[str, object]) -> None:
        self._connection.execute(
            update(language_tasks).where(language_tasks.c.id == task_id).values(result=dict(result))
        )

    def of_job(self, job_id: UUID) -> Mapping[str, Mapping[str, object]]:
        query = select(language_tasks.c.language, language_tasks.c.result).where(
            language_tasks.c.job_id == job_id, language_tasks.c.result.is_not(None)
        )
        rows = self._connection.execute(query.order_by(language_tasks.c.position))
        return {row.language: row.result for row in rows}


class SqlDownloads:
    """`Downloads`: links by their hash, and when each file was last fetched."""

    def __init__(self, connection: Connection, user_id: UUID | None) -> None:
        self._connection = connection
        self._user_id = user_id

    def add_token(self, token_sha256: str, artifact: Artifact, expires_at: datetime) -> None:
        self._connection.execute(
            insert(download_tokens).values(
                token_sha256=token_sha256,
                artifact_id=artifact.id,
                user_id=self._owner(artifact),
                expires_at=expires_at,
            )
        )

    def redeem(self, token_sha256: str, now: datetime) -> Artifact | None:
        used = (
            update(download_tokens)
            .where(
                download_tokens.c.token_sha256 == token_sha256,
                download_tokens.c.used_at.is_(None),
                download_tokens.c.expires_at > now,
            )
            .values(used_at=now)
            .returning(download_tokens.c.artifact_id)
        )
        artifact_id = self._connection.execute(used).scalar_one_or_none()
        if artifact_id is None:
            return None
        return SqlArtifacts(self._connection).get(artifact_id)

    def redeemable(self, token_sha256: str, now: datetime) -> Artifact | None:
        query = select(download_tokens.c.artifact_id).where(
            download_tokens.c.token_sha256 == token_sha256,
            download_tokens.c.used_at.is_(None),
            download_tokens.c.expires_at > now,
        )
        artifact_id = self._connection.execute(query).scalar_one_or_none()
        return None if artifact_id is None else SqlArtifacts(self._connection).get(artifact_id)

    def record(self, artifact: Artifact, now: datetime) -> None:
        self._connection.execute(
            upsert(downloads)
            .values(
                id=uuid4(),
                artifact_id=artifact.id,
                user_id=self._owner(artifact),
                downloaded_at=now,
            )
            .on_conflict_do_update(
                index_elements=["user_id", "artifact_id"], set_={"downloaded_at": now}
            )
        )

    def history(self, user_id: UUID, limit: int, after: Place | None) -> Sequence[Download]:
        query = (
            select(
                downloads.c.id.label("download"),
                downloads.c.downloaded_at,
                dubbing_jobs.c.title,
                artifacts,
            )
            .join(artifacts, artifacts.c.id == downloads.c.artifact_id)
            .join(dubbing_jobs, dubbing_jobs.c.id == artifacts.c.job_id)
            .where(downloads.c.user_id == user_id)
            .order_by(downloads.c.downloaded_at.desc(), downloads.c.id.desc())
            .limit(limit)
        )
        if after is not None:
            place = tuple_(literal(after.at), literal(after.id))
            query = query.where(tuple_(downloads.c.downloaded_at, downloads.c.id) < place)
        return [
            Download(row.download, _artifact(row), row.title, row.downloaded_at)
            for row in self._connection.execute(query)
        ]

    def _owner(self, artifact: Artifact) -> object:
        if self._user_id is not None:
            return self._user_id
        query = select(dubbing_jobs.c.user_id).where(dubbing_jobs.c.id == artifact.job_id)
        return query.scalar_subquery()


def _of(task: LanguageTask) -> tuple[ColumnElement[bool], ...]:
    """Its job first, by which files are found."""
    return artifacts.c.job_id == task.job_id, artifacts.c.task_id == task.id


def _artifact(row: Row[Any]) -> Artifact:
    names = Artifact.__dataclass_fields__
    return Artifact(**{name: getattr(row, name) for name in names})
