"""Failed work back to its start, for an operator who found out why it failed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from ytdubber.adapters.db.jobs.history import SqlEvents
from ytdubber.adapters.db.jobs.jobs import DEADLINE
from ytdubber.adapters.db.jobs.tasks import SqlTasks
from ytdubber.domain.errors import NotReplayable
from ytdubber.ports.job_queue import KINDS
from ytdubber.ports.leases import Kind

_JOB = {
    Kind.JOB: "id = :id",
    Kind.TASK: "id = (select job_id from ytdubber.language_tasks where id = :id)",
}
_TASKS = {
    Kind.JOB: "job_id = :id and stage = 'failed'"
    " and exists (select from ytdubber.dubbing_jobs where id = :id and prepared is null)",
    Kind.TASK: "id = :id and stage = 'failed'",
}
_REPLAY_JOB = text(
    """
    update ytdubber.dubbing_jobs
    set stage = 'queued', finished_at = null, expires_at = null, error_code = null,
      error_message = null, deadline_at = now() + :deadline, updated_at = now(),
      woken_at = null, not_before = null, lease_owner = null, lease_until = null, attempts = 0,
      waits = 0, retries = 0
    where id = :id
    """
)
_REPLAY_TASK = text(
    """
    update ytdubber.language_tasks
    set stage = 'queued', progress = 0, entered_at = jsonb_build_object('queued', now()),
      error_code = null, error_message = null, updated_at = now(), woken_at = null,
      not_before = null, lease_owner = null, lease_until = null, attempts = 0, waits = 0,
      retries = 0
    where id = :id
    """
)


class Replay:
    """Puts what an actor was to work on back to the start, with a new deadline.

    Args:
        replay_window: How long after a job's end its stems are sure to be there.
    """

    def __init__(self, replay_window: timedelta = timedelta(hours=24)) -> None:
        self._replay_window = replay_window

    def __call__(self, connection: Connection, actor: str, row_id: UUID) -> None:
        """Change the rows within the connection's transaction, which is the service's.

        Raises:
            NotReplayable: the work is not failed any more, or what it needs is gone.
        """
        kind = KINDS[actor]
        job_id = self._job(connection, kind, row_id)
        tasks = _failed(connection, kind, row_id)
        if not tasks:
            raise NotReplayable(reason="it is not failed any more")
        connection.execute(_REPLAY_JOB, {"id": job_id, "deadline": DEADLINE})
        for task in tasks:
            connection.execute(_REPLAY_TASK, {"id": task.id})
            SqlEvents(connection).add(
                job_id,
                "stage",
                {"language": task.language, "stage": "queued"},
                SqlTasks(connection).get(task.id),
            )

    def _job(self, connection: Connection, kind: Kind, row_id: UUID) -> UUID:
        query = f"""
          select id, deleted_at, cancel_requested,
            sources_deleted_at is not null or finished_at <= now() - :window as sources_gone
          from ytdubber.dubbing_jobs where {_JOB[kind]} for update
        """  # noqa: S608  # our own names
        values = {"id": row_id, "window": self._replay_window}
        job = connection.execute(text(query), values).first()
        if job is None or job.deleted_at:
            raise NotReplayable(reason="its user deleted the job")
        if job.cancel_requested:
            raise NotReplayable(reason="its user cancelled the job")
        if job.sources_gone:
            raise NotReplayable(reason="the job ended too long ago and its recording was removed")
        job_id: UUID = job.id
        return job_id


def _failed(connection: Connection, kind: Kind, row_id: UUID) -> Sequence[Row[Any]]:
    query = f"select id, language from ytdubber.language_tasks where {_TASKS[kind]}"  # noqa: S608  # our own names
    return connection.execute(text(f"{query} order by position"), {"id": row_id}).all()
