"""A clock that stands still until it is turned."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    """A `Clock`; `sleep` takes no time and moves it on.

    Args:
        start: What time it is at first, in UTC.

    Attributes:
        slept: The seconds of every sleep.
    """

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:  # frozen
        self._start = start
        self._ms = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._start + timedelta(milliseconds=self._ms)

    def monotonic_ms(self) -> int:
        return round(self._ms)

    def jump(self, by: timedelta) -> None:
        """Set another time of day, as when the machine's clock was wrong; no time passes."""
        self._start += by

    def sleep(self, seconds: float) -> None:
        """Turn it on by so many seconds."""
        self.slept.append(seconds)
        self._ms += seconds * 1000
