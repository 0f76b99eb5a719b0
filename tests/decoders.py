"""Processes that decode, ended as the system ends them when memory runs out."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def killed_decoders() -> Iterator[None]:
    """Every decoder that this process starts meanwhile is killed."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.005):
            for task in Path("/proc/self/task").iterdir():
                with suppress(OSError):  # it has ended
                    _kill_decoders((task / "children").read_text().split())

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


def _kill_decoders(pids: list[str]) -> None:
    for pid in pids:
        if b"ytdubber.audio.decoder" in Path("/proc", pid, "cmdline").read_bytes():
            os.kill(int(pid), signal.SIGKILL)
