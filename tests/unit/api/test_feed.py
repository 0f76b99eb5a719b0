"""A stream of events beside a job that goes on while it is looked at."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.adapters.system_clock import SystemClock
from ytdubber.api.feed import Feed
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_reads import EventRow, JobMark, JobRow

USER = Claims(UUID(int=1), None, "authenticated", {})
JOB = UUID(int=2)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Moving:
    """A job to which things happen between any two looks: as many as `paces` says, again and again.

    The last of them, `finished`, ends the job, in the transaction that records it.
    """

    def __init__(self, happens: int, paces: Sequence[int]) -> None:
        self._happens = happens
        self._paces = paces
        self._looks = 0
        self._happened = 0

    mode: Literal["listen", "poll"] = "listen"

    async def news(self, watched: Callable[[], Collection[UUID]]) -> AsyncIterator[UUID | None]:
        while True:
            yield JOB
            await asyncio.sleep(0)

    def detail(self, claims: Claims, job_id: UUID) -> JobRow | None:
        seen = self._look()
        return _job(finished_at=NOW if seen == self._happens else None)

    def events(self, claims: Claims, job_id: UUID, after: int, limit: int) -> list[EventRow]:
        seen = self._look()
        kinds = {self._happens: "finished"}
        there = range(after + 1, seen + 1)[:limit]
        return [EventRow(each, kinds.get(each, "stage"), {}, NOW) for each in there]

    def newest(self, claims: Claims, limit: int, after: object, title: str = "") -> list[JobMark]:
        raise NotImplementedError

    def jobs(self, claims: Claims, job_ids: Sequence[UUID]) -> list[JobRow]:
        raise NotImplementedError

    def stats(self, claims: Claims) -> Any:
        raise NotImplementedError

    def waiting(self) -> int:
        raise NotImplementedError

    def _look(self) -> int:
        """How much has happened when this look is taken; then things go on."""
        seen = self._happened
        pace = self._paces[self._looks % len(self._paces)]
        self._looks += 1
        self._happened = min(self._happens, seen + pace)
        return seen


def _job(finished_at: datetime | None) -> JobRow:
    empty: Any = {}
    return JobRow(
        id=JOB,
        title="",
        stage="",
        source_language=None,
        target_languages=(),
        has_background=False,
        voice_ms=None,
        created_at=NOW,
        submitted_at=NOW,
        updated_at=NOW,
        finished_at=finished_at,
        expires_at=None,
        cancel_requested=False,
        error_code=None,
        error_message=None,
        costs_usd=empty,
        tasks=(),
        files=(),
        notes=(),
        fetching=None,
        uncovered=(),
        speeds=empty,
    )


def _streamed(job: Moving, streams: int) -> list[list[bytes]]:
    """The frames each of so many streams is sent, from the first event on."""

    async def run() -> list[list[bytes]]:
        feed = Feed(job, job, lambda row, now: {}, SystemClock(), at_most_every_s=0)
        await feed.start()
        try:
            return await asyncio.gather(*(listen(feed) for _ in range(streams)))
        finally:
            await feed.stop()

    async def listen(feed: Feed) -> list[bytes]:
        return [frame async for frame in feed.stream(USER, JOB, 0)]

    return asyncio.run(run())


def _kinds(frames: Sequence[bytes]) -> list[str]:
    lines = b"".join(frames).decode().splitlines()
    return [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]


def _ids(frames: Sequence[bytes]) -> list[int]:
    lines = b"".join(frames).decode().splitlines()
    return [int(line.removeprefix("id: ")) for line in lines if line.startswith("id: ")]


@given(
    happens=st.integers(1, 12),
    paces=st.lists(st.integers(0, 4), min_size=1, max_size=6).filter(any),
    streams=st.integers(1, 4),
)
def test_every_stream_hears_of_everything_before_it_ends(
    happens: int, paces: list[int], streams: int
) -> None:
    for frames in _streamed(Moving(happens, paces), streams):
        assert _ids(frames) == list(range(1, happens + 1))
        assert [kind for kind in _kinds(frames) if kind != "job"][-2:] == ["finished", "end"]


@pytest.mark.parametrize("happens", [1_000, 1_001, 2_500])
def test_more_events_than_one_look_brings_are_all_told(happens: int) -> None:
    (frames,) = _streamed(Moving(happens, [happens]), 1)
    assert _ids(frames) == list(range(1, happens + 1))
    assert [kind for kind in _kinds(frames) if kind != "job"][-2:] == ["finished", "end"]
