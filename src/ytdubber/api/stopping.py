"""What is answered while the service stops."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ytdubber.api.errors import respond
from ytdubber.domain.errors import ServiceStopping

LAST_WORDS_S = 2.0
"""How long the service waits at its end for answers that say so to go out."""


class UnderWay:
    """The requests that are being answered."""

    def __init__(self) -> None:
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    def begin(self) -> None:
        """One more."""
        self._count += 1
        self._none.clear()

    def end(self) -> None:
        """One less."""
        self._count -= 1
        if not self._count:
            self._none.set()

    async def over(self) -> None:
        """Return when there is none, or after a while."""
        try:
            async with asyncio.timeout(LAST_WORDS_S):
                await self._none.wait()
        except TimeoutError:
            return  # whatever still runs ends with the process


class Stopping:
    """Tells whoever still waits for an answer when the service stops to come again."""

    def __init__(self, app: ASGIApp, under_way: UnderWay) -> None:
        self._app = app
        self._under_way = under_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; the server cancels it when its time is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        self._under_way.begin()
        try:
            await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            if begun:
                raise
            stopping = ServiceStopping(retry_after_s=ServiceStopping.again_s)
            await respond(stopping)(scope, receive, send)
        finally:
            self._under_way.end()
