"""Results that were paid for wait in memory while the storage is away."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from ytdubber.domain.errors import StorageNotWorking
from ytdubber.log import Outage, get_logger
from ytdubber.ports.result_store import ResultStore

WAIT_S = 600.0
"""How long a result waits for the storage, as it does for room on a disk."""
POLL_INTERVAL_S = 2.0
"""How long after the storage did not take a result it is given to it again."""

log = get_logger(__name__)


def held_outage() -> Outage:
    """One process's: a line when its results begin to wait, and one when the storage is back."""
    return Outage(log, "result_storage", holds="what vendors were paid for", at_most_s=WAIT_S)


@dataclass(frozen=True, slots=True)
class HeldResults:
    """A `ResultStore` that holds what a storage that is away does not take, until it does.

    Attributes:
        inner: Keeps them.
        outage: Is told that results wait, and that they do no more.
        delayed: Told why a result is not kept yet, once for each: nobody has to wait for it.
        wait_s: How long each is held.
        poll_interval_s: How long after it was not taken it is given again.
    """

    inner: ResultStore
    outage: Outage
    delayed: Callable[[StorageNotWorking], None]
    wait_s: float = WAIT_S
    poll_interval_s: float = POLL_INTERVAL_S

    def load(self, key: str) -> bytes | None:
        """The bytes saved under the key, or None."""
        return self.inner.load(key)

    def save(self, key: str, data: bytes) -> None:
        """Save them whole or not at all, as soon as the storage takes them.

        Raises:
            StorageNotWorking: it is away for too long, or does not take them at all.
        """
        end_s, held = time.monotonic() + self.wait_s, False
        while True:
            try:
                self.inner.save(key, data)
            except StorageNotWorking as error:
                if not error.away:
                    raise
                if time.monotonic() >= end_s:
                    log.error("result.lost", error=error, held_s=self.wait_s)
                    raise
                self.outage.begun(error=error)
                if not held:
                    self.delayed(error)
                held = True
            else:
                self.outage.over()
                return
            time.sleep(self.poll_interval_s)
