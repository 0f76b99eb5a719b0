"""A ledger that lasts as long as its process."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Fault
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call import Call


@dataclass(slots=True)
class MemoryAttempt:
    """One attempt; `outcome` is `started`, `settled`, `failed` or `unknown`."""

    call: Call
    engine: EngineId
    operation: str
    estimate: tuple[Quantity, ...]
    outcome: str = "started"
    receipt: Receipt | None = None
    fault: Fault | None = None

    def settle(self, receipt: Receipt) -> None:
        self.outcome, self.receipt = "settled", receipt

    def failed(self, fault: Fault, receipt: Receipt | None) -> None:
        self.outcome, self.fault, self.receipt = "failed", fault, receipt

    def unknown(self) -> None:
        self.outcome = "unknown"


class MemoryLedger:
    """A `Ledger` in a list."""

    def __init__(self) -> None:
        self._attempts: list[MemoryAttempt] = []
        self._lock = threading.Lock()

    @property
    def attempts(self) -> tuple[MemoryAttempt, ...]:
        """All attempts, oldest first."""
        with self._lock:
            return tuple(self._attempts)

    def attempt(
        self, call: Call, engine: EngineId, operation: str, estimate: Sequence[Quantity]
    ) -> MemoryAttempt:
        made = MemoryAttempt(call, engine, operation, tuple(estimate))
        with self._lock:
            self._attempts.append(made)
        return made
