"""A process that answers calls by rule, for `VendorProcess`.

    python -m tests.integration.vendors.answering FOLDER SOCKET

A file in FOLDER is made when a call begins, and one when it has ended; `id` is in its name.
"""

import os
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ytdubber.adapters.calling.messages import Asked
from ytdubber.adapters.calling.server import CallServer
from ytdubber.domain.errors import Cancelled
from ytdubber.ports.call import Call

FOLDER, SOCKET = Path(sys.argv[1]), int(sys.argv[2])


def answer(asked: Asked, call: Call) -> Any:
    """Do what the arguments say."""
    what, name = asked.arguments["do"], str(asked.arguments.get("id", "call"))
    (FOLDER / f"{name}.begun").write_text(str(os.getpid()))
    try:
        if isinstance(what, Exception):
            raise what
        if what == "die":
            os._exit(1)
        if isinstance(what, int):
            _meet(what, call)
        if isinstance(what, float):
            _wait(what, call)
        return os.getpid(), what, call.job_id, call.task_id, call.deadline_ms
    except Cancelled:
        (FOLDER / f"{name}.cancelled").touch()
        raise
    finally:
        (FOLDER / f"{name}.ended").touch()


def _meet(count: int, call: Call) -> None:
    while len(list(FOLDER.glob("*.begun"))) < count:
        call.check()
        time.sleep(0.02)


def _wait(seconds: float, call: Call) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        call.check()
        time.sleep(0.02)


if __name__ == "__main__":
    CallServer(Connection(SOCKET)).run(answer)
