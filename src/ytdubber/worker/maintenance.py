"""What a worker does beside its work, and only one of all workers at a time."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from ytdubber.domain.errors import DatabaseAway, StorageNotWorking
from ytdubber.log import get_logger
from ytdubber.ports.upkeep import Alone

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done again and again.

    Attributes:
        name: What it is called.
        every_s: How often it is done.
        run: Does it.
        alone: Whether one process at a time does it, as the database says.
    """

    name: str
    every_s: float
    run: Callable[[], object]
    alone: bool = True


class Maintenance:
    """Runs chores, each in a thread of its own, so that a slow storage keeps no job waiting."""

    def __init__(self, alone: Alone, chores: Sequence[Chore]) -> None:
        self._alone = alone
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._loop, args=(chore,), name=chore.name, daemon=True)
            for chore in chores
        ]

    def start(self) -> None:
        """Do every chore now, and from now on."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin no chore any more."""
        self._stopped.set()

    def join(self, within_s: float) -> None:
        """Wait for what is being done, for so long; what is cut short is done again."""
        end = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _loop(self, chore: Chore) -> None:
        while not self._stopped.is_set():
            self._once(chore)
            self._stopped.wait(chore.every_s)

    def _once(self, chore: Chore) -> None:
        try:
            with self._alone(chore.name) if chore.alone else nullcontext(True) as mine:
                if mine:
                    done = chore.run()
                    log.debug("chore.done", chore=chore.name, done=done)
        except DatabaseAway:
            pass  # which is told elsewhere; there will be a next time
        except StorageNotWorking as error:  # likewise
            log.info("chore.failed", chore=chore.name, error=error)
        except Exception as error:  # a chore that fails now may succeed the next time
            log.exception("chore.failed", error=error, chore=chore.name)
