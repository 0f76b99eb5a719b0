"""The worker's side: a process that calls vendors, started when it is needed and again if it dies.

The process has a session of its own and ends by itself: it notices when nobody is at the other end
of its socket, lets the calls under way come to their end, and stores what they give.
"""

import itertools
import os
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import Future, wait
from multiprocessing import Pipe
from typing import Any

from ytdubber.domain.errors import Cancelled, DatabaseAway
from ytdubber.log import get_logger, ids
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation
from ytdubber.tracing import traceparent

from .protocol import DATABASE_AWAY, Cancel, FolderKey, Request, Response, Target

POLL_INTERVAL_S = 0.25
"""How often whoever waits for an answer is asked whether it is still wanted."""
CLOSE_S = 0.5
"""How long a process without calls is waited for; one with calls goes on alone."""

STARTS = hasattr(os, "fork")
"""Whether a process can be handed the socket that it answers on; not on Windows."""

log = get_logger(__name__)


class _Ended(Exception):
    """The process died before it answered."""


class VendorProcess:
    """Calls vendors elsewhere. Several threads share one.

    Args:
        command: Starts the process; the number of its socket is added.
        drops: Whether a call that is cancelled is worth nothing. Where the same may be wanted
            later, it goes on, and its result is stored.
    """

    def __init__(self, command: Sequence[str], *, drops: bool = True) -> None:
        self._command = command
        self._drops = drops
        self._lock = threading.Lock()
        self._channel: _Channel | None = None

    def start(self) -> None:
        """Start it now, rather than with the first call."""
        self._live()

    def ask(
        self,
        target: Target | None,
        operation: Operation[Any] | None,
        call: CallContext,
        folder_key: FolderKey | None = None,
    ) -> Any:
        """The operation's result there and the bytes of its sound file.

        A call that this worker stops waiting for, unless it is dropped, goes on, and its result is
        stored.

        Raises:
            YtDubberError: what the engine raised.
            DatabaseAway: the process does not start because the database is away.
            RuntimeError: the process died, also when it was asked again.
        """
        for _ in range(2):
            try:
                return self._live().ask(target, operation, call, folder_key)
            except _Ended:
                log.warning("vendor_process.died")
        raise RuntimeError("the process that calls vendors died twice; the log says why")

    @property
    def started(self) -> bool:
        """Whether it was, and has not been closed."""
        return self._channel is not None

    def close(self) -> None:
        """Ask for nothing more. Calls under way go on without this process."""
        with self._lock:
            channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def _live(self) -> "_Channel":
        with self._lock:
            if self._channel is None or self._channel.ended:
                self._channel = _Channel(self._command, self._drops)
            return self._channel


def _why(status: int) -> Exception:
    """What a process that ended with this status means to whoever waited for an answer."""
    if status == DATABASE_AWAY:
        return DatabaseAway(retry_after_s=DatabaseAway.again_s)
    return _Ended()


class _Channel:
    """One process, and who waits for its answers."""

    def __init__(self, command: Sequence[str], drops: bool) -> None:
        self._drops = drops
        self._ours, theirs = Pipe()
        self._numbers = itertools.count()
        self._waiting: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self.ended = False
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # this program itself
                [*command, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self._reader = threading.Thread(target=self._read, name="vendor-answers", daemon=True)
        self._reader.start()

    def ask(
        self,
        target: Target | None,
        operation: Operation[Any] | None,
        call: CallContext,
        folder_key: FolderKey | None,
    ) -> Any:
        answer: Future[Any] = Future()
        number = next(self._numbers)
        with self._lock:
            if self.ended:
                raise _Ended
            self._waiting[number] = answer
        of = (call.job_id, call.task_id, call.deadline_ms)
        try:
            self._send(Request(number, target, operation, *of, folder_key, ids(), traceparent()))
            while not wait([answer], timeout=POLL_INTERVAL_S).done:
                call.raise_if_cancelled()
        except Cancelled:
            if self._drops:
                self._send(Cancel(number))
            raise
        finally:
            with self._lock:
                self._waiting.pop(number, None)
        return answer.result()

    def close(self) -> None:
        self._send(None)
        self._reader.join(CLOSE_S)

    def _send(self, message: Request | Cancel | None) -> None:
        try:
            with self._sending:
                self._ours.send(message)
        except OSError:
            return  # it has died, and the reader tells whoever waits

    def _read(self) -> None:
        try:
            while True:
                self._deliver(self._ours.recv())
        except (EOFError, OSError):
            pass  # it has ended
        finally:
            with self._lock:
                self.ended = True
                waiting = list(self._waiting.values())
            status = self._process.wait()
            for answer in waiting:
                answer.set_exception(_why(status))

    def _deliver(self, message: Response) -> None:
        with self._lock:
            answer = self._waiting.pop(message.number, None)
        if answer is None:
            return  # nobody waits for it any more
        if message.error is not None:
            answer.set_exception(message.error)
        else:
            answer.set_result(message.made)
