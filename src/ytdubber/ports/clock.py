"""Time, so that tests can turn it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        ...

    def monotonic_ms(self) -> int:
        """Milliseconds since some moment, never backwards."""
        ...
