"""One line for every request, with the id that its client gets back."""

import time
from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ytdubber.log import bind, get_logger, replace_ids

from .request_ids import HEADER, request_id_of

log = get_logger(__name__)

PROBES = frozenset({"/health", "/ready"})
"""Asked every few seconds by whatever keeps the service up."""
_NO_ROUTE = "-"
"""Addresses that nobody answers are not written: they may hold anything."""
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class AccessLog:
    """Gives every request an id, and tells of it when its answer has ended. It is the outermost
    layer, so that refusals of all others have the id, too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(scope)
        replace_ids({"request_id": request_id})  # a request has a task of its own
        header = HEADER.encode(), request_id.encode()
        begin_s, status = time.perf_counter(), 0

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        try:
            await self._app(scope, receive, told)
        finally:
            _say(scope, status, round((time.perf_counter() - begin_s) * 1000, 1))


def _say(scope: Scope, status: int, duration_ms: float) -> None:
    """Without a status nothing was answered: the client was gone, or the server ends."""
    route = getattr(scope.get("route"), "path_format", _NO_ROUTE)
    bind(job_id=_id(scope.get("path_params", {}).get("job_id")))
    say = log.debug if route in PROBES and status < 500 else log.info
    say(
        "http.request",
        method=scope["method"] if scope["method"] in METHODS else "other",
        route=route,
        status=status or None,
        duration_ms=duration_ms,
    )


def _id(given: object) -> UUID | None:
    """A job's id in an address, where it is one."""
    if isinstance(given, UUID):
        return given
    try:
        return UUID(str(given))
    except ValueError:
        return None
