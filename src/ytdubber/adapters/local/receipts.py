"""Receipts for work done on this machine."""

import time
from decimal import Decimal

from ytdubber.domain.engine import EngineId
from ytdubber.domain.usage import Quantity, Receipt


class Meter:
    """Counts one call's wall time from the moment it is made."""

    def __init__(self, engine: EngineId, operation: str, unit: str) -> None:
        self._engine = engine
        self._operation = operation
        self._unit = unit
        self._started = time.perf_counter()

    def receipt(self, quantity: int | Decimal) -> Receipt:
        """What the call has used up to now."""
        return Receipt(
            engine=self._engine,
            operation=self._operation,
            quantities=(Quantity(self._unit, Decimal(quantity)),),
            elapsed_ms=round((time.perf_counter() - self._started) * 1000),
        )
