"""What is answered while the service stops."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ytdubber.api.errors import respond
from ytdubber.domain.errors import ServiceStopping


class Stopping:
    """Tells whoever still waits for an answer when the service stops to come again."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the server cancels it when its time is over."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched if scope["type"] == "http" else send)
        except asyncio.CancelledError:
            if scope["type"] != "http" or begun:
                raise
            stopping = ServiceStopping(retry_after_s=ServiceStopping.again_s)
            await respond(stopping)(scope, receive, send)
