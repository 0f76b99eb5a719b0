"""Every answer, told to whoever counts: its route, method, status and time."""

import time
from collections.abc import Callable

from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OnAnswer = Callable[[str, str, int, float | None], None]
"""Told a route's template, a method, a status, and the seconds from the request's head to the end
of the answer; None for a stream of events, which lasts as long as somebody looks.
"""
UNMATCHED = "unmatched"
"""Stands for every address that is none of ours."""
_EVENTS = b"text/event-stream"
_BROKEN = 500
"""What is answered where nothing was, since something of ours broke."""


class Measured:
    """The outermost layer, so that all that is answered is counted."""

    def __init__(self, app: ASGIApp, on_answer: OnAnswer) -> None:
        self._app = app
        self._answered = on_answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began_s, status, events = time.perf_counter(), _BROKEN, False

        async def watched(message: Message) -> None:
            nonlocal status, events
            if message["type"] == "http.response.start":
                status = message["status"]
                events = any(value.startswith(_EVENTS) for _, value in message["headers"])
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            elapsed_s = None if events else time.perf_counter() - began_s
            self._answered(_template(scope), scope["method"], status, elapsed_s)


def _template(scope: Scope) -> str:
    return getattr(route_of(scope), "path", None) or UNMATCHED


def route_of(scope: Scope) -> BaseRoute | None:
    """The route that answered; where a layer before it did, or passed on a changed request, the one
    that would have.
    """
    route: BaseRoute | None = scope.get("route")
    if route is None:
        asked = {**scope, "path": scope["path"].rstrip("/") or "/"}
        routes = scope["app"].routes if "app" in scope else ()
        route = next((each for each in routes if each.matches(asked)[0] is not Match.NONE), None)
    return route
