"""What holds for every answer: who may keep it, and HEAD as GET without a body."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EXPOSED = (
    "Accept-Ranges",
    "Allow",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Link",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
)
"""Headers of answers that a page of another origin may read."""

_LOOKING = "ytdubber.looking"
ROUTED = ("route", "path_params")
"""Where a router writes what took a request."""


class NothingKept:
    """Has no cache keep an answer, but for those that say how long they may be kept: answers hold
    signed links and users' own data.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and mark what it is answered with."""

        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, mark if scope["type"] == "http" else send)


class Heads:
    """Answers HEAD as GET, without the body (RFC 9110, 9.3.2), where a route does not itself.

    A route whose GET changes something asks `only_looking`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or _taken(scope, "HEAD"):
            await self._app(scope, receive, send)
            return
        ended = False

        async def without_body(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.body":
                if ended:
                    return
                ended = True
                message = {"type": "http.response.body", "body": b"", "more_body": False}
            await send(message)

        asked = "GET" if _taken(scope, "GET") else "HEAD"
        inside = {"method": asked, _LOOKING: True}
        await _as(self._app, scope, inside, receive, without_body)


def only_looking(request: Request) -> bool:
    """Whether a GET is a HEAD, which changes nothing."""
    return bool(request.scope.get(_LOOKING))


def allowed(scope: Scope) -> list[str]:
    """Every method the address takes, sorted."""
    known = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
    methods = {method for method in known if _taken(scope, method)}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def _taken(scope: Scope, method: str) -> bool:
    asked = {**scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in scope["app"].routes)


class OneSlash:
    """Answers `/api/jobs/` as `/api/jobs`: clients use both, and a redirect would lose a body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without the slash at the end."""
        path: str = scope.get("path", "")
        if scope["type"] != "http" or not path.endswith("/") or path == "/":
            await self._app(scope, receive, send)
            return
        path = path.rstrip("/") or "/"
        inside = {"path": path, "raw_path": path.encode(errors="replace")}
        await _as(self._app, scope, inside, receive, send)


async def _as(
    app: ASGIApp, scope: Scope, changes: Mapping[str, object], receive: Receive, send: Send
) -> None:
    """Pass a request on as another one; which route took it is known out here, too."""
    inside = {**scope, **changes}
    try:
        await app(inside, receive, send)
    finally:
        scope.update({name: inside[name] for name in ROUTED if name in inside})


def links_unmade() -> Response:
    """What a HEAD is told: links are not made for it, so that nobody knows how long they are."""
    answer = Response(None, media_type="application/json")
    del answer.headers["Content-Length"]
    return answer
