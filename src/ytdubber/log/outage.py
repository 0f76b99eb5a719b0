"""Something that does not answer for a while: told when that begins, and when it ends."""

import threading
import time
from collections.abc import Callable

from .logger import Field, Logger


class Outage:
    """What one process knows of one thing it needs, all its threads together. However often it is
    tried meanwhile, there is one line when it goes and one, with the length, when it is back.

    Args:
        log: Where it is said.
        what: The thing, as the events are called: `database` for `database.away`.
        now_s: Tells the time in seconds.
        fields: What else both lines say.
    """

    def __init__(
        self,
        log: Logger,
        what: str,
        now_s: Callable[[], float] = time.monotonic,
        **fields: Field,
    ) -> None:
        self._log = log
        self._what = what
        self._now_s = now_s
        self._fields = fields
        self._lock = threading.Lock()
        self._since_s: float | None = None

    @property
    def standing(self) -> bool:
        """Whether it is away, as far as anybody knows."""
        return self._since_s is not None

    def begun(self, *, grave: bool = False, **fields: Field) -> None:
        """It did not answer; grave is what does not pass by itself."""
        with self._lock:
            if self._since_s is not None:
                return
            self._since_s = self._now_s()
        say = self._log.error if grave else self._log.warning
        say(f"{self._what}.away", **self._fields, **fields)

    def over(self) -> None:
        """It answered."""
        if self._since_s is None:
            return
        with self._lock:
            since_s, self._since_s = self._since_s, None
        if since_s is not None:
            away_s = round(self._now_s() - since_s, 1)
            self._log.warning(f"{self._what}.back", **self._fields, away_s=away_s)
