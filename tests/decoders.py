"""Processes that decode, ended as the system ends them when memory runs out."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def children(pid: int | str = "self") -> list[int]:
    """The processes that one has started and not yet seen end."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # it has ended
            found += map(int, (task / "children").read_text().split())
    return found


def servers() -> list[int]:
    """What this process has its decoders forked from."""
    return [pid for pid in children() if b"ytdubber.audio.decoder_server" in _command(pid)]


def decoders() -> list[int]:
    """The decoders at work for this process."""
    found: list[int] = []
    for server in servers():
        with suppress(OSError):  # it has ended
            found += children(server)
    return found


def _command(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@contextmanager
def killed_decoders(number: signal.Signals = signal.SIGKILL) -> Iterator[None]:
    """Every decoder that this process starts meanwhile is killed."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.005):
            for pid in decoders():
                with suppress(ProcessLookupError):
                    os.kill(pid, number)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()
