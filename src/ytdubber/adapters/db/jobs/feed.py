"""News of jobs: by LISTEN and NOTIFY where that works, else by looking."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import Literal
from uuid import UUID

import psycopg
from sqlalchemy import Engine, text

from ytdubber.adapters.db.connection.connections import KEEPALIVE, limits_of, outage_of
from ytdubber.adapters.db.connection.listening import why_deaf
from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.domain.errors import DatabaseAway
from ytdubber.log import get_logger

_CHANNEL = "ytdubber_jobs"
_LOOK_EVERY_S = 0.7
_AWAY_PAUSE_S = 1.0
_LISTEN_AGAIN_S = 60.0
_SILENT_S = 10.0
"""How long a connection that says nothing is taken to be there."""
_ANSWER_S = 3.0

# What changes with everything a watcher is told of: an event of a job's, its row, its languages'.
_MARKS = text(
    """
    select j.id, concat_ws(' ', j.xmin,
      (select count(*) from ytdubber.job_events e where e.job_id = j.id),
      (select string_agg(t.xmin::text, ' ' order by t.position)
       from ytdubber.language_tasks t where t.job_id = j.id)) as mark
    from ytdubber.dubbing_jobs j where j.id = any(:watched)
    """
)

Mode = Literal["listen", "poll"]

log = get_logger(__name__)


class SqlJobFeed:
    """A `JobFeed` that listens on one connection of its own; while that does not work, what is
    watched is looked at, one query for all.

    Args:
        engine: Connections that see every job.
        url: Where to listen: a direct connection, or a pooler's session mode.
    """

    def __init__(self, engine: Engine, url: str) -> None:
        self._engine = engine
        self._url = url
        self._marks: Mapping[UUID, str] = {}
        self._said: Mode = "listen"
        self.mode: Mode = "poll"

    async def news(self, watched: Callable[[], Collection[UUID]]) -> AsyncIterator[UUID | None]:
        listen_s = 0.0
        while True:
            try:
                changed = await asyncio.to_thread(self._look, list(watched()))
            except DatabaseAway:
                await asyncio.sleep(_AWAY_PAUSE_S)
                continue
            for job_id in changed:
                yield job_id
            now_s = asyncio.get_running_loop().time()
            if now_s >= listen_s:
                listen_s = now_s + _LISTEN_AGAIN_S
                deaf = await asyncio.to_thread(why_deaf, self._url, self._engine)
                if deaf is None or not outage_of(self._engine).standing:
                    self._say(deaf)
                else:  # it is not known
                    listen_s = 0.0
                if deaf is None:
                    async for heard in self._heard():
                        yield heard
                    listen_s = 0.0
                    continue
            await asyncio.sleep(_LOOK_EVERY_S)

    def _say(self, deaf: str | None) -> None:
        """Tell the operator, once for each change."""
        mode: Mode = "listen" if deaf is None else "poll"
        if mode != self._said:
            log.warning("feed.mode", mode=mode, reason=deaf)
        self._said = mode

    def _look(self, watched: Sequence[UUID]) -> Sequence[UUID]:
        """Those that are not as they were the last time."""
        if not watched:
            self._marks = {}
            return ()
        with service_role(self._engine) as connection:
            rows = connection.execute(_MARKS, {"watched": watched})
            marks = {row.id: row.mark for row in rows}
        before, self._marks = self._marks, marks
        return [each for each in watched if before.get(each, "") != marks.get(each, None)]

    async def _heard(self) -> AsyncIterator[UUID | None]:
        """What is notified, until the connection breaks."""
        connection: psycopg.AsyncConnection | None = None
        try:
            connection = await psycopg.AsyncConnection.connect(
                self._url,
                autocommit=True,
                application_name="ytdubber-feed",
                connect_timeout=limits_of(self._engine).connect_s,
                prepare_threshold=None,
                **KEEPALIVE,
            )
            await connection.execute(f"listen {_CHANNEL}")
            self.mode = "listen"
            yield None
            while True:
                async for notice in connection.notifies(timeout=_SILENT_S):
                    yield UUID(notice.payload.partition(" ")[0])
                async with asyncio.timeout(_ANSWER_S):
                    await connection.execute("select 1")
        except (psycopg.Error, OSError, TimeoutError):
            return  # whether the database is away shows in the next look
        finally:
            self.mode = "poll"
            if connection is not None:
                connection.pgconn.finish()
