"""Short transactions on PostgreSQL, each in a role with which the database itself enforces who sees
what.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, text

from ytdubber.domain.errors import LeaseLost
from ytdubber.ports.identity import Claims

from .work import SqlWork

Enqueue = Callable[[Connection, str, UUID], None]
"""Puts a message for an actor with the id of its row into the queue, within a transaction."""


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


def make_engine(url: str, *, pool_size: int, name: str) -> Engine:
    """Connections to a database; `url` is what PostgreSQL's own tools take."""
    return create_engine(
        sqlalchemy_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        pool_pre_ping=True,
        hide_parameters=True,  # errors are kept and logged; parameters may be what people said
        connect_args={"application_name": name, "connect_timeout": 10, "prepare_threshold": None},
    )


def sqlalchemy_url(url: str) -> str:
    """The URL with the driver we use."""
    _, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}"


class Database:
    """The service's database."""

    def __init__(self, engine: Engine, enqueue: Enqueue) -> None:
        self.engine = engine
        self._enqueue = enqueue

    @contextmanager
    def as_user(self, claims: Claims) -> Iterator[SqlWork]:
        """A transaction that sees the user's own rows."""
        known = {"sub": str(claims.user_id), "email": claims.email, "role": "authenticated"}
        with self._begin("authenticated", known) as connection:
            yield SqlWork(connection, self._enqueue, claims.user_id)

    @contextmanager
    def as_service(self, fence: Fence | None = None) -> Iterator[SqlWork]:
        """A transaction that sees everything; with a fence, only while its lease is held.

        Raises:
            LeaseLost: somebody else holds the lease now.
        """
        with self._begin("service_role", {"role": "service_role"}) as connection:
            if fence is not None:
                _hold(connection, fence)
            yield SqlWork(connection, self._enqueue, None)

    @contextmanager
    def _begin(self, role: str, claims: Mapping[str, object]) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            connection.exec_driver_sql(
                "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)",
                (role, json.dumps(claims)),
            )
            yield connection

    def answers(self) -> None:
        """Raise when the database does not answer."""
        with self.engine.connect() as connection:
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
