"""Dead letters: work that was given up, until an operator has it done again or lets it go."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, Row, text

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.domain.errors import DeadLetterNotFound
from ytdubber.ports.dead_letters import DeadLetter
from ytdubber.ports.job_queue import ACTORS
from ytdubber.ports.leases import Kind, Lease

Replay = Callable[[Connection, str, UUID], None]
"""Puts the row an actor was to work on back to the start, or raises `NotReplayable`."""

KEPT_FOR = timedelta(days=30)

# The line of a traceback that names the error; more lines of its message may follow.
_ERROR = re.compile(r"^(?:\w+(?:\.\w+)+|\w+Error)(?::.*)?$", re.MULTILINE)
_GONE = "it went with what the job's user wrote and said"
_SELECT = "select id, actor, row_id, failed_at, attempts, traceback from ytdubber.dead_letters"
_SINCE = text(
    """
    select id, failed_at from ytdubber.dead_letters
    where failed_at >= coalesce(cast(:begin as timestamptz), '-infinity')
    order by failed_at, id limit :most
    """
)
_ROWS = {
    Kind.JOB: "select id, id as job_id, attempts, lease_owner from ytdubber.dubbing_jobs",
    Kind.TASK: "select id, job_id, attempts, lease_owner from ytdubber.language_tasks",
}
_BURY = {
    kind: text(
        f"""
        insert into ytdubber.dead_letters
          (id, actor, row_id, job_id, attempts, traceback)
        select :letter, :actor, r.id, r.job_id, :tries, :traceback from ({rows}) as r
        where r.id = :id and r.attempts = :attempt and r.lease_owner = :owner
        """  # noqa: S608  # our own names
    )
    for kind, rows in _ROWS.items()
}
_OLD = text("delete from ytdubber.dead_letters where failed_at < now() - :kept")


class SqlDeadLetters:
    """`DeadLetters` in a table of that name.

    Args:
        engine: The database.
        replay: Puts a row back to the start.
        dispatch: Gives what waits to whoever is free.
    """

    def __init__(
        self, engine: Engine, replay: Replay, dispatch: Callable[[], object] = lambda: None
    ) -> None:
        self._engine = engine
        self._replay = replay
        self._dispatch = dispatch

    def list(self) -> Sequence[DeadLetter]:
        with service_role(self._engine) as connection:
            rows = connection.execute(text(f"{_SELECT} order by failed_at desc, id"))
            return [_letter(row) for row in rows]

    def since(self, begin: datetime | None, most: int) -> Sequence[tuple[UUID, datetime]]:
        with service_role(self._engine) as connection:
            rows = connection.execute(_SINCE, {"begin": begin, "most": most})
            return [(row.id, row.failed_at) for row in rows]

    def get(self, message_id: UUID) -> DeadLetter:
        with service_role(self._engine) as connection:
            return _find(connection, message_id)

    def replay(self, message_id: UUID) -> None:
        with service_role(self._engine) as connection:
            letter = _find(connection, message_id)
            self._replay(connection, letter.actor, letter.row_id)
            _delete(connection, message_id)
        self._dispatch()

    def discard(self, message_id: UUID) -> None:
        with service_role(self._engine) as connection:
            _find(connection, message_id)
            _delete(connection, message_id)


def bury(engine: Engine, lease: Lease, traceback: str) -> None:
    """Keep what its holder gives up; nothing when somebody else holds the lease by now. Letters
    that are a month old go.
    """
    values = {
        "letter": uuid4(),
        "actor": ACTORS[lease.kind],
        "tries": lease.retries + 1,
        "traceback": traceback,
        "id": lease.id,
        "attempt": lease.attempt,
        "owner": lease.owner,
    }
    with service_role(engine) as connection:
        connection.execute(_BURY[lease.kind], values)
        connection.execute(_OLD, {"kept": KEPT_FOR})


def _find(connection: Connection, message_id: UUID) -> DeadLetter:
    query = text(f"{_SELECT} where id = :id for update")
    row = connection.execute(query, {"id": message_id}).first()
    if row is None:
        raise DeadLetterNotFound(message_id=message_id)
    return _letter(row)


def _delete(connection: Connection, message_id: UUID) -> None:
    delete = text("delete from ytdubber.dead_letters where id = :id")
    connection.execute(delete, {"id": message_id})


def _letter(row: Row[Any]) -> DeadLetter:
    traceback = row.traceback.rstrip()
    return DeadLetter(
        message_id=row.id,
        actor=row.actor,
        row_id=row.row_id,
        failed_at=row.failed_at,
        error=error_line(traceback),
        traceback=traceback,
        attempts=row.attempts,
    )


def error_line(traceback: str) -> str:
    """What went wrong, by the end of a traceback."""
    errors = _ERROR.findall(traceback) or [_GONE if not traceback else "unknown"]
    return str(errors[-1])
