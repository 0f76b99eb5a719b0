"""An app on a free port of the loopback address, and a clock that tests turn."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.api import access, answers, errors, openapi
from ytdubber.api.storage import Uploaded, storage_router
from ytdubber.api.upload_body import LONGEST_S, STALLED_S

SECRET = b"0123456789abcdef0123456789abcdef"
ORIGIN = "http://localhost:3000"
JOB = "11111111-1111-4111-8111-111111111111"
KEY = f"{JOB}/22222222-2222-4222-8222-222222222222"
OTHER_KEY = f"{JOB}/33333333-3333-4333-8333-333333333333"


class ManualClock:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def monotonic_ms(self) -> int:
        return int(self._now.timestamp() * 1000)

    def turn(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@contextmanager
def running(app: FastAPI, listener: socket.socket) -> Iterator[None]:
    """Serve on a bound socket while the block runs."""
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def free_port() -> tuple[socket.socket, str]:
    """A listening socket and the base URL it answers under."""
    listener = socket.create_server(("127.0.0.1", 0))
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


def web_app() -> FastAPI:
    """An app with our errors inside CORS; routers are added to it."""
    app = FastAPI()
    app.add_middleware(answers.Heads)
    errors.install(app)
    openapi.complete(app)
    app.add_middleware(answers.NothingKept)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[ORIGIN],
        allow_methods=["GET", "PUT", "POST"],
        allow_headers=["authorization", "content-type"],
        expose_headers=["Content-Length", "Content-Disposition", "ETag"],
    )
    app.add_middleware(access.AccessLog)
    return app


@contextmanager
def storage(
    root: Path,
    clock: ManualClock,
    uploaded: Uploaded = lambda key, stored: None,
    stalled_s: float = STALLED_S,
    longest_s: float = LONGEST_S,
) -> Iterator[FolderMediaStore]:
    """A folder store whose links work while the block runs."""
    listener, base_url = free_port()
    store = FolderMediaStore(root, SECRET, base_url, clock)
    app = web_app()
    app.include_router(storage_router(store, uploaded, stalled_s=stalled_s, longest_s=longest_s))
    with running(app, listener):
        yield store
