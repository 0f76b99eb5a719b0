"""A database that is away, slow or full: nothing waits without end, and one line tells."""

import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text
from tests.hole import Hole, hole
from tests.waiting import eventually

from ytdubber.adapters.db.connection.connections import (
    TimeLimits,
    connected,
    driver_connection,
    make_engine,
    taken,
)
from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.database import Database
from ytdubber.adapters.db.jobs.reads import SqlJobReads
from ytdubber.domain.errors import DatabaseAway, DatabaseBusy
from ytdubber.ports.identity import Claims

HASTE = TimeLimits(statement_s=1.0, lock_s=0.2, idle_s=0.5, connect_s=2, pool_s=0.1)
USER = Claims(UUID(int=1), None, "authenticated", {})


@pytest.fixture
def way(database_url: str) -> Iterator[Hole]:
    with hole(database_url) as made:
        yield made


@pytest.fixture
def engine(way: Hole) -> Iterator[Engine]:
    made = make_engine(way.url, pool_size=2, name="outage", limits=HASTE)
    yield made
    way.close()
    made.dispose()


def _asks(engine: Engine) -> None:
    with service_role(engine) as connection:
        connection.execute(text("select 1"))


@pytest.mark.timeout(60)
def test_a_silent_connection_is_given_up_and_told_of_once(
    engine: Engine, way: Hole, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    reads = SqlJobReads(engine)
    _asks(engine)
    way.swallow()
    for _ in range(20):
        with pytest.raises(DatabaseAway):
            _asks(engine)
        with pytest.raises(DatabaseAway):
            reads.stats(USER)
    way.forward()
    assert eventually(lambda: _answered(engine))
    assert reads.stats(USER).total_jobs == 0
    said = [record.getMessage() for record in caplog.records]
    assert said == ["database.away", "database.back"]


def _answered(engine: Engine) -> bool:
    try:
        _asks(engine)
    except DatabaseAway:
        return False
    return True


@pytest.mark.timeout(60)
def test_an_answer_that_stays_away_in_the_middle_of_a_transaction(
    engine: Engine, way: Hole
) -> None:
    with suppress(DatabaseAway), service_role(engine) as connection:
        connection.execute(text("select 1"))
        way.swallow()
        connection.execute(text("select 1"))
        pytest.fail("it was answered")


def test_a_slow_statement_is_ended(engine: Engine) -> None:
    with pytest.raises(DatabaseBusy), service_role(engine) as connection:
        connection.execute(text("select pg_sleep(60)"))
    _asks(engine)


def test_nobody_waits_long_for_a_lock(engine: Engine) -> None:
    locked = text("select pg_advisory_xact_lock(1)")
    with service_role(engine) as first:
        first.execute(locked)
        with pytest.raises(DatabaseBusy), service_role(engine) as second:
            second.execute(locked)


def test_a_transaction_in_which_nothing_happens_is_ended(engine: Engine) -> None:
    ended = threading.Event()
    with suppress(DatabaseBusy), service_role(engine) as connection:
        connection.execute(text("select 1"))
        ended.wait(HASTE.idle_s * 2)
        connection.execute(text("select 1"))
        pytest.fail("it went on")


def test_a_pool_that_is_used_up_is_busy(engine: Engine) -> None:
    with service_role(engine), service_role(engine), pytest.raises(DatabaseBusy):
        _asks(engine)
    _asks(engine)


def test_limits_hold_for_a_transaction_and_leave_nothing_behind(engine: Engine) -> None:
    assert SqlJobReads(engine).stats(USER).total_jobs == 0
    with Database(engine).as_user(USER) as work:
        work.commit()
    with connected(engine) as connection:
        assert _limits(connection) == ["0", "0", "0"]
    with service_role(engine) as connection:
        assert _limits(connection) == ["1s", "200ms", "500ms"]
    with connected(engine) as connection:
        assert _limits(connection) == ["0", "0", "0"]


def _limits(connection: Connection) -> list[str]:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    return [connection.execute(text(f"show {name}")).scalar_one() for name in names]


def test_what_is_wrong_with_a_statement_is_no_outage(engine: Engine) -> None:
    with pytest.raises(Exception, match="syntax error") as caught, service_role(engine) as one:
        one.execute(text("select from where"))
    assert not isinstance(caught.value, DatabaseAway)


def test_what_is_given_back_after_the_end_is_closed(engine: Engine) -> None:
    late = taken(engine)
    driver = driver_connection(late)
    engine.dispose()
    assert not driver.closed
    late.close()
    assert driver.closed
