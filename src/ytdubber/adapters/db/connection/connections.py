"""Connections to PostgreSQL on which nothing waits without end, directly or through any pooler.

What PostgreSQL limits is set for each transaction: behind a pooler in transaction mode, a session
belongs to nobody. What it cannot limit, an answer that never comes, is limited here.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from ytdubber.adapters.db.connection.database_clock import TELLS_TIME, DatabaseClock
from ytdubber.adapters.db.connection.outage import Outage
from ytdubber.domain.errors import DatabaseAway, DatabaseBusy

T = TypeVar("T")

_ANSWER_MARGIN_S = 1.0  # so that the server's own limits are met first
_PING_S = 2.0
_PING_AFTER_S = 1.0  # a connection that was used just now is there
_BUSY = {"55P03", "57014", "25P03"}  # a lock, a statement or a transaction took too long
_HUNG_UP = "This connection is closed"  # SQLAlchemy's word for new connections that break at once
_AGAIN = {"40001", "40P01"}  # two transactions were in each other's way


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """How long things may take, in seconds.

    Attributes:
        statement_s: A statement, as the server counts; its answer must come a moment later.
        lock_s: A statement's wait for others' locks.
        idle_s: A transaction in which nothing is asked.
        connect_s: A new connection.
        pool_s: The wait for a connection that is free.
    """

    statement_s: float = 30.0
    lock_s: float = 10.0
    idle_s: float = 60.0
    connect_s: int = 5
    pool_s: float = 30.0


WORK = TimeLimits()
"""Of workers, of which nobody waits for an answer."""
REQUESTS = TimeLimits(statement_s=5.0, lock_s=3.0, idle_s=10.0, connect_s=2, pool_s=3.0)
"""Of the API."""

KEEPALIVE: dict[str, Any] = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""After how long the operating system gives a silent peer up; see libpq's parameters."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection whose every answer is waited for so long and no longer.

    Attributes:
        answer_s: How long; without end when None.
        limits: What `transaction` begins with.
    """

    answer_s: float | None = None
    limits: TimeLimits | None = None

    def limit(self, limits: TimeLimits) -> None:
        """Have everything on it take so long at most."""
        self.limits = limits
        self.answer_s = limits.statement_s + _ANSWER_MARGIN_S

    def wait(self, gen: PQGen[T], *args: Any, **kwargs: Any) -> T:
        """As psycopg's.

        Raises:
            OperationalError: no answer came in time; the connection is closed.
        """
        if self.answer_s is None:
            return super().wait(gen, *args, **kwargs)
        return super().wait(self._bounded(gen, self.answer_s), *args, **kwargs)

    @contextmanager
    def transaction(self, *args: Any, **kwargs: Any) -> Iterator[psycopg.Transaction]:
        """As psycopg's, with this connection's limits."""
        with super().transaction(*args, **kwargs) as transaction:
            if self.limits is not None:
                self.execute(*set_limits(self.limits))
            yield transaction

    def answers(self) -> datetime:
        """Make sure that somebody is there, who tells the time; it must be idle.

        Raises:
            psycopg.Error: nobody is.
        """
        before, self.answer_s = self.answer_s, _PING_S
        self.autocommit = True
        moment = cast(datetime, self.execute(TELLS_TIME).fetchall()[0][0])
        self.autocommit = False
        self.answer_s = before
        return moment

    def _bounded(self, gen: PQGen[T], limit_s: float) -> PQGen[T]:
        end_s = time.monotonic() + limit_s
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() > end_s:
                    self.pgconn.finish()
                    raise psycopg.OperationalError(f"no answer within {limit_s:g} s")
                wanted = gen.send(ready)
        except StopIteration as end:
            made: T = end.value
            return made


def set_limits(limits: TimeLimits) -> tuple[str, tuple[str, ...]]:
    """The statement, and its values, that limits a transaction."""
    return f"select {LIMITS}", limit_values(limits)


LIMITS = ", ".join(
    f"set_config('{name}', %s, true)"
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
)
"""What a `select` begins a transaction with; `limit_values` go with it."""


def limit_values(limits: TimeLimits) -> tuple[str, str, str]:
    """In milliseconds, as PostgreSQL counts."""
    return _ms(limits.statement_s), _ms(limits.lock_s), _ms(limits.idle_s)


def _ms(seconds: float) -> str:
    return str(round(seconds * 1000))


def make_engine(
    url: str,
    *,
    pool_size: int,
    name: str,
    limits: TimeLimits = WORK,
    outage: Outage | None = None,
    clock: DatabaseClock | None = None,
) -> Engine:
    """Connections to a database.

    Args:
        url: As PostgreSQL's own tools take it.
        pool_size: How many there are at most.
        name: What the database's administrator reads of them.
        limits: How long things may take.
        outage: Whether it is away, where others of the process have found out.
        clock: Is told the time by it.
    """
    outage = outage or Outage()
    engine = create_engine(
        sqlalchemy_url(url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=limits.pool_s,
        pool_use_lifo=True,  # as few as are needed are in use; the others age
        hide_parameters=True,  # errors are kept and logged; parameters may be what people said
        connect_args={
            "application_name": name,
            "connect_timeout": limits.connect_s,
            "prepare_threshold": None,
            **KEEPALIVE,
        },
        execution_options={"limits": limits, "outage": outage},
    )
    event.listen(engine, "do_connect", _connect)
    watch = _Watch(limits, outage, clock or DatabaseClock())
    event.listen(engine, "connect", watch.connected)
    event.listen(engine, "checkout", watch.taken)
    event.listen(engine, "checkin", watch.given_back)
    event.listen(engine, "engine_disposed", watch.ended)
    return engine


def sqlalchemy_url(url: str) -> str:
    """The URL with the driver we use."""
    _, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}"


def limits_of(engine: Engine | Connection) -> TimeLimits:
    """The limits an engine's transactions have."""
    limits: TimeLimits = engine.get_execution_options().get("limits", WORK)
    return limits


def outage_of(engine: Engine) -> Outage:
    """Whether an engine's database is away."""
    outage: Outage = engine.get_execution_options().get("outage") or Outage()
    return outage


@contextmanager
def connected(engine: Engine) -> Iterator[Connection]:
    """A connection; what is not committed at the end never was.

    Raises:
        DatabaseAway: the database does not answer.
        DatabaseBusy: it, or the way to it, is full.
    """
    with _told(engine), engine.connect() as connection:
        outage_of(engine).over()
        yield connection


def observe_time(engine: Engine, clock: DatabaseClock) -> None:
    """Have the database tell a clock the time.

    Raises:
        DatabaseAway, DatabaseBusy: as `connected`.
    """
    with connected(engine) as connection:
        asked_s = time.monotonic()
        clock.observe(connection.exec_driver_sql(TELLS_TIME).scalar_one(), asked_s)


@contextmanager
def connected_directly(engine: Engine) -> Iterator[BoundedConnection]:
    """The same for whoever speaks psycopg; the connection is between transactions.

    Raises:
        DatabaseAway: the database does not answer.
        DatabaseBusy: it, or the way to it, is full.
    """
    pooled = taken(engine)
    try:
        with _told(engine):
            yield driver_connection(pooled)
    except BaseException:
        pooled.invalidate()
        raise
    finally:
        pooled.close()


def taken(engine: Engine) -> PoolProxiedConnection:
    """A connection that whoever asked must close.

    Raises:
        DatabaseAway: the database does not answer.
        DatabaseBusy: the way to it is full.
    """
    with _told(engine):
        pooled = engine.raw_connection()
    outage_of(engine).over()
    return pooled


@contextmanager
def unhurried(connection: Connection) -> Iterator[None]:
    """Inside the `with` an answer is waited for as long as it takes."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, BoundedConnection):
        yield
        return
    before, driver.answer_s = driver.answer_s, None
    try:
        yield
    finally:
        driver.answer_s = before


def driver_connection(pooled: PoolProxiedConnection) -> BoundedConnection:
    """The driver's own."""
    return cast(BoundedConnection, pooled.driver_connection)  # what `_connect` made


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    """Have the driver's errors say what they mean to us."""
    outage = outage_of(engine)
    outage.check()
    try:
        yield
    except PoolTimeout as error:
        outage.busy("every connection of this process is in use")
        raise DatabaseBusy(retry_after_s=DatabaseBusy.again_s) from error
    except (DBAPIError, psycopg.Error, InvalidRequestError) as error:
        meant = _meant(error, outage)
        if meant is None:
            raise
        raise meant from error


def _meant(error: Exception, outage: Outage) -> Exception | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None)
    reason = str(cause).strip().partition("\n")[0]
    if state in _BUSY:
        outage.busy(reason)
        return DatabaseBusy(retry_after_s=DatabaseBusy.again_s)
    away = isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    if (away and state not in _AGAIN) or reason == _HUNG_UP:
        outage.begun(reason)
        return DatabaseAway(retry_after_s=DatabaseAway.again_s)
    return None


def _connect(_: Any, __: Any, words: Any, options: Any) -> BoundedConnection:
    return BoundedConnection.connect(*words, **options)


@dataclass(frozen=True, slots=True)
class _Watch:
    """Looks after the connections of a pool."""

    limits: TimeLimits
    outage: Outage
    clock: DatabaseClock
    over: threading.Event = field(default_factory=threading.Event)

    def connected(self, connection: BoundedConnection, record: ConnectionPoolEntry) -> None:
        connection.limit(self.limits)
        record.info["used_s"] = time.monotonic()

    def taken(self, connection: BoundedConnection, record: ConnectionPoolEntry, _: object) -> None:
        """Whether it is still there; a connection that was used just now is not asked."""
        try:
            connection.pgconn.consume_input()  # says so at once when the other side has hung up
            taken_s = time.monotonic()
            if taken_s - record.info["used_s"] > _PING_AFTER_S or self.outage.standing:
                self.clock.observe(connection.answers(), taken_s)
        except psycopg.Error as error:
            raise InvalidatePoolError from error

    def given_back(self, connection: BoundedConnection | None, record: ConnectionPoolEntry) -> None:
        """One that comes when the engine was disposed of has nobody who would close it."""
        record.info["used_s"] = time.monotonic()
        if connection is not None and self.over.is_set():
            connection.close()

    def ended(self, _: object) -> None:
        """The engine was disposed of: its connections are not kept from now on."""
        self.over.set()
