"""What happened: rows that are only added to."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, insert, select

from ytdubber.adapters.db.schema.tables import dubbing_jobs, job_events
from ytdubber.domain.language_task import LanguageTask


class SqlEvents:
    """`Events` in their table; its trigger tells whoever watches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, job_id: UUID, kind: str, data: Mapping[str, object], task: LanguageTask | None = None
    ) -> None:
        owner = select(dubbing_jobs.c.user_id).where(dubbing_jobs.c.id == job_id)
        self._connection.execute(
            insert(job_events).values(
                job_id=job_id,
                user_id=owner.scalar_subquery(),
                task_id=task.id if task else None,
                kind=kind,
                data=dict(data),
            )
        )
