"""A process that owns the server of a home.

    python -I -m ytdubber.adapters.postgres.owner HOME --parent PID [--temporary]
    python -I -m ytdubber.adapters.postgres.owner HOME --shared

The first owns it until the process PID ends and prints `ready` when the server answers. With
`--temporary` the home is removed at the end.

The second belongs to no process, session or terminal: it owns the server for as long as any process
holds `Cluster.users`. It closes its output when the server answers, or says why there is none: an
error's code and message, as JSON. It hears no request to end, which a service manager may send to
all of a service at once: those who use the database still need it.
"""

import argparse
import json
import os
import select
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from ytdubber.adapters.postgres.cluster import Cluster
from ytdubber.adapters.postgres.process_lock import ProcessLock
from ytdubber.adapters.postgres.server import EmbeddedPostgres
from ytdubber.domain.errors import YtDubberError

_POLL_S = 0.2


def main() -> None:
    parser = argparse.ArgumentParser(prog="ytdubber.adapters.postgres.owner")
    parser.add_argument("home", type=Path)
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--parent", type=int)
    whose.add_argument("--shared", action="store_true")
    parser.add_argument("--temporary", action="store_true")
    words = parser.parse_args()
    if words.shared:
        _own_for_all(words.home)
    else:
        _own_for(words.parent, words.home, temporary=words.temporary)


def _own_for(parent: int, home: Path, *, temporary: bool) -> None:
    signal.signal(signal.SIGTERM, _end)
    server = EmbeddedPostgres(home)
    try:
        server.start()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        _await_end(parent)
    except YtDubberError as error:
        sys.exit(str(error))
    finally:
        remove = temporary and server.owner
        server.stop()
        if remove:
            shutil.rmtree(home)


def _own_for_all(home: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if os.fork():  # nobody's child: whoever started it need not wait for its end
        os._exit(0)
    server = EmbeddedPostgres(home)
    cluster = Cluster(server.home / "postgres")
    users = ProcessLock(cluster.users)
    try:
        server.start()
        _turn_to_log(cluster)
        while server.owner and not users.take():
            time.sleep(_POLL_S)
    except YtDubberError as error:
        sys.stdout.write(json.dumps({"code": error.code, "message": str(error)}))
    finally:
        server.stop()
        users.release()  # whoever came meanwhile starts another


def _turn_to_log(cluster: Cluster) -> None:
    """End the output, and write what is still said to the server's log."""
    with cluster.open_log() as log:
        for standard in (sys.stdout, sys.stderr):
            standard.flush()
            os.dup2(log.fileno(), standard.fileno())


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def _await_end(pid: int) -> None:
    """Wait until the process has ended; it need not be our child."""
    try:
        if sys.platform == "linux":
            ended = os.pidfd_open(pid)
            # A signal that another thread is handed does not wake this one.
            while not select.select([ended], [], [], 1.0)[0]:
                pass
            return
        while True:
            os.kill(pid, 0)
            time.sleep(_POLL_S)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main()
