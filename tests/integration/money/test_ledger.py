"""The book of what was asked of engines: written before the call, closed once, exact."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from tests.integration.money.spending import (
    AURA,
    BOOK,
    KOKORO,
    LUNA,
    CentBook,
    characters,
    costs,
    receipts,
    spoken,
)
from tests.integration.worker.rows import Made, Rows
from tests.log_lines import fields
from tests.unit.engines.scripted import Scripted
from tests.waiting import until

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.coordination.reaper import SqlReaper
from ytdubber.adapters.db.money.costs import SqlCosts
from ytdubber.adapters.db.money.ledger import SqlAttempt, SqlLedger
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.app.money.costs import Costs
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import CallUnderWay, Cancelled, ErrorKind, PriceMissing, VendorError
from ytdubber.domain.money import price, total_usd
from ytdubber.domain.spending import Budgets
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.engines.middleware.metered import Metered
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.costs import By
from ytdubber.ports.operations import Synthesize
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.testing.vendor_double.usage_log import Billed, RecordedCall, UsageLog

NOVA = EngineId("deepgram", "nova-3", "1")
FLASH = EngineId("elevenlabs", "eleven_flash_v2_5", "1")


SPEAK = Synthesize(SynthesisRequest("x" * 900, "pt", "v"), Path("line.wav"))


@dataclass(frozen=True)
class Spoke:
    receipt: Receipt


def test_a_call_is_in_the_book_before_it_is_made(rows: Rows, ledger: SqlLedger, job: Made) -> None:
    seen = []
    call = CallContext(job.id, job.tasks["pt"])

    def make() -> Spoke:
        seen.extend(receipts(rows))
        return Spoke(spoken(1000))

    Metered(Scripted(answer=make, engine=AURA), ledger).run(SPEAK, call)
    assert seen == [("started", None, "pt")]
    assert receipts(rows) == [("succeeded", None, "pt")]
    (entry,) = rows.ask("select * from ytdubber.cost_entries")
    assert entry["user_id"] == job.user_id
    assert (entry["language"], entry["sku"]) == ("pt", "deepgram/aura-2/characters")
    assert (entry["quantity"], entry["amount_usd"]) == (Decimal(1000), Decimal("0.03"))
    assert str(entry["price_as_of"]) == "2026-05-19"
    (receipt,) = rows.ask("select * from ytdubber.usage_receipts")
    assert receipt["quantities"] == [{"unit": "characters", "amount": "1000"}]
    assert receipt["estimate_usd"] == Decimal("0.027")
    assert (receipt["reported"], receipt["request_id"], receipt["elapsed_ms"]) == (True, "r", 7)


def test_what_is_measured_is_kept_beside_what_is_reported(
    rows: Rows, ledger: SqlLedger, job: Made
) -> None:
    heard = (Quantity("audio_seconds", Decimal("12.5")),)
    counted = (Quantity("audio_seconds", Decimal("12.345")),)
    receipt = Receipt(NOVA, "transcribe", heard, 5, None, reported=True, measured=counted)
    ledger.attempt(CallContext(job.id), NOVA, "transcribe", counted).settle(receipt)
    (row,) = rows.ask("select quantities, measured, language from ytdubber.usage_receipts")
    assert row["quantities"] == [{"unit": "audio_seconds", "amount": "12.5"}]
    assert row["measured"] == [{"unit": "audio_seconds", "amount": "12.345"}]
    assert row["language"] is None


@pytest.mark.parametrize(
    ("error", "outcome", "fault", "cost"),
    [
        (VendorError("deepgram", ErrorKind.AUTH, "no"), "failed", "auth", None),
        (
            VendorError("deepgram", ErrorKind.BAD_OUTPUT, "no", receipt=spoken(500)),
            "failed",
            "bad_output",
            "0.015",
        ),
        (
            VendorError("deepgram", ErrorKind.TIMEOUT, "no", outcome_unknown=True),
            "unknown",
            None,
            "0.027",
        ),
        (Cancelled(), "unknown", None, "0.027"),
    ],
)
def test_failures_cost_what_was_used_and_unknowns_their_estimate(
    rows: Rows,
    ledger: SqlLedger,
    job: Made,
    error: Exception,
    outcome: str,
    fault: str | None,
    cost: str | None,
) -> None:
    call = CallContext(job.id, job.tasks["es"])
    with pytest.raises(type(error)):
        Metered(Scripted([error], engine=AURA), ledger).run(SPEAK, call)
    assert receipts(rows) == [(outcome, fault, "es")]
    expected = {"deepgram/aura-2/characters": Decimal(cost)} if cost else {}
    assert costs(rows, job.id) == expected


def test_what_came_first_stays(rows: Rows, ledger: SqlLedger, job: Made) -> None:
    attempt = ledger.attempt(CallContext(job.id), AURA, "speak", characters(900))
    attempt.settle(spoken(900))
    attempt.unknown()
    attempt.settle(spoken(5000))
    attempt.failed(ErrorKind.TIMEOUT, None)
    assert receipts(rows) == [("succeeded", None, "")]
    assert costs(rows, job.id) == {"deepgram/aura-2/characters": Decimal("0.027")}


def test_what_a_dead_worker_left_costs_its_estimate(
    rows: Rows, engine: Engine, ledger: SqlLedger, job: Made
) -> None:
    left = ledger.attempt(CallContext(job.id, job.tasks["pt"]), AURA, "speak", characters(900))
    with service_role(engine) as connection:
        statement = (
            "update ytdubber.usage_receipts set outcome = 'unknown', settled_at = now()"
            " where outcome = 'started' returning id"
        )
        lost = list(connection.exec_driver_sql(statement).scalars())
        ledger.enter_costs(connection, lost)
    assert lost == [left.receipt_id]
    assert costs(rows, job.id) == {"deepgram/aura-2/characters": Decimal("0.027")}


def test_what_another_process_asks_for_is_not_asked_for_again(
    rows: Rows, engine: Engine, job: Made
) -> None:
    one, other = (SqlLedger(engine, BOOK, ttl_s=2.0) for _ in range(2))
    call = CallContext(job.id, job.tasks["pt"])

    def begun(book: SqlLedger, key: str | None = "a line") -> SqlAttempt:
        return book.attempt(call, AURA, "speak", characters(9), key)

    first = begun(one)
    first_end = rows.one("select under_way_until from ytdubber.usage_receipts")
    until(lambda: rows.one("select now()") > first_end)  # it is renewed
    for book in (one, other):
        with pytest.raises(CallUnderWay):
            begun(book)
    begun(other, "another line").unknown()
    begun(other, None).unknown()
    first.failed(ErrorKind.UNAVAILABLE, None)
    second = begun(other)
    second.settle(spoken(9))
    with pytest.raises(CallUnderWay):  # until its result is stored
        begun(one)

    def free() -> bool:
        try:
            begun(one).unknown()
        except CallUnderWay:
            return False
        return True

    until(free)


def test_a_call_under_way_is_not_booked_as_lost(
    rows: Rows, engine: Engine, ledger: SqlLedger, job: Made
) -> None:
    reaper = SqlReaper(engine, PostgresQueue(), ledger.enter_costs, recall_after=timedelta(0))
    call = CallContext(job.id, job.tasks["pt"])
    attempt = ledger.attempt(call, AURA, "speak", characters(900), "a line")
    assert reaper.settle_unknown() == 0
    with service_role(engine) as connection:  # as when its process is not heard of any more
        statement = "update ytdubber.usage_receipts set under_way_until = now() - interval '1s'"
        connection.exec_driver_sql(statement)
    assert reaper.settle_unknown() == 1
    assert costs(rows, job.id) == {"deepgram/aura-2/characters": Decimal("0.027")}
    attempt.settle(spoken(5000))  # it was, after all
    attempt.settle(spoken(7))
    assert costs(rows, job.id) == {"deepgram/aura-2/characters": Decimal("0.15")}
    assert receipts(rows) == [("succeeded", None, "pt")]


@pytest.mark.parametrize(
    ("used", "cost_usd"),
    [
        ([Quantity("input_tokens", Decimal(50_000))], "0.005"),
        ([Quantity("output_tokens", Decimal(400))], "0.0002"),
        (
            [Quantity("input_tokens", Decimal(10)), Quantity("output_tokens", Decimal(4))],
            "0.000003",
        ),
        ([], "0"),
    ],
)
def test_an_estimate_is_put_right_in_every_unit(
    rows: Rows, engine: Engine, ledger: SqlLedger, job: Made, used: list[Quantity], cost_usd: str
) -> None:
    expected = [Quantity("input_tokens", Decimal(9_000)), Quantity("output_tokens", Decimal(90))]
    attempt = ledger.attempt(CallContext(job.id), LUNA, "translate", expected)
    attempt.unknown()
    assert sum(costs(rows, job.id).values()) == Decimal("0.000945")
    attempt.settle(Receipt(LUNA, "translate", tuple(used), 1))
    assert sum(costs(rows, job.id).values()) == Decimal(cost_usd)
    attempt.unknown()
    attempt.failed(ErrorKind.TIMEOUT, None)
    assert sum(costs(rows, job.id).values()) == Decimal(cost_usd)
    report = Costs(SqlCosts(engine))(By.DAY, None, None)
    assert (report.total_usd, report.rows[0].unknown_usd) == (Decimal(cost_usd), Decimal(0))


def test_work_on_this_machine_has_receipts_and_no_costs(
    rows: Rows, engine: Engine, job: Made
) -> None:
    ledger = SqlLedger(engine, BOOK, Budgets(Decimal(0), Decimal(0), Decimal(0)))
    ledger.attempt(CallContext(job.id), KOKORO, "speak", characters(9)).settle(spoken(9, KOKORO))
    assert receipts(rows) == [("succeeded", None, "")]
    assert costs(rows, job.id) == {}


def test_what_has_no_price_is_on_record_without_an_amount(
    rows: Rows, engine: Engine, job: Made, caplog: pytest.LogCaptureFixture
) -> None:
    new = EngineId("openai", "gpt-7", "1")
    used = Receipt(new, "translate", (Quantity("input_tokens", Decimal(10)),), 1)
    book = SqlLedger(engine, BOOK)
    book.attempt(CallContext(job.id), new, "translate", used.quantities).settle(used)
    book.attempt(CallContext(job.id), new, "translate", used.quantities).failed(
        ErrorKind.TIMEOUT, None
    )
    (record,) = caplog.records
    assert record.getMessage() == "price.missing"
    assert fields(record) == {"provider": "openai", "model": "gpt-7", "unit": "input_tokens"}
    (entry,) = rows.ask("select sku, unit, quantity, amount_usd from ytdubber.cost_entries")
    assert list(entry.values()) == [None, "input_tokens", Decimal(10), None]
    watched = SqlLedger(engine, BOOK, Budgets(job_usd=Decimal(1)))
    with pytest.raises(PriceMissing, match="openai asks for input_tokens of gpt-7"):
        watched.attempt(CallContext(job.id), new, "translate", used.quantities)


def test_a_result_is_not_lost_with_its_entry(rows: Rows, ledger: SqlLedger, job: Made) -> None:
    """The database fails at the moment a paid answer is there: the answer is kept all the same."""
    attempt = ledger.attempt(CallContext(job.id), AURA, "speak", characters(900))
    rows.ask("alter table ytdubber.cost_entries rename to elsewhere")
    attempt.settle(spoken(1000))
    rows.ask("alter table ytdubber.elsewhere rename to cost_entries")
    assert receipts(rows) == [("started", None, "")]


amounts = st.decimals("0.001", "99999", places=3)
counts = st.integers(1, 100_000).map(Decimal)
quantities = st.one_of(
    st.tuples(st.just(NOVA), st.just("transcribe"), st.just("audio_seconds"), amounts),
    st.tuples(st.just(NOVA), st.just("transcribe"), st.just("diarized_seconds"), amounts),
    st.tuples(st.just(AURA), st.just("speak"), st.just("characters"), counts),
    st.tuples(st.just(FLASH), st.just("speak"), st.just("characters"), counts),
    st.tuples(st.just(LUNA), st.just("translate"), st.just("input_tokens"), counts),
    st.tuples(st.just(LUNA), st.just("shorten"), st.just("output_tokens"), counts),
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(quantities, min_size=1, max_size=25))
def test_the_ledger_is_the_invoice(
    rows: Rows, ledger: SqlLedger, used: list[tuple[EngineId, str, str, Decimal]]
) -> None:
    """The double adds up units and prices them once; the ledger prices every call."""
    job, books = rows.job("pt"), UsageLog()
    exact = Decimal(0)
    for engine, operation, unit, amount in used:
        receipt = Receipt(engine, operation, (Quantity(unit, amount),), 1)
        ledger.attempt(CallContext(job.id), engine, operation, receipt.quantities).settle(receipt)
        exact += total_usd(price(receipt, BOOK.prices()))
        billed = Billed(engine.provider, engine.model, operation, unit, amount)
        books.add(RecordedCall(0, "x", datetime.now(UTC), 200, (billed,), f"{uuid4()}"))
    ledger_usd = costs(rows, job.id)
    assert sum(ledger_usd.values()) == exact
    invoice = {sku: usd for sku, _, usd in books.invoice(BOOK)}
    assert ledger_usd.keys() == invoice.keys()
    for sku, usd in invoice.items():
        assert abs(ledger_usd[sku] - usd) <= Decimal("1E-10") * len(used)


def test_prices_are_those_of_the_book_given(rows: Rows, engine: Engine, job: Made) -> None:
    SqlLedger(engine, CentBook()).attempt(CallContext(job.id), AURA, "speak", ()).settle(spoken(3))
    assert costs(rows, job.id) == {"c": Decimal("0.03")}
