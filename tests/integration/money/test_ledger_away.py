"""The ledger when the database goes in the worst moment: what was written is not known."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from tests.hole import Hole, hole
from tests.integration.money.spending import AURA, characters, spoken
from tests.integration.worker.rows import Made, Rows
from tests.waiting import until

from ytdubber.adapters.db.connection.connections import TimeLimits, make_engine
from ytdubber.adapters.db.money.kept_receipts import KeptReceipts
from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.domain.errors import DatabaseAway
from ytdubber.ports.call_context import CallContext

HASTE = TimeLimits(statement_s=1.0, connect_s=2, pool_s=1.0)


@pytest.fixture
def job(rows: Rows) -> Made:
    return rows.job("pt")


def _unanswered(engine: Engine, way: Hole, do: Callable[[], object]) -> None:
    """Do something whose commit gets through while its answer does not."""
    event.listen(engine, "commit", lambda _: way.swallow_answers(), once=True)
    do()
    way.forward()


def _written(ledger: SqlLedger) -> bool:
    """What was kept, unless the database has not been tried again yet."""
    try:
        ledger.write_kept()
    except DatabaseAway:
        return False
    return True


def _receipts(rows: Rows) -> list[tuple[str, Decimal]]:
    found = rows.ask(
        "select r.outcome, coalesce(sum(c.amount_usd), 0) as usd from ytdubber.usage_receipts r"
        " left join ytdubber.cost_entries c on c.receipt_id = r.id group by r.id, 1"
    )
    return [(row["outcome"], row["usd"]) for row in found]


@pytest.mark.timeout(60)
def test_a_commit_without_an_answer_costs_what_was_used(
    rows: Rows, database_url: str, job: Made, tmp_path: Path
) -> None:
    with hole(database_url) as way:
        engine = make_engine(way.url, pool_size=2, name="away", limits=HASTE)
        kept = KeptReceipts(tmp_path / "receipts")
        ledger = SqlLedger(engine, FilePriceBook(), ttl_s=600, kept=kept)
        call = CallContext(job.id)

        def begin() -> None:
            with pytest.raises(DatabaseAway):
                ledger.attempt(call, AURA, "speak", characters(900), "a line")

        _unanswered(engine, way, begin)
        assert _receipts(rows) == [("started", Decimal(0))]
        until(lambda: _written(ledger))
        assert _receipts(rows) == [("failed", Decimal(0))]  # no call was made
        attempt = ledger.attempt(call, AURA, "speak", characters(900), "a line")
        _unanswered(engine, way, lambda: attempt.settle(spoken(500)))
        until(lambda: _written(ledger))
        assert sorted(_receipts(rows)) == [("failed", Decimal(0)), ("succeeded", Decimal("0.015"))]
        assert list(kept.all()) == []
        engine.dispose()
