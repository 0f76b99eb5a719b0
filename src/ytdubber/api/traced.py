"""Every request is a span: its route, method and status, never its address."""

from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ytdubber.tracing import SpanKind, span

from .access import METHODS, PROBES
from .measured import route_of

_PARENT = b"traceparent"


class Traced:
    """The outermost layer, so that all lines of a request carry its span. Whoever sent one of their
    own by W3C's Trace Context has ours under it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        status: int | None = None

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else "other"
        with span(method, SpanKind.SERVER, _parent(scope), method=method) as ours:
            try:
                await self._app(scope, receive, watched)
            finally:
                route = getattr(route_of(scope), "path_format", None)
                if route:
                    ours.rename(f"{method} {route}")
                    ours.tell(route=route)
                broke = status is not None and status >= HTTPStatus.INTERNAL_SERVER_ERROR
                ours.tell(status=status, error=str(status) if broke else None)


def _parent(scope: Scope) -> str | None:
    """The span that the request belongs to, where its client says so once."""
    given = [value for name, value in scope["headers"] if name == _PARENT]
    return given[0].decode("latin-1") if len(given) == 1 else None
