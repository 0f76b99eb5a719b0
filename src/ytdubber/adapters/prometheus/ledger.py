"""Every call to a vendor, timed and counted where it is written down."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import BudgetExceeded, ErrorKind
from ytdubber.domain.money import price, total_usd
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.ledger import Attempt, Ledger
from ytdubber.ports.price_book import PriceBook

if TYPE_CHECKING:
    from .recorder import Recorder


@dataclass(frozen=True, slots=True)
class CountedLedger:
    """A `Ledger` whose attempts are counted, with what they used and cost.

    Attributes:
        ledger: Where calls are written down.
        recorder: Counts.
        price_book: What vendors ask.
        clock_s: Goes on evenly.
    """

    ledger: Ledger
    recorder: "Recorder"
    price_book: PriceBook
    clock_s: Callable[[], float] = time.monotonic

    def attempt(
        self,
        call: CallContext,
        engine: EngineId,
        operation: str,
        estimate: Sequence[Quantity],
        key: str | None = None,
    ) -> "CountedAttempt":
        """As the ledger."""
        try:
            attempt = self.ledger.attempt(call, engine, operation, estimate, key)
        except BudgetExceeded:
            self.recorder.refused_by_budget()
            raise
        return CountedAttempt(attempt, self, engine, operation, self.clock_s())


@dataclass(frozen=True, slots=True)
class CountedAttempt:
    """An `Attempt` that counts what came of it, after it is written down."""

    attempt: Attempt
    counted: CountedLedger
    engine: EngineId
    operation: str
    began_s: float = field(compare=False)

    def settle(self, receipt: Receipt) -> None:
        self.attempt.settle(receipt)
        self._ended("succeeded", receipt)

    def failed(self, fault: ErrorKind, receipt: Receipt | None) -> None:
        self.attempt.failed(fault, receipt)
        self._ended(fault.value, receipt)

    def unknown(self) -> None:
        self.attempt.unknown()
        self._ended("unknown", None)

    def _ended(self, outcome: str, receipt: Receipt | None) -> None:
        elapsed_s = self.counted.clock_s() - self.began_s
        self.counted.recorder.called(self.engine, self.operation, outcome, elapsed_s)
        if receipt is not None:
            usd = total_usd(price(receipt, self.counted.price_book.prices()))
            self.counted.recorder.used(self.engine, receipt.quantities, float(usd))
