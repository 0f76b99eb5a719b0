"""Workers come in as long as the database has connections for all they may open."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from ytdubber.adapters.db.coordination.budget import enter, need_room, worker_connections
from ytdubber.adapters.db.coordination.workers import SqlWorkers
from ytdubber.adapters.db.database import make_engine
from ytdubber.domain.errors import TooFewConnections
from ytdubber.domain.fair_share import Lane

THREADS = {Lane.IO: 8, Lane.CPU: 2}
ROOM = 197
"""Of the tests' server: 200, of which 3 are its superuser's."""


def test_of_many_that_start_at_once_those_come_in_that_there_is_room_for(database_url: str) -> None:
    engine = make_engine(database_url, pool_size=3, name="test")
    workers = [uuid4() for _ in range(40)]

    def come_in(worker: UUID) -> str | None:
        try:
            enter(engine, worker, THREADS)
        except TooFewConnections as refused:
            return str(refused)
        return None

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(come_in, workers))
    refusals = [each for each in told if each]
    came_in = len(workers) - len(refusals)
    assert 1 <= came_in <= ROOM // worker_connections(8)
    assert "A worker of 8 threads would need 8 connections" in refusals[0]
    assert "kept for workers that run" in refusals[0]

    with pytest.raises(TooFewConnections):  # none of them has opened one
        need_room(engine, ROOM - 8, "This")
    for worker in workers:
        SqlWorkers(engine).gone(worker)
    enter(engine, uuid4(), THREADS)
    engine.dispose()


def test_a_worker_that_comes_in_again_is_counted_once(database_url: str) -> None:
    engine = make_engine(database_url, pool_size=1, name="test")
    me = uuid4()
    for _ in range(60):
        enter(engine, me, THREADS)
    engine.dispose()
