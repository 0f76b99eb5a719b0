"""How many requests one user may make, and how much one request may hold."""

import asyncio
import threading
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ytdubber.api.auth import CurrentUser
from ytdubber.api.errors import respond
from ytdubber.domain.errors import TooManyRequests
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.media_store import STORAGE_PATH

MOST_BODY_BYTES = 2**20
"""The most a request's body may have. Uploads have limits of their own, in their links."""

BODY_S = 30.0
"""How long a request's body may take to come."""

_BURST_S = 20
_MOST_USERS = 100_000


class RequestLimit:
    """A bucket for every user that fills evenly and holds what comes in `_BURST_S` seconds.

    It counts in this process; several API processes allow several times as much.
    """

    def __init__(self, a_minute: int, clock: Clock) -> None:
        self._per_ms = a_minute / 60_000
        self._size = max(8.0, a_minute / 60 * _BURST_S)
        self._clock = clock
        self._buckets: dict[object, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def take(self, user: object) -> None:
        """Count one request.

        Raises:
            TooManyRequests: the bucket is empty.
        """
        now_ms = self._clock.monotonic_ms()
        with self._lock:
            level, at_ms = self._buckets.pop(user, (self._size, now_ms))
            level = min(self._size, level + (now_ms - at_ms) * self._per_ms)
            if level >= 1:
                self._buckets[user] = (level - 1, now_ms)
            else:
                self._buckets[user] = (level, now_ms)
            if len(self._buckets) > _MOST_USERS:
                del self._buckets[next(iter(self._buckets))]
        if level < 1:
            raise TooManyRequests(retry_after_s=max(1, round((1 - level) / self._per_ms / 1000)))


def install(app: FastAPI, limit: RequestLimit) -> None:
    """Have the dependency below count with this limit."""
    app.state.request_limit = limit


async def limited(user: CurrentUser, request: Request) -> Claims:
    """Who asks, when they have not asked too often.

    Raises:
        TooManyRequests: they have.
    """
    limit: RequestLimit = request.app.state.request_limit
    limit.take(user.user_id)
    return user


LimitedUser = Annotated[Claims, Depends(limited)]
"""A route's parameter of this type is whoever asks, counted against their limit."""


class BodyLimit:
    """Refuses a body over the limit, before it comes where its length is announced, else while it
    comes; and one that does not come in time. Uploads pass.
    """

    def __init__(
        self, app: ASGIApp, most_bytes: int = MOST_BODY_BYTES, longest_s: float = BODY_S
    ) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._longest_s = longest_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what it holds."""
        if scope["type"] != "http" or scope["path"].startswith(f"{STORAGE_PATH}/"):
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self._most_bytes:
            await respond(HTTPException(413))(scope, receive, send)
            return
        came, more = 0, True
        end_s = asyncio.get_running_loop().time() + self._longest_s

        async def counted() -> Message:
            nonlocal came, more
            try:
                async with asyncio.timeout_at(end_s if more else None):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, headers={"Connection": "close"}) from None
            came += len(message.get("body", b""))
            more = message.get("more_body", False)
            if came > self._most_bytes:
                raise HTTPException(413)
            return message

        await self._app(scope, counted, send)
