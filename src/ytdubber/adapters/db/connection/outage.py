"""Whether the database is away, told once when it goes and once when it is back."""

import threading
import time

from ytdubber.domain.errors import DatabaseAway
from ytdubber.log import Outage as ToldOutage
from ytdubber.log import get_logger

TRY_EVERY_S = 1.0
"""How often it is tried while it is away; whoever comes in between is told so at once."""
_SAY_BUSY_EVERY_S = 60.0

log = get_logger(__name__)


class Outage:
    """What one process knows of it, all its threads together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told = ToldOutage(log, "database")
        self._tried_s = 0.0
        self._busy_s = float("-inf")

    @property
    def standing(self) -> bool:
        """Whether it is away, as far as anybody knows."""
        return self._told.standing

    def check(self) -> None:
        """Return when the database may be asked.

        Raises:
            DatabaseAway: it is away, and somebody has just tried it.
        """
        if not self.standing:
            return
        with self._lock:
            now_s = time.monotonic()
            if self._told.standing and now_s - self._tried_s < TRY_EVERY_S:
                raise DatabaseAway(retry_after_s=DatabaseAway.again_s)
            self._tried_s = now_s

    def begun(self, reason: str) -> None:
        """It did not answer."""
        with self._lock:
            self._tried_s = time.monotonic()
        self._told.begun(reason=reason)

    def over(self) -> None:
        """It answered."""
        self._told.over()

    def busy(self, reason: str) -> None:
        """It is there, and something takes too long."""
        with self._lock:
            now_s = time.monotonic()
            said, self._busy_s = now_s - self._busy_s < _SAY_BUSY_EVERY_S, now_s
        if not said:
            log.warning("database.busy", reason=reason)
