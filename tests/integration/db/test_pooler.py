"""The database behind a pooler, in both of its modes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from tests.integration.worker.rows import Rows
from tests.pooler import pooler

from ytdubber.adapters.db.connection.connections import WORK, connected, make_engine
from ytdubber.adapters.db.connection.listening import why_deaf
from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.coordination.reaper import task_lock
from ytdubber.adapters.db.jobs.feed import SqlJobFeed
from ytdubber.bootstrap.database_found import way_found


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = make_engine(url, pool_size=3, name="pooled")
    try:
        yield engine
    finally:
        engine.dispose()


def test_listening_is_found_out_by_trying(database_url: str) -> None:
    with opened(database_url) as engine:
        assert why_deaf(database_url, engine) is None
    with pooler(database_url, "session", size=10) as url, opened(url) as engine:
        assert why_deaf(url, engine) is None
    with pooler(database_url) as url, opened(url) as engine:
        assert why_deaf(url, engine) is not None
        assert why_deaf(database_url, engine) is None  # past the pooler


def test_doctor_says_which_way_news_come(database_url: str) -> None:
    assert way_found(database_url, None) == (True, "answers; news come by LISTEN")
    with pooler(database_url) as url:
        answers, detail = way_found(url, None)
        assert answers
        assert "LISTEN does not work over DATABASE_URL" in detail
        assert way_found(url, database_url) == (True, "answers; news come by LISTEN")
        answers, detail = way_found(database_url, url)
        assert "LISTEN does not work over YTDUBBER_LISTEN_DATABASE_URL" in detail
    answers, detail = way_found(url, None)  # the pooler is gone
    assert not answers
    assert "refused" in detail


def test_limits_hold_behind_a_pooler_and_for_nobody_else(database_url: str) -> None:
    shown = text("show statement_timeout")
    with pooler(database_url, size=1) as url, opened(url) as engine:
        with service_role(engine) as connection:
            assert connection.execute(shown).scalar_one() == f"{WORK.statement_s:.0f}s"
        with connected(engine) as connection:
            assert connection.execute(shown).scalar_one() == "0"


def test_one_at_a_time_holds_no_connection(database_url: str) -> None:
    with pooler(database_url, size=1) as url, opened(url) as first, opened(url) as second:
        with task_lock(first, "sweep") as mine, task_lock(second, "sweep") as too:
            assert (mine, too) == (True, False)
            assert first.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool's
        with task_lock(second, "sweep") as mine:
            assert mine


CHANGES: tuple[LiteralString, ...] = (
    "update ytdubber.language_tasks set progress = 0.5, stage = 'translating'"
    " where job_id = %s and position = 0",
    "insert into ytdubber.job_events (job_id, user_id, kind)"
    " select id, user_id, 'waiting' from ytdubber.dubbing_jobs where id = %s",
    "insert into ytdubber.job_events (job_id, user_id, kind)"
    " select id, user_id, 'finished' from ytdubber.dubbing_jobs where id = %s",
)


@pytest.mark.parametrize("mode", ["poll", "listen"])
def test_news_come_through_a_pooler_and_past_it(database_url: str, mode: str) -> None:
    rows = Rows(database_url)
    job = rows.job("pt", "es")

    async def told() -> None:
        """Of everything, in the mode that works."""
        feed = SqlJobFeed(engine, url if mode == "poll" else database_url)
        heard: asyncio.Queue[UUID | None] = asyncio.Queue()

        async def listen() -> None:
            async for each in feed.news(lambda: [job.id]):
                heard.put_nowait(each)

        listening = asyncio.create_task(listen())
        async with asyncio.timeout(30):
            assert await heard.get() == job.id
            if mode == "listen":
                assert await heard.get() is None
            for change in CHANGES:
                await asyncio.to_thread(rows.ask, change, job.id)
                assert await heard.get() == job.id
                assert feed.mode == mode
        listening.cancel()

    with pooler(database_url) as url, opened(url) as engine:
        asyncio.run(told())
