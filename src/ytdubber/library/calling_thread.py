"""Work in a thread of its own, while the thread that called delivers its reports."""

import time
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

from ytdubber.domain.errors import Cancelled
from ytdubber.library.cancellation import CancelToken
from ytdubber.log import carried

T = TypeVar("T")

_POLL_INTERVAL_S = 0.1
"""How often the calling thread looks whether it is interrupted or the call cancelled."""


class _Work(Thread, Generic[T]):
    """A function under way, and what it returned or raised."""

    def __init__(self, function: Callable[[], T], done: Callable[[], None]) -> None:
        super().__init__(name="ytdubber", daemon=True)
        self._function, self._done = carried(function), done
        self._results: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Run the function."""
        try:
            self._results.append(self._function())
        except BaseException as error:  # the calling thread raises it
            self._error = error
        finally:
            self._done()

    def result(self) -> T:
        """What it returned, once it has ended.

        Raises:
            BaseException: what it raised.
        """
        if self._error is not None:
            raise self._error
        return self._results[0]


class CallingThread:
    """The thread that called the library, which hears interrupts and cancellations at once.

    What the work reports is delivered here, one report at a time, so that whoever is told may touch
    what belongs to this thread. What they raise stops the work and is raised.

    Args:
        cancel: Stops the work.
    """

    def __init__(self, cancel: CancelToken | None) -> None:
        self._cancel = cancel or CancelToken()
        self._given_up = CancelToken()
        self._reports: SimpleQueue[Callable[[], object] | None] = SimpleQueue()

    def raise_if_cancelled(self) -> None:
        """Stop the work here; called by it, in any thread.

        Raises:
            Cancelled: nobody wants it any more.
        """
        self._cancel.raise_if_cancelled()
        self._given_up.raise_if_cancelled()

    def report(self, tell: Callable[[T], object], value: T) -> None:
        """Have somebody told of a value in the calling thread; called in any thread."""
        self._reports.put(partial(tell, value))

    def run(self, function: Callable[[], T]) -> T:
        """What a function returns that is called in a thread of its own.

        Raises:
            Cancelled: on request.
            KeyboardInterrupt: the calling thread was interrupted. The work was asked to stop and
                waited for as after a cancellation; a second interrupt ends the wait.
        """
        self.raise_if_cancelled()
        work = _Work(function, partial(self._reports.put, None))
        work.start()
        try:
            self._deliver()
            self._wait_for(work)
        except BaseException:
            self._given_up.cancel()
            self._wait_for(work)
            raise
        if work.is_alive():
            raise Cancelled
        return work.result()

    def _deliver(self) -> None:
        """Deliver reports until the work has ended or is cancelled."""
        while not self._cancel.cancelled:
            try:
                tell = self._reports.get(timeout=_POLL_INTERVAL_S)
            except Empty:
                continue
            if tell is None:
                return
            tell()

    def _wait_for(self, work: Thread) -> None:
        """Wait until the work has ended, for as long as the token says where it is to stop."""
        begun_s, grace_s = time.monotonic(), self._cancel.grace_s
        while work.is_alive():
            if self._stopping and grace_s is not None and time.monotonic() - begun_s >= grace_s:
                return
            work.join(_POLL_INTERVAL_S)

    @property
    def _stopping(self) -> bool:
        return self._cancel.cancelled or self._given_up.cancelled
