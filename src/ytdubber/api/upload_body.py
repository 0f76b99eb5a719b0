"""The body of an upload, read within limits of time and size and written as it comes."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Protocol

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ytdubber.domain import errors

BATCH_BYTES = 2**20
"""What a thread hashes and writes, or reads, at once."""

STALLED_S = 60
LEAST_BYTES = 64 * 1024
"""How long an upload may keep us waiting for each so many bytes, or for its last ones."""

LONGEST_S = 3_600
"""How long one may keep us waiting in all: no link lasts longer."""

_BATCH_S = 1.0
"""After how long a batch goes to the disk that is not full: slow uploads would fill the memory."""

LINGER_S = 2.0
LINGER_BYTES = 64 * 2**20
"""How long, and how much, a refused upload is read on, so that its sender gets to see why: a
connection closed over unread bytes is reset, and the answer lost with it."""


class Writable(Protocol):
    """Where a body goes."""

    @property
    def limit_bytes(self) -> int:
        """The most that may come."""
        ...

    def write(self, data: bytes) -> None:
        """Take the next piece, in a thread."""
        ...


async def stream(body: "UploadBody", session: Writable) -> None:
    """Write the body: one batch goes to the disk in a thread while the next one comes in."""
    writing: asyncio.Future[None] | None = None
    try:
        async with aclosing(body.batches(session.limit_bytes)) as batches:
            async for batch in batches:
                if writing:
                    await writing
                writing = asyncio.ensure_future(run_in_threadpool(_write, session, batch))
    finally:
        if writing:
            await writing


def _write(session: Writable, batch: list[bytes]) -> None:
    session.write(b"".join(batch))


class UploadBody:
    """An upload's body, and whether it was read to its end."""

    def __init__(self, request: Request, stalled_s: float, longest_s: float) -> None:
        self._request = request
        self._stalled_s = stalled_s
        self._left_s, self._all_left_s = stalled_s, longest_s
        self._missing_bytes = LEAST_BYTES
        self._waiting: tuple[float, asyncio.Timeout] | None = None
        self.ended = False

    def give_up(self, silent_s: float) -> bool:
        """Whether nothing has come for so long; then it counts as stalled."""
        now_s = asyncio.get_running_loop().time()
        if self._waiting is None or now_s - self._waiting[0] < silent_s:
            return False
        self._waiting[1].reschedule(now_s)
        return True

    async def batches(self, limit_bytes: int) -> AsyncGenerator[list[bytes]]:
        """The body in batches of about `BATCH_BYTES`, or of what came in `_BATCH_S`; where it ends
        in the middle, what came before that as well.

        Raises:
            UploadTooLarge: more than the limit came.
            UploadStalled: nothing came for a while, or hardly anything.
            LinkExpired: it took longer than any link lasts.
            ClientDisconnect: the connection ended in the middle.
        """
        batch: list[bytes] = []
        size = total = 0
        began_s = time.monotonic()
        async with aclosing(self._request.stream()) as chunks:
            try:
                while chunk := await self._next(chunks):
                    batch.append(chunk)
                    size += len(chunk)
                    total += len(chunk)
                    if total > limit_bytes:
                        raise errors.UploadTooLarge(limit_bytes=limit_bytes)
                    if size >= BATCH_BYTES or time.monotonic() - began_s > _BATCH_S:
                        yield batch
                        batch, size, began_s = [], 0, time.monotonic()
            except (ClientDisconnect, errors.LinkExpired, errors.UploadStalled):
                if batch:
                    yield batch
                raise
        self.ended = True
        if batch:
            yield batch

    async def _next(self, chunks: AsyncIterator[bytes]) -> bytes:
        """The next piece. Only the time we wait for it counts."""
        began_s = time.monotonic()
        try:
            async with asyncio.timeout(min(self._left_s, self._all_left_s)) as waiting:
                self._waiting = asyncio.get_running_loop().time(), waiting
                try:
                    chunk = await anext(chunks, b"")
                finally:
                    self._waiting = None
        except TimeoutError:
            if self._all_left_s <= self._left_s:
                raise errors.LinkExpired from None
            raise errors.UploadStalled(limit_s=round(self._stalled_s)) from None
        waited_s = time.monotonic() - began_s
        self._left_s -= waited_s
        self._all_left_s -= waited_s
        self._missing_bytes -= len(chunk)
        if self._missing_bytes <= 0:
            self._left_s, self._missing_bytes = self._stalled_s, LEAST_BYTES
        return chunk


class Refusal(Response):
    """An answer to an upload whose body was not read to its end: it closes the connection."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.body, answer.status_code, answer.headers)
        self.headers["Connection"] = "close"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, then read on for a while before the connection is closed."""
        start = {"status": self.status_code, "headers": self.raw_headers}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        if not any(name == b"expect" for name, _ in scope["headers"]):
            await _linger(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _linger(receive: Receive) -> None:
    left = LINGER_BYTES
    try:
        async with asyncio.timeout(LINGER_S):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        return  # whoever still sends has had time to listen
