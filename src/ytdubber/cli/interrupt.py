"""Work that a person can stop at once, whatever it is doing."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Generic, TypeVar

from ytdubber.domain.errors import Cancelled

T = TypeVar("T")

PATIENCE_S = 0.5
"""How long stopped work may take to end by itself."""


class Stopper:
    """A request to stop, which work asks for between its pieces."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def stop(self) -> None:
        """Ask the work to stop."""
        self._event.set()

    def check(self) -> None:
        """Raise `Cancelled` when it was asked to."""
        if self._event.is_set():
            raise Cancelled


class _Work(Generic[T], threading.Thread):
    def __init__(self, function: Callable[[], T]) -> None:
        super().__init__(name="work", daemon=True)
        self._function = function
        self.results: list[T] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.results.append(self._function())
        except BaseException as error:  # handed to the waiting thread, which raises it
            self.error = error


def interruptible(function: Callable[[], T], stopper: Stopper) -> T:
    """Run the function in a thread, so that an interrupt is heard while a library computes.

    Raises:
        KeyboardInterrupt: an interrupt or a termination signal came. The work was asked to stop
            and given a moment; the process should end now.
    """

    def on_terminate(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, on_terminate)
    work = _Work(function)
    work.start()
    try:
        while work.is_alive():
            work.join(0.1)
    except KeyboardInterrupt:
        stopper.stop()
        work.join(PATIENCE_S)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    if work.error is not None:
        raise work.error
    return work.results[0]
