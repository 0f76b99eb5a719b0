"""A line that somebody waits to hear reaches a thread of its own, whatever else waits."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.integration.worker.harness import working
from tests.integration.worker.rows import Rows
from tests.redis_server import running
from tests.waiting import eventually

from ytdubber.domain.line_edit import LineEdit
from ytdubber.ports.line_previews import LinePreview


@pytest.fixture(params=["PostgreSQL", "Redis"])
def redis_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str | None]:
    if request.param == "PostgreSQL":
        yield None
        return
    with running(tmp_path / "redis") as server:
        yield server.url


def stage(rows: Rows, preview_id: UUID) -> object:
    return rows.one("select stage from ytdubber.line_previews where id = %s", preview_id)


def test_it_does_not_stand_behind_whole_dubs(rows: Rows, url: str, redis_url: str | None) -> None:
    job = rows.job("slow:60", "quick")
    with working(url, threads=1, redis_url=redis_url) as harness:
        assert eventually(lambda: len(rows.runs(job.tasks["slow:60"])) == 1)
        preview = LinePreview(uuid4(), job.tasks["quick"], "u0001", LineEdit(text="So."))
        with harness.database.as_service() as work:
            work.previews.add(preview)
            work.wake()
            work.commit()
        assert eventually(lambda: stage(rows, preview.id) == "spoken")
        assert rows.stages(job)["quick"] == "queued"
        with harness.database.as_service() as work:
            assert work.previews.take(preview.id) is None
            assert work.previews.get(preview.id) is not None
        rows.ask("update ytdubber.dubbing_jobs set cancel_requested = true")
        assert eventually(lambda: rows.stages(job)["slow:60"] == "cancelled")


def test_nobody_speaks_what_nobody_waits_for_any_more(rows: Rows, url: str) -> None:
    job = rows.job("quick")
    with working(url) as harness:
        preview = LinePreview(uuid4(), job.tasks["quick"], "u0001", LineEdit())
        with harness.database.as_service() as work:
            work.previews.add(preview)
            work.commit()
        rows.ask("update ytdubber.line_previews set created_at = now() - interval '2 minutes'")
        harness.dispatch()
        with harness.database.as_service() as work:
            assert work.previews.take(preview.id) is None
            owner = rows.one("select user_id from ytdubber.line_previews")
            assert work.previews.under_way(owner) == 0
        assert stage(rows, preview.id) == "waiting"
