"""A clock that stands still until it is turned."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    """A `Clock`; `sleep` takes no time and moves it on.

    Attributes:
        slept: The seconds of every sleep.
    """

    def __init__(self) -> None:
        self._ms = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=self._ms)

    def monotonic_ms(self) -> int:
        return round(self._ms)

    def sleep(self, seconds: float) -> None:
        """Turn it on by so many seconds."""
        self.slept.append(seconds)
        self._ms += seconds * 1000
