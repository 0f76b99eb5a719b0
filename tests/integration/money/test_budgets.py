"""Nothing is bought that a budget does not allow."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.integration.money.spending import AURA, CentBook, characters, spoken
from tests.integration.worker.rows import Made, Rows
from tests.waiting import PATIENCE_S

from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import BudgetExceeded, ErrorKind, VendorError
from ytdubber.domain.spending import Budgets
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.cache import Cache
from ytdubber.engines.middleware.fallback import fall_back
from ytdubber.engines.middleware.metered import Metered
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.operations import Synthesize
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.testing.engines import FakeSynthesizer
from ytdubber.worker.job_handler import retryable

ROOT = Path(__file__).parents[3]
DOLLAR = Decimal(1)


def spend(ledger: SqlLedger, job: Made, cents: int) -> None:
    ledger.attempt(CallContext(job.id), AURA, "speak", characters(cents)).settle(spoken(cents))


def test_a_job_stops_before_the_call_that_would_exceed_its_budget(
    rows: Rows, engine: Engine
) -> None:
    ledger = SqlLedger(engine, CentBook(), Budgets(job_usd=DOLLAR))
    job = rows.job("pt")
    spend(ledger, job, 60)
    spend(ledger, job, 30)
    with pytest.raises(BudgetExceeded) as refused:
        spend(ledger, job, 11)
    assert str(refused.value) == (
        "The budget of a job is 1.00 US dollars: 0.90 are spent or being spent, and the next step"
        " may cost 0.11 more. It was stopped before that; what was done is kept. Submit a shorter"
        " recording or fewer languages, or ask whoever runs this service to allow more for a job."
    )
    assert rows.one("select count(*) from ytdubber.usage_receipts") == 2
    spend(ledger, job, 10)
    spend(ledger, rows.job("pt"), 100)


def test_calls_under_way_count_with_their_estimate(rows: Rows, engine: Engine) -> None:
    ledger = SqlLedger(engine, CentBook(), Budgets(job_usd=DOLLAR))
    job = rows.job("pt")
    first = ledger.attempt(CallContext(job.id), AURA, "speak", characters(60))
    with pytest.raises(BudgetExceeded):
        ledger.attempt(CallContext(job.id), AURA, "speak", characters(50))
    first.settle(spoken(20))
    second = ledger.attempt(CallContext(job.id), AURA, "speak", characters(50))
    second.failed(ErrorKind.UNAVAILABLE, None)
    spend(ledger, job, 80)
    with pytest.raises(BudgetExceeded):
        spend(ledger, job, 1)


def test_a_month_of_one_user_and_a_day_of_all(rows: Rows, engine: Engine) -> None:
    budgets = Budgets(user_month_usd=DOLLAR, day_usd=DOLLAR + DOLLAR / 2)
    ledger = SqlLedger(engine, CentBook(), budgets)
    first, second = rows.job("pt"), rows.job("pt")
    spend(ledger, first, 100)
    with pytest.raises(BudgetExceeded, match=r"Your budget for this month is 1\.00"):
        spend(ledger, first, 1)
    spend(ledger, second, 50)
    with pytest.raises(BudgetExceeded, match=r"of this service for today is 1\.50.*midnight UTC"):
        spend(ledger, second, 1)


def test_what_was_spent_before_the_period_does_not_count(rows: Rows, engine: Engine) -> None:
    budgets = Budgets(user_month_usd=DOLLAR, day_usd=DOLLAR)
    job = rows.job("pt")
    spend(SqlLedger(engine, CentBook()), job, 100)
    rows.ask("alter table ytdubber.cost_entries disable trigger user")
    rows.ask("update ytdubber.cost_entries set at = at - interval '32 days'")
    ledger = SqlLedger(engine, CentBook(), budgets)
    spend(ledger, job, 100)
    with pytest.raises(BudgetExceeded):
        spend(ledger, job, 1)


def test_no_other_engine_is_asked_and_nothing_is_tried_again(rows: Rows, engine: Engine) -> None:
    ledger = SqlLedger(engine, CentBook(), Budgets(job_usd=DOLLAR))
    job, asked = rows.job("pt"), []

    def ask(name: str) -> None:
        asked.append(name)
        spend(ledger, job, 101)

    with pytest.raises(BudgetExceeded) as refused:
        fall_back(["first", "second"], ask)
    assert asked == ["first"]
    assert not isinstance(refused.value, VendorError)
    assert not retryable(refused.value)


class Aura(FakeSynthesizer):
    """Speaks at the price of Aura."""

    @property
    def engine(self) -> EngineId:
        return AURA


def test_what_was_made_before_the_refusal_is_kept(
    rows: Rows, engine: Engine, tmp_path: Path
) -> None:
    job, aura, store = rows.job("pt"), Aura(("pt",)), FolderResultStore(tmp_path / "results")
    texts = ["one", "two", "three", "four"]

    def speak(budget_usd: str) -> int:
        """How many of the lines there are before the refusal."""
        ledger = SqlLedger(engine, CentBook(), Budgets(job_usd=Decimal(budget_usd)))
        speaker = Cache(Metered(Direct(aura), ledger), store)
        for number, text in enumerate(texts):
            request = SynthesisRequest(text, "pt", aura.voices("pt")[0].id)
            try:
                speaker.run(Synthesize(request, tmp_path / "line.wav"), CallContext(job.id))
            except BudgetExceeded:
                return number
        return len(texts)

    assert speak("0.06") == 2
    assert aura.calls.count == 2
    assert speak("0.06") == 2
    assert aura.calls.count == 2, "neither the refused line nor those before it are asked for"
    assert speak("0.15") == 4
    assert aura.calls.count == 4
    assert rows.one("select sum(amount_usd) from ytdubber.cost_entries") == Decimal("0.15")


def test_processes_racing_for_the_last_cents_never_spend_more(
    rows: Rows, database_url: str
) -> None:
    job = rows.job("pt")
    command = [sys.executable, "-m", "tests.integration.money.spending", database_url]
    racers = [
        subprocess.Popen(
            [*command, str(job.id), "0.25", "40"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    allowed = [int(racer.communicate(timeout=PATIENCE_S)[0]) for racer in racers]
    assert sum(allowed) == 25
    assert rows.one("select sum(amount_usd) from ytdubber.cost_entries") == Decimal("0.25")
