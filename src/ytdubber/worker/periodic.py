"""Periodic tasks of workers: each is run by one process of all at a time."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from ytdubber.domain.errors import DatabaseAway, StorageNotWorking
from ytdubber.log import get_logger
from ytdubber.ports.reaper import TaskLock

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """Something that is run at an interval.

    Attributes:
        name: What it is called.
        every_s: The interval.
        run: Runs it once.
        exclusive: Whether one process at a time runs it, by a lock in the database.
    """

    name: str
    every_s: float
    run: Callable[[], object]
    exclusive: bool = True


class Scheduler:
    """Runs periodic tasks, each in a thread of its own: a slow one holds up no other."""

    def __init__(self, lock: TaskLock, tasks: Sequence[PeriodicTask]) -> None:
        self._lock = lock
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(task,), name=task.name, daemon=True)
            for task in tasks
        ]

    def start(self) -> None:
        """Run every task now, and from now on at its interval."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin no task any more."""
        self._stopped.set()

    def join(self, within_s: float) -> None:
        """Wait for the runs under way, for so long; what is cut short is run again."""
        end = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _loop(self, task: PeriodicTask) -> None:
        while not self._stopped.is_set():
            self._once(task)
            self._stopped.wait(task.every_s)

    def _once(self, task: PeriodicTask) -> None:
        try:
            with self._lock(task.name) if task.exclusive else nullcontext(True) as mine:
                if mine:
                    done = task.run()
                    log.debug("chore.done", chore=task.name, done=done)
        except DatabaseAway:
            pass  # which is told elsewhere; there will be a next time
        except StorageNotWorking as error:  # likewise
            log.info("chore.failed", chore=task.name, error=error)
        except Exception as error:  # it may succeed the next time
            log.exception("chore.failed", error=error, chore=task.name)
