"""Little memory: back to the system when it is free, and not much of it wanted at once."""

import ctypes
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ytdubber.ports.call_context import CallContext

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
LARGE_BYTES = 4 * 1024 * 1024
"""Blocks of this size come from the system and go back to it one by one. By itself glibc raises
that size to 32 MB as it sees such blocks freed, and keeps what is smaller between others in use:
100 MB after Kokoro's longest lines, 60 MB more at the highest point of hearing."""
MOST_ARENAS = 2
"""Every thread that allocates may have a heap of its own, of 64 MB that are kept once touched: four
of them after 20 minutes of hearing and translating."""
CHECK_S = 0.2
"""How long a cancelled call may wait for room."""


def keep_little() -> None:
    """Have the C library give back large blocks as soon as they are freed, and have all threads
    share few heaps, where it is glibc.
    """
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
        if set_option is not None:
            set_option(M_MMAP_THRESHOLD, LARGE_BYTES)
            set_option(M_ARENA_MAX, MOST_ARENAS)


def give_back() -> None:
    """Return the memory that freed objects leave with the C library, where it keeps it: glibc.

    Whisper's weights and batches leave 116 of 204 MB behind when it is closed.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
        if trim is not None:
            trim(0)


class Room:
    """A sum that all that is under way together does not pass; one alone may."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, amount: int, call: CallContext) -> Iterator[None]:
        """Wait until there is room for so much, and hold it inside the `with`.

        Raises:
            Cancelled: `call.raise_if_cancelled` raised it while waiting.
        """
        with self._changed:
            while self._held and self._held + amount > self._most:
                call.raise_if_cancelled()
                self._changed.wait(CHECK_S)
            self._held += amount
        try:
            yield
        finally:
            with self._changed:
                self._held -= amount
                self._changed.notify_all()
