"""What could not be written when it was spent is written later, once and at its true usage."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from tests.integration.money import killed
from tests.integration.money.spending import AURA, BOOK, characters, costs, receipts, spoken
from tests.integration.worker.rows import Made, Rows
from tests.waiting import until

from ytdubber.adapters.db.coordination.reaper import SqlReaper
from ytdubber.adapters.db.money.kept_receipts import KeptReceipts, Settlement
from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.ports.call_context import CallContext


def test_a_receipt_that_cannot_be_written_is_kept_and_written_at_its_true_usage(
    rows: Rows, engine: Engine, job: Made, tmp_path: Path
) -> None:
    """While the table cannot be written to, as when the database is away or its disk is full."""
    kept = KeptReceipts(tmp_path / "receipts")
    ledger = SqlLedger(engine, BOOK, ttl_s=600, kept=kept)
    attempts = [
        ledger.attempt(CallContext(job.id), AURA, "speak", characters(900)) for _ in range(2)
    ]
    rows.ask("alter table ytdubber.cost_entries rename to cost_entries_away")
    try:
        attempts[0].settle(spoken(500))
        attempts[1].settle(spoken(40))
        with pytest.raises(SQLAlchemyError):
            ledger.write_kept()
    finally:
        rows.ask("alter table ytdubber.cost_entries_away rename to cost_entries")
    assert [outcome for outcome, _, _ in receipts(rows)] == ["started"] * 2
    reaper = SqlReaper(engine, PostgresQueue(), ledger.enter_costs, timedelta(0))
    assert reaper.settle_unknown() == 0
    again = SqlLedger(engine, BOOK, kept=kept)
    assert (again.write_kept(), again.write_kept()) == (2, 0)
    assert [outcome for outcome, _, _ in receipts(rows)] == ["succeeded"] * 2
    assert costs(rows, job.id) == {"deepgram/aura-2/characters": Decimal("0.0162")}


def _lost(rows: Rows, ledger: SqlLedger, engine: Engine) -> int:
    """What nobody is heard of any more is booked at its estimate."""
    rows.ask(
        "update ytdubber.usage_receipts set under_way_until = now() - interval '1 second'"
        " where outcome = 'started'"
    )
    reaper = SqlReaper(engine, PostgresQueue(), ledger.enter_costs, recall_after=timedelta(0))
    return reaper.settle_unknown()


def test_what_was_kept_replaces_its_estimate(
    rows: Rows, engine: Engine, ledger: SqlLedger, job: Made, tmp_path: Path
) -> None:
    """As when another machine's worker finds the call first, and this one's folder comes later."""
    kept = KeptReceipts(tmp_path)
    attempt = ledger.attempt(CallContext(job.id), AURA, "speak", characters(900))
    kept.keep(attempt.receipt_id, Settlement("succeeded", spoken(500)))
    assert _lost(rows, ledger, engine) == 1
    assert costs(rows, job.id) == {"deepgram/aura-2/characters": Decimal("0.027")}
    assert SqlLedger(engine, BOOK, kept=kept).write_kept() == 1
    assert costs(rows, job.id) == {"deepgram/aura-2/characters": Decimal("0.015")}
    assert receipts(rows) == [("succeeded", None, "")]


OPEN = f"select count(*) from pg_stat_activity where application_name = '{killed.NAME}'"


@pytest.mark.parametrize("act", [killed.keep, killed.write_kept])
def test_a_process_that_is_killed_at_any_line_books_a_call_once(
    rows: Rows,
    engine: Engine,
    ledger: SqlLedger,
    database_url: str,
    tmp_path: Path,
    act: killed.Act,
) -> None:
    """While it keeps what a call used; and while it writes down what was kept of a call that was
    found first and booked at its estimate.
    """
    used_usd = {"deepgram/aura-2/characters": Decimal("0.015")}
    estimate_usd = {"deepgram/aura-2/characters": Decimal("0.027")}
    booked = []
    for line in range(1, killed.LINES):
        job, kept = rows.job("pt"), KeptReceipts(tmp_path / f"{line}")
        attempt = ledger.attempt(CallContext(job.id), AURA, "speak", characters(900))
        if act is killed.write_kept:
            kept.keep(attempt.receipt_id, Settlement("succeeded", spoken(500)))
            _lost(rows, ledger, engine)
        else:
            rows.ask("alter table ytdubber.cost_entries rename to away")
        died = killed.die_at(line, act, database_url, kept.folder, attempt.receipt_id, 500)
        until(lambda: rows.one(OPEN) == 0)  # its transaction has ended, too
        if act is killed.keep:
            rows.ask("alter table ytdubber.away rename to cost_entries")
        SqlLedger(engine, BOOK, kept=kept).write_kept()
        _lost(rows, ledger, engine)
        assert list(kept.all()) == []
        booked.append(costs(rows, job.id))
        if not died:
            break
    assert not died
    if act is killed.keep:  # before it was kept nobody can know
        before = booked.index(used_usd)
        assert 0 < before < len(booked) - 1
        assert booked[:before] == [estimate_usd] * before
        booked = booked[before:]
    assert booked == [used_usd] * len(booked)
