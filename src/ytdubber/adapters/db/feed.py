"""News of jobs by LISTEN and NOTIFY."""

import asyncio
import logging
from collections.abc import AsyncIterator
from uuid import UUID

import psycopg

_CHANNEL = "ytdubber_jobs"
_PAUSE_S = 1.0

log = logging.getLogger(__name__)


class NotifyFeed:
    """A `JobFeed` on one connection of its own, renewed when it breaks."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def news(self) -> AsyncIterator[UUID | None]:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, application_name="ytdubber-feed"
                ) as connection:
                    await connection.execute(f"listen {_CHANNEL}")
                    yield None
                    async for notice in connection.notifies():
                        yield UUID(notice.payload.partition(" ")[0])
            except (psycopg.Error, OSError) as error:
                log.warning("no news from the database (%s); trying again", error)
                await asyncio.sleep(_PAUSE_S)
