"""Transactions of workers and maintenance, which see every user's rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from ytdubber.adapters.db.connection.connections import (
    LIMITS,
    connected,
    limit_values,
    limits_of,
    set_limits,
)

_ACT = "select set_config('role', %s, true)"


@contextmanager
def service_role(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees everything; it is committed at the end."""
    with connected(engine) as connection, connection.begin():
        limits = limit_values(limits_of(engine))
        connection.exec_driver_sql(f"{_ACT}, {LIMITS}", ("service_role", *limits))
        yield connection


@contextmanager
def login_role(engine: Engine) -> Iterator[Connection]:
    """A transaction as whoever logged in; it is committed at the end."""
    with connected(engine) as connection, connection.begin():
        connection.exec_driver_sql(*set_limits(limits_of(engine)))
        yield connection


def act_as_service(connection: Connection) -> None:
    """See every user's rows until the transaction ends."""
    connection.exec_driver_sql(_ACT, ("service_role",))


def act_as_login(connection: Connection) -> None:
    """Be who logged in, who may use the queue."""
    connection.exec_driver_sql(_ACT, ("none",))
