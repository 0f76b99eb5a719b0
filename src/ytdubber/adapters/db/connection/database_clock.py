"""The database's time, which every process of a service goes by."""

import time
from datetime import UTC, datetime, timedelta

TELLS_TIME = "select clock_timestamp()"
_LONGEST_S = 1.0
"""An answer that took longer says too little of what time it is now."""


class DatabaseClock:
    """A `Clock` that no machine's time of day matters to: what one process writes down, others and
    the database itself reckon with. It is heard whenever the database is asked for the time, and
    goes on by the machine's steady clock.
    """

    def __init__(self) -> None:
        self._heard: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """The time of day, in UTC; the machine's until the database has told its."""
        if self._heard is None:
            return datetime.now(UTC)
        moment, at_s = self._heard
        return moment + timedelta(seconds=time.monotonic() - at_s)

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000

    def observe(self, moment: datetime, asked_s: float) -> None:
        """Go by an answer.

        Args:
            moment: What the database said.
            asked_s: When it was asked, by the monotonic clock.
        """
        answered_s = time.monotonic()
        if answered_s - asked_s < _LONGEST_S or self._heard is None:
            self._heard = moment.astimezone(UTC), answered_s
