"""The HTTP server the API runs in."""

import uvicorn
from starlette.types import ASGIApp

from ytdubber.api.connections import guarded
from ytdubber.domain.limits import ConnectionLimits

GRACE_S = 5
KEEP_ALIVE_S = 5
"""How long a connection may be idle between requests."""


def http_server(app: ASGIApp, limits: ConnectionLimits, *, verbose: bool = False) -> uvicorn.Server:
    """A server, not started.

    Args:
        app: What it serves.
        limits: Of its connections.
        verbose: Whether it says more.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=guarded(limits),
            log_level="info" if verbose else "warning",
            access_log=False,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
            server_header=False,
        )
    )
