"""Semaphores within one process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ytdubber.ports.call_context import CallContext

POLL_INTERVAL_S = 0.25
"""How often somebody who waits looks whether the work is still wanted."""


class MemorySemaphores:
    """`Semaphores` that the threads of this process share."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._held: dict[str, int] = {}

    @contextmanager
    def acquire(self, name: str, limit: int, call: CallContext) -> Iterator[None]:
        with self._free:
            while self._held.get(name, 0) >= limit:
                call.raise_if_cancelled()
                self._free.wait(POLL_INTERVAL_S)
            self._held[name] = self._held.get(name, 0) + 1
        try:
            yield
        finally:
            with self._free:
                self._held[name] -= 1
                self._free.notify_all()
