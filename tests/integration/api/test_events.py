"""Server-sent events: what happens to a job, as it happens, to everybody who watches."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import pytest
from tests.integration.api import contract
from tests.integration.api.api_user import ApiUser
from tests.integration.api.listening import Listener, listening
from tests.waiting import eventually

from ytdubber.adapters.system_clock import SystemClock
from ytdubber.api.feed import Feed
from ytdubber.domain.stage import WORKING, Stage
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_reads import EventRow, JobMark, JobRow

ALONE = {"background": False}


def _enter(ann: ApiUser, job_id: UUID, stage: Stage) -> None:
    """Every language of a job goes on to a stage."""
    with ann.harness.backend.database.as_service() as work:
        for task in work.tasks.of_job(job_id):
            work.tasks.save(task.enter(stage, datetime.now(UTC)))
        if stage.final:
            now = datetime.now(UTC)
            work.job_repository.finish(job_id, now, now)
            work.events.add(job_id, "finished", {"stage": stage.value})
        work.commit()


def _recorded(ann: ApiUser, job_id: UUID) -> list[object]:
    rows = ann.harness.rows(
        "select id from ytdubber.job_events where job_id = :id order by id", id=job_id
    )
    return [row[0] for row in rows]


def test_a_job_from_queue_to_end(ann: ApiUser) -> None:
    job_id = ann.queued("pt", **ALONE)
    with listening(ann, job_id) as listener:
        listener.until("job", stage="queued")
        ann.harness.hands.dub(job_id)
        events = listener.finish()
    assert listener.response is not None
    assert listener.response.headers["content-type"].startswith("text/event-stream")
    assert listener.response.headers["cache-control"] == "no-store"
    stages = [event.data["stage"] for event in events if event.kind == "stage"]
    assert stages == [stage.value for stage in WORKING[1:]]
    assert listener.ids() == sorted(set(listener.ids()))
    assert all(contract.stamp(e.data["at"]) for e in events if e.id is not None)
    jobs = [event.data for event in events if event.kind == "job"]
    assert all(map(contract.JOB, jobs))
    progress = [job["progress"] for job in jobs]
    assert progress == sorted(progress)
    assert jobs[-1]["status"] == "complete"
    assert set(jobs[-1]["download_urls"]) == {"pt"}
    assert [event.kind for event in events[-2:]] == ["job", "end"]


def test_a_job_that_has_ended_is_told_at_once(dora: ApiUser, dubbed: UUID) -> None:
    with listening(dora, dubbed) as listener:
        assert [event.kind for event in listener.finish()] == ["job", "end"]
    with listening(dora, dubbed, last_event_id=0) as listener:
        listener.finish()
        assert listener.ids() == _recorded(dora, dubbed)


def test_after_a_break_nothing_is_lost_and_nothing_comes_twice(ann: ApiUser) -> None:
    job_id = ann.queued("pt", "es", **ALONE)
    with listening(ann, job_id, last_event_id=0) as first:
        first.until("job", stage="queued")
        _enter(ann, job_id, Stage.STT)
        first.until("stage", language="es", stage="stt")
    seen = first.ids()
    _enter(ann, job_id, Stage.TRANSLATING)
    with listening(ann, job_id, last_event_id=seen[-1]) as second:
        second.until("stage", stage="translating")
        _enter(ann, job_id, Stage.DUBBING)
        second.until("stage", language="es", stage="dubbing")
    seen += second.ids()
    _enter(ann, job_id, Stage.MIXING)
    _enter(ann, job_id, Stage.EXPORTING)
    with listening(ann, job_id, last_event_id=seen[-1]) as third:
        _enter(ann, job_id, Stage.COMPLETE)
        third.finish()
    seen += third.ids()
    assert seen == _recorded(ann, job_id)


@pytest.mark.parametrize("last", [10**12, 10**18])
def test_an_id_from_the_future_brings_nothing_old(ann: ApiUser, last: int) -> None:
    job_id = ann.queued("pt", **ALONE)
    with listening(ann, job_id, last_event_id=last) as listener:
        listener.until("job", stage="queued")
        assert listener.ids() == []


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 40, "\u0663", ""])
def test_an_id_that_is_none_is_taken_as_none(ann: ApiUser, last: str) -> None:
    job_id = ann.queued("pt", **ALONE)
    headers = {"Last-Event-ID": last.encode()}
    url = f"/api/jobs/{job_id}/events"
    with ann.http.stream("GET", url, headers=headers) as reply:  # type: ignore[arg-type]  # bytes are headers too
        assert reply.status_code == 200
        assert next(reply.iter_lines()) == "retry: 2000"


def test_everybody_who_watches_is_told_the_same(ann: ApiUser) -> None:
    job_id = ann.queued("pt", **ALONE)
    with ExitStack() as stack:
        listeners = [stack.enter_context(listening(ann, job_id)) for _ in range(5)]
        for each in listeners:
            each.until("job", stage="queued")
        for stage in WORKING[1:]:
            _enter(ann, job_id, stage)
        told = [[e for e in each.finish() if e.id is not None] for each in listeners]
    assert [event.data["stage"] for event in told[0]][:-1] == [s.value for s in WORKING[1:]]
    assert all(each == told[0] for each in told)


def test_progress_within_a_stage_is_told_too(ann: ApiUser) -> None:
    job_id = ann.queued("pt", **ALONE)
    _enter(ann, job_id, Stage.STT)
    with listening(ann, job_id) as listener:
        before = listener.until("job", stage="stt").data["progress"]
        with ann.harness.backend.database.as_service() as work:
            (task,) = work.tasks.of_job(job_id)
            work.tasks.advance(task.id, 0.5)
            work.commit()
        assert eventually(lambda: listener.events[-1].data["progress"] > before)


def test_a_job_that_is_deleted_meanwhile_ends_the_stream(ann: ApiUser) -> None:
    job_id = ann.queued("pt", **ALONE)
    with listening(ann, job_id) as listener:
        listener.until("job")
        ann.http.delete(f"/api/jobs/{job_id}")
        assert [event.kind for event in listener.finish()][-2:] == ["deleted", "end"]


def test_who_goes_away_leaves_nothing_behind(ann: ApiUser) -> None:
    feed: Feed = ann.harness.app.state.feed
    job_id = ann.queued("pt", **ALONE)
    with listening(ann, job_id) as stays:
        stays.until("job")
        assert eventually(lambda: feed.watchers == 1)
        with listening(ann, job_id) as goes:
            goes.until("job")
            assert eventually(lambda: feed.watchers == 2)
        assert eventually(lambda: feed.watchers == 1)
        _enter(ann, job_id, Stage.STT)
        stays.until("stage", stage="stt")
    assert eventually(lambda: feed.watchers == 0)


def test_news_go_on_when_the_database_hangs_up(ann: ApiUser) -> None:
    job_id = ann.queued("pt", **ALONE)
    with listening(ann, job_id) as listener:
        listener.until("job")
        ann.harness.rows(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'ytdubber-feed' and datname = current_database()"
        )
        _enter(ann, job_id, Stage.STT)
        listener.until("stage", stage="stt")


def test_a_stream_needs_a_job_of_ones_own(ann: ApiUser, bob: ApiUser) -> None:
    job_id = ann.queued("pt", **ALONE)
    for who, wanted in ((bob, job_id), (ann, uuid4())):
        assert who.http.get(f"/api/jobs/{wanted}/events").status_code == 404
    with listening(ann, job_id) as listener:
        listener.until("job")
        assert bob.http.get(f"/api/jobs/{job_id}/events").status_code == 404


class Quiet:
    """News that never come, of a job that never changes."""

    mode: Literal["listen", "poll"] = "poll"

    async def news(self, watched: Callable[[], Collection[UUID]]) -> AsyncIterator[UUID | None]:
        await asyncio.Event().wait()
        yield None

    def detail(self, claims: Claims, job_id: UUID) -> JobRow | None:
        raise ConnectionError("the database is away")

    def newest(self, claims: Claims, limit: int, after: object, title: str = "") -> list[JobMark]:
        return []

    def jobs(self, claims: Claims, job_ids: Sequence[UUID]) -> list[JobRow]:
        return []

    def events(self, claims: Claims, job_id: UUID, after: int, limit: int) -> list[EventRow]:
        return []

    def stats(self, claims: Claims) -> Any:
        raise NotImplementedError

    def waiting(self) -> int:
        return 0


def test_a_silent_stream_has_a_heartbeat() -> None:
    async def beats() -> list[bytes]:
        feed = Feed(Quiet(), Quiet(), lambda job, now: {}, SystemClock(), heartbeat_s=0.02)
        await feed.start()
        claims = Claims(uuid4(), None, "authenticated", {})
        stream = feed.stream(claims, uuid4(), None)
        heard = [await anext(stream) for _ in range(3)]
        await feed.stop()
        return heard + [frame async for frame in stream]

    heard = asyncio.run(beats())
    assert heard == [b"retry: 2000\n\n", b": alive\n\n", b": alive\n\n"]


def _listeners(stack: ExitStack, who: ApiUser, job_id: UUID, count: int) -> list[Listener]:
    return [stack.enter_context(listening(who, job_id)) for _ in range(count)]


def test_many_come_and_go_at_once(ann: ApiUser) -> None:
    feed: Feed = ann.harness.app.state.feed
    job_id = ann.queued("pt", **ALONE)
    with ExitStack() as stack:
        for each in _listeners(stack, ann, job_id, 20):
            each.until("job")
    with listening(ann, job_id) as listener:
        listener.until("job")
    assert eventually(lambda: feed.watchers == 0)
