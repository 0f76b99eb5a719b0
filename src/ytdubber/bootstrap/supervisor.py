"""Worker processes that are started again when they die."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID, uuid4

from sqlalchemy.exc import SQLAlchemyError

from ytdubber.domain.errors import DatabaseAway
from ytdubber.log import get_logger

STOP_S = 29.0
"""How long all of them together may take to stop: a worker hands back what it has in hand within
28 s, and 30 are promised."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_STEADY_S = 60.0

log = get_logger(__name__)


@contextmanager
def supervised(
    count: int, words: Sequence[str], abandon: Callable[[UUID], object]
) -> Iterator[None]:
    """Worker processes that run for as long as this is open.

    Args:
        count: How many.
        words: Options for each, as `ytdubber worker` takes them.
        abandon: Frees at once what a worker had in hand that died.
    """
    supervisors = [Supervisor(number, words, abandon) for number in range(count)]
    for each in supervisors:
        each.start()
    try:
        yield
    finally:
        for each in supervisors:
            each.ask_to_stop()
        end = time.monotonic() + STOP_S
        for each in supervisors:
            each.join(max(0.0, end - time.monotonic()))


class Supervisor(threading.Thread):
    """Keeps one worker process running. The worker ends by itself when this process dies: it
    watches the pipe that is its standard input.
    """

    def __init__(
        self, number: int, words: Sequence[str], abandon: Callable[[UUID], object]
    ) -> None:
        super().__init__(name=f"worker-{number}", daemon=True)
        self._words = words
        self._abandon = abandon
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start the worker, again and again, until asked to stop."""
        pause_s = _FIRST_PAUSE_S
        while not self._stopping.is_set():
            worker_id = uuid4()
            process = self._launch(worker_id)
            if process is None:
                return
            steady = _waited(process, _STEADY_S)
            code = process.wait()
            self._free(worker_id)
            if self._stopping.is_set():
                return
            pause_s = _FIRST_PAUSE_S if steady else min(pause_s * 2, _LONGEST_PAUSE_S)
            log.warning("worker.died", worker_id=worker_id, exit_code=code, next_in_s=pause_s)
            self._stopping.wait(pause_s)

    def ask_to_stop(self) -> None:
        """Have the worker finish or hand back what it has in hand."""
        self._stopping.set()
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()

    def join(self, timeout: float | None = STOP_S) -> None:
        """Wait for the worker to end; end it when it takes too long."""
        super().join(timeout)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _free(self, worker_id: UUID) -> None:
        try:
            freed = self._abandon(worker_id)
        except (SQLAlchemyError, DatabaseAway) as error:
            log.warning("worker.work_not_freed", worker_id=worker_id, error=error)
        else:
            log.info("worker.work_freed", worker_id=worker_id, pieces=freed)

    def _launch(self, worker_id: UUID) -> "subprocess.Popen[bytes] | None":
        command = [sys.executable, "-m", "ytdubber", "worker", "--parent-pipe"]
        command += ["--id", str(worker_id), *self._words]
        with self._lock:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(  # noqa: S603  # this program itself
                command, stdin=subprocess.PIPE, start_new_session=True
            )
            return self._process


def _waited(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Whether the process is still there after so long."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False
