"""A process that answers calls by rule, for `VendorProcess`.

    python -m tests.integration.vendors.answering FOLDER SOCKET

A file in FOLDER is made when a call begins, and one when it has ended; `id` is in its name. A file
`told` there ends what waits for it.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ytdubber.domain.errors import Cancelled, StorageNotWorking
from ytdubber.engines.remote.protocol import Request
from ytdubber.engines.remote.server import RequestServer
from ytdubber.ports.call_context import CallContext

from .doing import Do

FOLDER, SOCKET = Path(sys.argv[1]), int(sys.argv[2])


def answer(request: Request, call: CallContext) -> Any:
    """Do what the operation says."""
    assert isinstance(request.operation, Do)
    what, name = request.operation.what, str(request.operation.id)
    _write(f"{name}.begun", str(os.getpid()))
    try:
        if isinstance(what, Exception):
            raise what
        if what == "die":
            os._exit(1)
        if what == "later":
            call.delayed(StorageNotWorking("it does not answer", away=True))
        if what in ("until told", "later"):
            _wait(call, (FOLDER / "told").exists)
        if isinstance(what, int):
            _wait(call, lambda: len(list(FOLDER.glob("*.begun"))) >= what)
        if isinstance(what, float):
            end = time.monotonic() + what
            _wait(call, lambda: time.monotonic() >= end)
        return os.getpid(), what, call.job_id, call.task_id, call.deadline_ms
    except Cancelled:
        (FOLDER / f"{name}.cancelled").touch()
        raise
    finally:
        (FOLDER / f"{name}.ended").touch()


def _write(name: str, text: str) -> None:
    """A file that is there with all that is in it, or not at all."""
    new = FOLDER / f"{name}.{os.getpid()}-{threading.get_ident()}.new"
    new.write_text(text)
    new.rename(FOLDER / name)


def _wait(call: CallContext, over: Callable[[], bool]) -> None:
    while not over():
        call.raise_if_cancelled()
        time.sleep(0.02)


if __name__ == "__main__":
    RequestServer(Connection(SOCKET)).run(answer)
