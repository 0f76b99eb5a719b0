"""Work that costs something, and a process that spends money.

    python -m tests.integration.money.spending URL JOB_ID LIMIT_USD ATTEMPTS

It says that it is ready, waits for a line, asks for calls that cost a cent each in several threads,
settles them, and prints how many it was allowed.
"""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

from tests.integration.worker.rows import Rows

from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import BudgetExceeded
from ytdubber.domain.money import Price, PriceList
from ytdubber.domain.spending import Budgets
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call_context import CallContext

AURA = EngineId("deepgram", "aura-2", "1")
LUNA = EngineId("openai", "gpt-6-luna", "1")
KOKORO = EngineId("kokoro", "82m", "1")
THREADS = 6
BOOK = FilePriceBook()


class CentBook:
    """A character of Aura costs a cent."""

    def prices(self) -> PriceList:
        one = Decimal(1)
        return PriceList("1", (Price("c", "deepgram", "aura-2", "characters", one / 100, one),))


def characters(count: int | str) -> tuple[Quantity, ...]:
    return (Quantity("characters", Decimal(count)),)


def spoken(count: int | str, engine: EngineId = AURA) -> Receipt:
    return Receipt(engine, "speak", characters(count), elapsed_ms=7, request_id="r", reported=True)


def receipts(rows: Rows) -> list[tuple[str, str | None, str]]:
    found = rows.ask(
        "select outcome, fault, coalesce(language, '') as language from ytdubber.usage_receipts"
        " order by started_at"
    )
    return [(row["outcome"], row["fault"], row["language"]) for row in found]


def costs(rows: Rows, job_id: UUID) -> dict[str, Decimal]:
    """By article."""
    found = rows.ask(
        "select sku, sum(amount_usd) as usd from ytdubber.cost_entries where job_id = %s"
        " group by 1",
        job_id,
    )
    return {row["sku"]: row["usd"] for row in found}


def main(arguments: Sequence[str]) -> None:
    url, job_id, limit_usd, attempts = arguments
    engine = make_engine(url, pool_size=THREADS, name="spending")
    ledger = SqlLedger(engine, CentBook(), Budgets(day_usd=Decimal(limit_usd)))

    def spend(_: int) -> bool:
        try:
            attempt = ledger.attempt(CallContext(UUID(job_id)), AURA, "speak", characters(1))
        except BudgetExceeded:
            return False
        attempt.settle(spoken(1))
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        sys.stdout.write(f"{sum(pool.map(spend, range(int(attempts))))}\n")
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1:])
