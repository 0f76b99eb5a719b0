"""A process that owns the server of a home until another process ends.

    python -I -m ytdubber.adapters.postgres.owner HOME --parent PID [--temporary]

It prints `ready` when the server answers. With `--temporary` the home is removed at the end.
"""

import argparse
import os
import select
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from ytdubber.adapters.postgres.server import EmbeddedPostgres
from ytdubber.domain.errors import YtDubberError

_POLL_S = 0.2


def main() -> None:
    parser = argparse.ArgumentParser(prog="ytdubber.adapters.postgres.owner")
    parser.add_argument("home", type=Path)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--temporary", action="store_true")
    words = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    server = EmbeddedPostgres(words.home)
    try:
        server.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        _await_end(words.parent)
    except YtDubberError as error:
        sys.exit(str(error))
    finally:
        remove = words.temporary and server.owner
        server.stop()
        if remove:
            shutil.rmtree(words.home)


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _await_end(pid: int) -> None:
    """Wait until the process has ended; it need not be our child."""
    try:
        if sys.platform == "linux":
            select.select([os.pidfd_open(pid)], [], [])
            return
        while True:
            os.kill(pid, 0)
            time.sleep(_POLL_S)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main()
