"""Short transactions on PostgreSQL, each in a role with which the database itself enforces who sees
what.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from ytdubber.adapters.db.connection.connections import (
    LIMITS,
    connected,
    limit_values,
    limits_of,
    make_engine,
    sqlalchemy_url,
)
from ytdubber.adapters.db.work import SqlWork
from ytdubber.domain.errors import LeaseLost
from ytdubber.ports.identity import Claims

__all__ = ["Database", "Fence", "make_engine", "sqlalchemy_url"]


@dataclass(frozen=True, slots=True)
class Fence:
    """The lease a worker holds on a row: without it, nothing it writes lasts.

    Attributes:
        table: `dubbing_jobs` or `language_tasks`.
        id: The row.
        owner: Who holds it.
        attempt: The how-manieth holder it is.
        released: Whether the lease may have been given up, as long as nobody has taken it since.
    """

    table: str
    id: UUID
    owner: UUID
    attempt: int
    released: bool = False


class Database:
    """The service's database.

    Args:
        engine: Connections to it.
        dispatch: Gives what waits to whoever is free; it is called after a commit and never raises.
    """

    def __init__(self, engine: Engine, dispatch: Callable[[], object] = lambda: None) -> None:
        self.engine = engine
        self._dispatch = dispatch

    @contextmanager
    def as_user(self, claims: Claims) -> Iterator[SqlWork]:
        """A transaction that sees the user's own rows."""
        known = {"sub": str(claims.user_id), "email": claims.email, "role": "authenticated"}
        with self._begin("authenticated", known) as connection:
            yield SqlWork(connection, self._dispatch, claims.user_id)

    @contextmanager
    def as_service(self, fence: Fence | None = None) -> Iterator[SqlWork]:
        """A transaction that sees everything; with a fence, only while its lease is held.

        Raises:
            LeaseLost: somebody else holds the lease now.
        """
        with self._begin("service_role", {"role": "service_role"}) as connection:
            if fence is not None:
                _hold(connection, fence)
            yield SqlWork(connection, self._dispatch, None)

    @contextmanager
    def _begin(self, role: str, claims: Mapping[str, object]) -> Iterator[Connection]:
        with connected(self.engine) as connection:
            connection.exec_driver_sql(
                "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true),"
                f" {LIMITS}",
                (role, json.dumps(claims), *limit_values(limits_of(self.engine))),
            )
            yield connection

    def answers(self) -> None:
        """Raise when the database does not answer."""
        with connected(self.engine) as connection:
            connection.execute(text("select 1"))

    def close(self) -> None:
        """Give back the connections."""
        self.engine.dispose()


_LOCK_JOB_OF_TASK = text(
    "select 1 from ytdubber.dubbing_jobs where id ="
    " (select job_id from ytdubber.language_tasks where id = :id) for update"
)


def _hold(connection: Connection, fence: Fence) -> None:
    if fence.table == "language_tasks":
        # A job before its tasks, everywhere: who did it the other way round would wait for somebody
        # who waits for them.
        connection.execute(_LOCK_JOB_OF_TASK, {"id": fence.id})
    held = connection.execute(
        text(
            f"select 1 from ytdubber.{fence.table} where id = :id"  # noqa: S608  # our own names
            " and coalesce(lease_owner = :owner, :released) and attempts = :attempt for update"
        ),
        {
            "id": fence.id,
            "owner": fence.owner,
            "attempt": fence.attempt,
            "released": fence.released,
        },
    ).first()
    if held is None:
        raise LeaseLost
