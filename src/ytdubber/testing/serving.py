"""A double as a server: in a thread of this process, or as the process."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

_STARTS_WITHIN_S = 10.0


@contextmanager
def in_a_thread(app: ASGIApp, name: str) -> Iterator[str]:
    """Serve on a free port of the loopback address; gives the base URL.

    Args:
        app: What answers.
        name: What it is called, for whoever looks at threads. Calls still under way at the end are
            cut off.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(_config(app))
        thread = threading.Thread(target=server.run, args=([listener],), name=name, daemon=True)
        thread.start()
        try:
            _until(lambda: server.started, thread)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join()


def as_the_process(app: ASGIApp, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until the process is told to end; `ready` is given the base URL once it listens.

    Raises:
        OSError: the port cannot be had.
    """
    with socket.create_server((host, port)) as listener:
        ready(f"http://{host}:{listener.getsockname()[1]}")
        uvicorn.Server(_config(app)).run([listener])


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app, lifespan="off", access_log=False, log_config=None, timeout_graceful_shutdown=1
    )


def _until(started: Callable[[], bool], thread: threading.Thread) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while not started():
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError(f"{thread.name} did not start")
        time.sleep(0.005)
