"""Semaphores that hold across processes."""

import contextlib
import dataclasses
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, text
from tests.waiting import until

from ytdubber.adapters.db.coordination.semaphores import SqlSemaphores
from ytdubber.adapters.db.database import make_engine
from ytdubber.domain.errors import Cancelled
from ytdubber.ports.call_context import CallContext

CALL = CallContext(UUID(int=1))
HOLDER = """
import sys, time
from typing import Any
from uuid import UUID
from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.db.coordination.semaphores import SqlSemaphores
from ytdubber.ports.call_context import CallContext
semaphores = SqlSemaphores(make_engine(sys.argv[1], pool_size=2, name="holder"), ttl_s=1.0)
with semaphores.acquire("aura", 1, CallContext(UUID(int=1))):
    print("held", flush=True)
    time.sleep(60)
"""

Open = Callable[..., SqlSemaphores]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url, pool_size=8, name="semaphores")
    yield made
    made.dispose()


@pytest.fixture
def process(database_url: str) -> Iterator[Open]:
    """Semaphores as one process sees them."""
    with contextlib.ExitStack() as stack:

        def open_semaphores(ttl_s: float = 20.0) -> SqlSemaphores:
            engine = make_engine(database_url, pool_size=8, name="process")
            semaphores = SqlSemaphores(engine, ttl_s)
            stack.callback(engine.dispose)
            stack.callback(semaphores.close)
            return semaphores

        yield open_semaphores


class Counter:
    """How many are inside, and how many were at most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now = self.most = self.all = 0

    def __enter__(self) -> None:
        with self._lock:
            self.now += 1
            self.all += 1
            self.most = max(self.most, self.now)

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.now -= 1


def held(semaphores: SqlSemaphores, call: CallContext = CALL) -> bool:
    """Whether the one permit is not to be had by looking a few times."""
    looks = iter(range(5))

    def check() -> None:
        if next(looks, None) is None:
            raise Cancelled

    try:
        with semaphores.acquire("aura", 1, dataclasses.replace(call, raise_if_cancelled=check)):
            return False
    except Cancelled:
        return True


def test_no_more_than_the_limit_are_inside_and_all_get_in(process: Open) -> None:
    processes, inside = [process(), process()], Counter()

    def call(number: int) -> None:
        with processes[number % 2].acquire("aura", 5, CALL), inside:
            time.sleep(0.02)

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(call, range(80)))
    assert (inside.most, inside.all) == (5, 80)


def test_names_do_not_wait_for_one_another(process: Open) -> None:
    semaphores = process()
    with semaphores.acquire("aura", 1, CALL), semaphores.acquire("nova", 1, CALL):
        assert held(semaphores)
    assert not held(semaphores)


def test_many_who_wait_ask_the_database_as_seldom_as_one(process: Open, engine: Engine) -> None:
    waiting = SqlSemaphores(engine)
    with process().acquire("aura", 1, CALL):
        asked: list[int] = []

        def note(*given: Any) -> None:
            if "for update skip locked" in given[2]:
                asked.append(threading.get_ident())

        event.listen(engine, "before_cursor_execute", note)
        stop = threading.Event()

        def check() -> None:
            if stop.is_set():
                raise Cancelled

        def wait() -> None:
            with contextlib.suppress(Cancelled):
                with waiting.acquire(
                    "aura", 1, dataclasses.replace(CALL, raise_if_cancelled=check)
                ):
                    raise AssertionError("there is no permit")

        threads = [threading.Thread(target=wait) for _ in range(30)]
        for thread in threads:
            thread.start()
        until(lambda: len(asked) > 20)
        askers = set(asked)
        stop.set()
        for thread in threads:
            thread.join()
    waiting.close()
    assert len(askers) == 1


def test_a_place_is_kept_for_as_long_as_its_holder_lives(process: Open, engine: Engine) -> None:
    def asked(query: str) -> Any:
        with engine.connect() as connection:
            return connection.execute(text(query)).scalar_one()

    with process(ttl_s=2.0).acquire("aura", 1, CALL):
        first = asked("select until from ytdubber.slots where holder is not null")
        until(lambda: asked("select now()") > first)
        assert held(process())


def test_a_dead_holders_place_is_free_again(process: Open, database_url: str) -> None:
    words = [sys.executable, "-c", HOLDER, database_url]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        semaphores = process()
        assert held(semaphores)
        holder.send_signal(signal.SIGKILL)
    until(lambda: not held(semaphores))


def test_places_are_made_again_where_a_crash_of_the_server_lost_them(
    process: Open, engine: Engine
) -> None:
    semaphores = process()
    assert not held(semaphores)
    with engine.begin() as connection:
        connection.execute(text("truncate ytdubber.slots"))
    assert not held(semaphores)


def test_what_was_done_in_a_place_is_not_lost_with_it(database_url: str) -> None:
    engine = make_engine(database_url, pool_size=2, name="broken")
    semaphores = SqlSemaphores(engine)
    with semaphores.acquire("aura", 1, CALL):
        with engine.begin() as connection:
            connection.execute(text("drop table ytdubber.slots"))
        done = True
    assert done
    semaphores.close()
    engine.dispose()
