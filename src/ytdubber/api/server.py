"""The HTTP server the API runs in."""

import socket
from collections.abc import Awaitable, Callable

import uvicorn
from starlette.types import ASGIApp

from ytdubber.api.connections import guarded
from ytdubber.domain.limits import ConnectionLimits

GRACE_S = 5
KEEP_ALIVE_S = 5
"""How long a connection may be idle between requests."""


class Server(uvicorn.Server):
    """Ends what would go on for ever before it waits for what is being answered.

    Args:
        config: As uvicorn's.
        end_streams: Ends answers that have no end of their own.
    """

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's."""
        await self._end_streams()
        await super().shutdown(sockets)


def http_server(
    app: ASGIApp,
    limits: ConnectionLimits,
    end_streams: Callable[[], Awaitable[None]],
) -> Server:
    """A server, not started.

    Args:
        app: What it serves.
        limits: Of its connections.
        end_streams: Ends answers that have no end of their own.
    """
    return Server(
        uvicorn.Config(
            app,
            http=guarded(limits),
            log_config=None,  # its lines go where all others do
            access_log=False,  # `access` has ours
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
            server_header=False,
        ),
        end_streams,
    )
