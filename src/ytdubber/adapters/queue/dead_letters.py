"""Dead letters: messages that the broker keeps as rejected."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, text

from ytdubber.domain.errors import DeadLetterNotFound
from ytdubber.ports.dead_letters import DeadLetter

from .messages import SCHEMA

Reopen = Callable[[Connection, str, UUID], None]
"""Puts the row an actor was to work on back to the start, or raises `NotReplayable`. It leaves the
connection in the role of the login."""

# The line of a traceback that names the error; more lines of its message may follow.
_ERROR = re.compile(r"^(?:\w+(?:\.\w+)+|\w+Error)(?::.*)?$", re.MULTILINE)
_GONE = "it went with what the job's user wrote and said"
_REJECTED = f"from {SCHEMA}.queue where state = 'rejected'"
_SELECT = f"select message_id, message, mtime {_REJECTED}"
_REPLAY = text(
    f"""
    update {SCHEMA}.queue
    set state = 'queued', available_at = now(), mtime = now(), worker_id = null, consumed_at = null,
      message = jsonb_set(message, '{{options}}', '{{}}')
    where message_id = :id
    returning pg_notify('dramatiq.' || queue_name || '.enqueue', '')
    """  # noqa: S608  # our own name
)


class QueueDeadLetters:
    """`DeadLetters` in the broker's table; `engine` logs in as a role that may write to it."""

    def __init__(self, engine: Engine, reopen: Reopen) -> None:
        self._engine = engine
        self._reopen = reopen

    def list(self) -> Sequence[DeadLetter]:
        with self._engine.begin() as connection:
            rows = connection.execute(text(f"{_SELECT} order by mtime desc"))
            return [_letter(row) for row in rows]

    def get(self, message_id: UUID) -> DeadLetter:
        with self._engine.begin() as connection:
            return _find(connection, message_id)

    def replay(self, message_id: UUID) -> None:
        with self._engine.begin() as connection:
            letter = _find(connection, message_id)
            self._reopen(connection, letter.actor, letter.row_id)
            connection.execute(_REPLAY, {"id": message_id})

    def discard(self, message_id: UUID) -> None:
        with self._engine.begin() as connection:
            _find(connection, message_id)
            delete = text(f"delete {_REJECTED} and message_id = :id")
            connection.execute(delete, {"id": message_id})


def _find(connection: Connection, message_id: UUID) -> DeadLetter:
    query = text(f"{_SELECT} and message_id = :id for update")
    row = connection.execute(query, {"id": message_id}).first()
    if row is None:
        raise DeadLetterNotFound(message_id=message_id)
    return _letter(row)


def _letter(row: Row[Any]) -> DeadLetter:
    options: Mapping[str, Any] = row.message["options"]
    traceback = str(options.get("traceback", "")).rstrip()
    errors = _ERROR.findall(traceback) or [_GONE if not traceback else "unknown"]
    return DeadLetter(
        message_id=row.message_id,
        actor=row.message["actor_name"],
        row_id=UUID(row.message["args"][0]),
        failed_at=row.mtime,
        error=errors[-1],
        traceback=traceback,
        attempts=int(options.get("retries", 0)),
    )
