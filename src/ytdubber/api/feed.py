"""News of jobs to everybody who watches: one listener a process, and one look at a job for all who
watch it.
"""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from anyio import to_thread
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from ytdubber.domain.errors import DatabaseAway, TooManyStreams
from ytdubber.log import get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_feed import JobFeed
from ytdubber.ports.job_reads import EventRow, JobReads, JobRow

HEARTBEAT_S = 15.0
AT_MOST_EVERY_S = 0.1
LINE_EVERY_S = 5.0
"""How often a job that waits is looked at: it gets on while nothing happens to it."""
_MOST_EVENTS = 1_000
_AGAIN_AFTER_S = 1.0
_RETRY_AFTER_S = 15

log = get_logger(__name__)


class Watched:
    """A job that somebody watches, as it was last seen. Its watchers all have the same rights: a
    job has one owner.
    """

    def __init__(self, claims: Claims, job_id: UUID) -> None:
        self.claims = claims
        self.job_id = job_id
        self.watchers = 0
        self.dirty = asyncio.Event()
        self.changed = asyncio.Condition()
        self.version = 0
        self.job = b""
        self.ended = False
        self.in_line = False
        self.events: list[tuple[int, bytes]] = []
        self.last_event = 0
        self.looking: asyncio.Task[None] | None = None


class Streamed(StreamingResponse):
    """A stream that tells when it is over, whatever happens."""

    def __init__(self, frames: AsyncIterator[bytes], over: Callable[[], None]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(frames, media_type="text/event-stream", headers=headers)
        self._over = over

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the frames."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._over()


class Feed:
    """Streams of server-sent events about jobs.

    Args:
        news: Says which job changed.
        reads: Looks at a job.
        view: Shapes a job for the wire.
        clock: Tells the time.
        heartbeat_s: How long a stream may be silent.
        at_most_every_s: How often a job is looked at, at most.
        most_streams: How many one user may have open.
    """

    def __init__(
        self,
        news: JobFeed,
        reads: JobReads,
        view: Callable[[JobRow, datetime], dict[str, Any]],
        clock: Clock,
        heartbeat_s: float = HEARTBEAT_S,
        at_most_every_s: float = AT_MOST_EVERY_S,
        most_streams: int = 60,
    ) -> None:
        self._news = news
        self._reads = reads
        self._view = view
        self._clock = clock
        self._heartbeat_s = heartbeat_s
        self._at_most_every_s = at_most_every_s
        self._most_streams = most_streams
        self._streams: Counter[UUID] = Counter()
        self._watched: dict[UUID, Watched] = {}
        self._listening: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    @property
    def watchers(self) -> int:
        """How many streams are open."""
        return sum(each.watchers for each in self._watched.values())

    def open(self, claims: Claims, job_id: UUID, after: int | None) -> "Streamed":
        """The answer that streams a job's events.

        Raises:
            TooManyStreams: the user has as many open as they may.
        """
        if self._streams[claims.user_id] >= self._most_streams:
            raise TooManyStreams(limit=self._most_streams, retry_after_s=_RETRY_AFTER_S)
        self._streams[claims.user_id] += 1
        return Streamed(self.stream(claims, job_id, after), lambda: self._close(claims.user_id))

    def _close(self, user_id: UUID) -> None:
        self._streams[user_id] -= 1
        if not self._streams[user_id]:
            del self._streams[user_id]

    async def start(self) -> None:
        """Begin to listen for news."""
        self._closing = asyncio.Event()
        self._listening = asyncio.create_task(self._listen(), name="job feed")

    async def end(self) -> None:
        """End every stream, and those that are opened from now on."""
        self._closing.set()
        for watched in list(self._watched.values()):
            async with watched.changed:
                watched.changed.notify_all()

    async def stop(self) -> None:
        """Stop listening, and end every stream."""
        tasks = [self._listening, *(each.looking for each in self._watched.values())]
        await self.end()
        for task in filter(None, tasks):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def stream(self, claims: Claims, job_id: UUID, after: int | None) -> AsyncIterator[bytes]:
        """Frames about a job: what happened since event `after`, how it is, and every change.

        Ends when the job has ended. The caller has made sure that the user has this job.
        """
        watched = self._join(claims, job_id)
        sent, place = -1, after
        try:
            yield b"retry: 2000\n\n"
            while not self._closing.is_set():
                if watched.version in (sent, 0):
                    if not await self._changed(watched, max(sent, 0)):
                        yield b": alive\n\n"
                    continue
                sent = watched.version
                start = watched.last_event if place is None else place
                place = watched.last_event
                frames = [frame for number, frame in watched.events if number > start]
                yield b"".join([*frames, watched.job])
                if watched.ended:
                    yield b"event: end\ndata: {}\n\n"
                    return
        finally:
            self._leave(watched)

    async def _changed(self, watched: Watched, since: int) -> bool:
        """Wait for a newer look, for as long as a heartbeat; False when there was none."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._heartbeat_s), watched.changed:
                await watched.changed.wait_for(
                    lambda: watched.version > since or self._closing.is_set()
                )
        return watched.version > since or self._closing.is_set()

    def _join(self, claims: Claims, job_id: UUID) -> Watched:
        watched = self._watched.get(job_id)
        if watched is None:
            watched = self._watched[job_id] = Watched(claims, job_id)
            watched.dirty.set()
            watched.looking = asyncio.create_task(self._look(watched), name=f"job {job_id}")
        watched.watchers += 1
        return watched

    def _leave(self, watched: Watched) -> None:
        watched.watchers -= 1
        if watched.watchers == 0:
            del self._watched[watched.job_id]
            if watched.looking is not None:
                watched.looking.cancel()

    async def _listen(self) -> None:
        async for job_id in self._news.news(lambda: self._watched):
            changed = [job_id] if job_id is not None else list(self._watched)
            for each in changed:
                if each in self._watched:
                    self._watched[each].dirty.set()

    async def _look(self, watched: Watched) -> None:
        """Look again whenever something changed; a database that is away is waited for."""
        while not watched.ended:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LINE_EVERY_S if watched.in_line else None):
                    await watched.dirty.wait()
            watched.dirty.clear()
            try:
                self._show(watched, *await to_thread.run_sync(self._read, watched))
            except DatabaseAway:
                await asyncio.sleep(_AGAIN_AFTER_S)
                watched.dirty.set()
                continue
            except Exception as error:  # whatever a driver raises while its database is away
                log.warning("feed.job_not_read", job_id=watched.job_id, error=error)
                await asyncio.sleep(_AGAIN_AFTER_S)
                watched.dirty.set()
                continue
            async with watched.changed:
                watched.changed.notify_all()
            await asyncio.sleep(self._at_most_every_s)

    def _read(self, watched: Watched) -> tuple[JobRow | None, list[EventRow]]:
        """The job, then what has happened to it: a job that has ended has no event that is not
        seen after it, while the other way round its last ones may come in between.
        """
        job = self._reads.detail(watched.claims, watched.job_id)
        found: list[EventRow] = []
        more = True
        while more:
            after = found[-1].id if found else watched.last_event
            page = self._reads.events(watched.claims, watched.job_id, after, _MOST_EVENTS)
            found += page
            more = len(page) == _MOST_EVENTS
        return job, found

    def _show(self, watched: Watched, job: JobRow | None, events: list[EventRow]) -> None:
        for event in events:
            data = {"kind": event.kind, "at": event.at.isoformat(), **event.data}
            frame = f"id: {event.id}\nevent: {event.kind}\ndata: {json.dumps(data)}\n\n"
            watched.events.append((event.id, frame.encode()))
            watched.last_event = event.id
        if job is None:
            watched.job = b"event: deleted\ndata: {}\n\n"
            watched.ended = True
        else:
            shaped = json.dumps(self._view(job, self._clock.now()))
            watched.job = f"event: job\ndata: {shaped}\n\n".encode()
            watched.ended = job.finished_at is not None
            watched.in_line = job.in_line is not None
        watched.version += 1
