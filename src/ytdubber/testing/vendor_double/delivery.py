"""How an answer leaves: whole, in pieces, or not to its end."""

import asyncio
from collections.abc import Callable

from starlette.types import Receive, Send

from .exchange import Reply
from .faults import Fault, Kind

_PIECES = 10
_CHUNK = b" " * (1 << 18)


async def deliver(
    reply: Reply, fault: Fault | None, receive: Receive, send: Send, last: Callable[[], None]
) -> None:
    """Send a reply; `last` is called right before its last byte goes out, if it ever does.

    An application that returns without having sent all of it makes the server break the connection.
    """
    kind = fault.kind if fault else None
    body = reply.body[: len(reply.body) // 2] if kind is Kind.TRUNCATED_JSON else reply.body
    headers = {"content-type": reply.media_type, "content-length": str(len(body)), **reply.headers}
    if fault and kind in (Kind.DRIP, Kind.ENDLESS):
        del headers["content-length"]
    if kind is Kind.PACKED:
        headers["content-encoding"] = "gzip"
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    if fault and kind is Kind.DISCONNECT:
        cut = body[: min(fault.after_bytes, max(0, len(body) - 1))]
        await send({"type": "http.response.body", "body": cut, "more_body": True})
        return
    if fault and kind in (Kind.DRIP, Kind.ENDLESS):
        piece, pause_s = (b" ", fault.seconds) if kind is Kind.DRIP else (_CHUNK, 0.001)
        while await still_there(pause_s, receive):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        return
    if fault and kind is Kind.SLOW:
        step = max(1, len(body) // _PIECES)
        while len(body) > step:
            await send({"type": "http.response.body", "body": body[:step], "more_body": True})
            body = body[step:]
            if not await still_there(fault.seconds / _PIECES, receive):
                return
    last()
    await send({"type": "http.response.body", "body": body})


async def still_there(seconds: float, receive: Receive) -> bool:
    """Wait; says whether the caller waited too."""
    if seconds <= 0:
        return True
    gone = asyncio.ensure_future(receive())
    try:
        done, _ = await asyncio.wait({gone}, timeout=seconds)
        return not done
    finally:
        gone.cancel()
