"""The machine's clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """A `Clock` that tells the real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000
