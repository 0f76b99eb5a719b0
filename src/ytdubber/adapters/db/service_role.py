"""Transactions of workers and maintenance, which see every user's rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

_ACT = "select set_config('role', %s, true)"


@contextmanager
def service_role(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees everything; it is committed at the end."""
    with engine.begin() as connection:
        act_as_service(connection)
        yield connection


def act_as_service(connection: Connection) -> None:
    """See every user's rows until the transaction ends."""
    connection.exec_driver_sql(_ACT, ("service_role",))


def act_as_login(connection: Connection) -> None:
    """Be who logged in, who may use the queue."""
    connection.exec_driver_sql(_ACT, ("none",))
