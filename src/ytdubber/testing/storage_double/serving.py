"""The double as a server: in a thread of this process, or as the process."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from .application import application
from .double import StorageDouble

_STARTS_WITHIN_S = 120.0


@contextmanager
def running(double: StorageDouble) -> Iterator[str]:
    """Serve on a free port of the loopback address; gives the project's URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(_config(double))
        thread = threading.Thread(
            target=server.run, args=([listener],), name="storage-double", daemon=True
        )
        thread.start()
        try:
            _until(lambda: server.started, thread)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join()


def serve(double: StorageDouble, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until the process is told to end; `ready` is given the project's URL once it listens.

    Raises:
        OSError: the port cannot be had.
    """
    with socket.create_server((host, port)) as listener:
        ready(f"http://{host}:{listener.getsockname()[1]}")
        uvicorn.Server(_config(double)).run([listener])


def _config(double: StorageDouble) -> uvicorn.Config:
    return uvicorn.Config(
        application(double),
        lifespan="off",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=1,
    )


def _until(started: Callable[[], bool], thread: threading.Thread) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while not started():
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError("the storage double did not start")
        time.sleep(0.005)
