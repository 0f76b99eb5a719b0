"""A request to stop, as signals bring it to a process that otherwise runs for ever."""

import faulthandler
import os
import signal
import threading
import time
from types import FrameType

LAST_S = 34.0
"""How long a process may still be there once it was asked to stop, also when it waits for workers,
which are given `WorkerTimings.last_s`.
"""
_POLL_INTERVAL_S = 1.0
"""A signal may be handed to another thread than the one that waits, and does not wake it."""


class StopRequest:
    """Set by Ctrl-C and SIGTERM; a second one ends the process at once.

    What does not come to its end in time is ended with a traceback of every thread: a piece of
    work may never come back, and everything here survives a process that is killed.

    Must be made in the main thread.

    Args:
        last_s: How long from the request on the process may still be there.
    """

    def __init__(self, last_s: float = LAST_S) -> None:
        self._last_s = last_s
        self._event = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def is_set(self) -> bool:
        """Whether it came."""
        return self._event.is_set()

    def set(self) -> None:
        """Ask to stop."""
        if not self._event.is_set():
            end_process_in(self._last_s)
            self._event.set()

    def wait(self, within_s: float = float("inf")) -> bool:
        """Whether it came, as soon as it does; signals are heard meanwhile."""
        end_s = time.monotonic() + within_s
        while not self._event.is_set() and (left_s := end_s - time.monotonic()) > 0:
            self._event.wait(min(left_s, _POLL_INTERVAL_S))
        return self._event.is_set()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._event.is_set():
            os._exit(128 + number)
        self.set()


def end_process_in(seconds: float = LAST_S) -> None:
    """End this process then, should it still be there, and write where each of its threads is."""
    faulthandler.dump_traceback_later(seconds, exit=True)
