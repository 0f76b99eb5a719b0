"""A ledger that lasts as long as its process."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind
from ytdubber.domain.money import LOCAL, PriceList, price, total_usd
from ytdubber.domain.spending import Scope, exceeded, need_prices
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.price_book import PriceBook


@dataclass(slots=True)
class MemoryAttempt:
    """One attempt; `outcome` is `started`, `settled`, `failed` or `unknown`."""

    call: CallContext
    engine: EngineId
    operation: str
    estimate: tuple[Quantity, ...]
    outcome: str = "started"
    receipt: Receipt | None = None
    fault: ErrorKind | None = None

    def settle(self, receipt: Receipt) -> None:
        self.outcome, self.receipt = "settled", receipt

    def failed(self, fault: ErrorKind, receipt: Receipt | None) -> None:
        self.outcome, self.fault, self.receipt = "failed", fault, receipt

    def unknown(self) -> None:
        self.outcome = "unknown"

    @property
    def used(self) -> Receipt | None:
        """What it used, as far as is known; what it was expected to use while it is not."""
        if self.outcome in ("started", "unknown"):
            return Receipt(self.engine, self.operation, self.estimate, elapsed_ms=0)
        return self.receipt


class MemoryLedger:
    """A `Ledger` in a list.

    Args:
        price_book: What vendors ask; nothing has a price without one.
        job_budget_usd: The most that vendors may cost for one job; no limit when None.
    """

    def __init__(
        self, price_book: PriceBook | None = None, job_budget_usd: Decimal | None = None
    ) -> None:
        self._price_book = price_book
        self._job_budget_usd = job_budget_usd
        self._attempts: list[MemoryAttempt] = []
        self._lock = threading.Lock()

    @property
    def attempts(self) -> tuple[MemoryAttempt, ...]:
        """All attempts, oldest first."""
        with self._lock:
            return tuple(self._attempts)

    def attempt(
        self,
        call: CallContext,
        engine: EngineId,
        operation: str,
        estimate: Sequence[Quantity],
        key: str | None = None,
    ) -> MemoryAttempt:
        """As the port says; there is no other process.

        Raises:
            BudgetExceeded: the job's budget does not allow what it is expected to cost.
            PriceMissing: there is a budget, and no price to hold against it.
        """
        del key
        made = MemoryAttempt(call, engine, operation, tuple(estimate))
        with self._lock:
            if self._job_budget_usd is not None and engine.provider not in LOCAL:
                self._allow(made, self._job_budget_usd)
            self._attempts.append(made)
        return made

    def spent_usd(self) -> Decimal:
        """What all that has a price cost."""
        return self._cost_usd(self.attempts)

    def _allow(self, made: MemoryAttempt, limit_usd: Decimal) -> None:
        expected = Receipt(made.engine, made.operation, made.estimate, elapsed_ms=0)
        need_prices(price(expected, self._prices()))
        job = [each for each in self._attempts if each.call.job_id == made.call.job_id]
        spent_usd, next_usd = self._cost_usd(job), self._cost_usd([made])
        if spent_usd + next_usd > limit_usd:
            raise exceeded(Scope.JOB, limit_usd, spent_usd, next_usd)

    def _cost_usd(self, attempts: Sequence[MemoryAttempt]) -> Decimal:
        prices = self._prices()
        used = [each.used for each in attempts]
        return total_usd(cost for receipt in used if receipt for cost in price(receipt, prices))

    def _prices(self) -> PriceList:
        return self._price_book.prices() if self._price_book else PriceList("", ())
