"""The double as a server: in a thread of this process, or as the process."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from .application import application
from .double import VendorDouble

_STARTS_WITHIN_S = 120.0


class DoubleBroken(AssertionError):
    """The double answered as its vendors would not: a defect of its own."""


@contextmanager
def running(double: VendorDouble) -> Iterator[str]:
    """Serve on a free port of the loopback address; gives the base URL.

    Calls still under way at the end are cut off.

    Raises:
        DoubleBroken: at the end, when a reply was not what a vendor's would be.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(_config(double))
        thread = threading.Thread(
            target=server.run, args=([listener],), name="vendor-double", daemon=True
        )
        thread.start()
        try:
            _until(lambda: server.started, thread)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join()
            double.close()
    if double.broken:
        raise DoubleBroken("; ".join(double.broken))


def serve(double: VendorDouble, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until the process is told to end; `ready` is given the base URL once it listens.

    Raises:
        OSError: the port cannot be had.
    """
    with socket.create_server((host, port)) as listener:
        ready(f"http://{host}:{listener.getsockname()[1]}")
        try:
            uvicorn.Server(_config(double)).run([listener])
        finally:
            double.close()


def _config(double: VendorDouble) -> uvicorn.Config:
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
            raise RuntimeError("the vendor double did not start")
        time.sleep(0.005)
