"""What was spent, added up every way it is asked for."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from tests.integration.money.spending import LUNA, spoken
from tests.integration.worker.rows import Made, Rows
from typer.testing import CliRunner

from ytdubber.adapters.db.jobs.reads import SqlJobReads
from ytdubber.adapters.db.money.costs import SqlCosts
from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.identity.tokens import TokenIdentity, local_session
from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.api import auth, errors
from ytdubber.api.admin import admin_router
from ytdubber.app.money.costs import CostReport, Costs
from ytdubber.cli import costs as costs_command
from ytdubber.cli import credit as credit_command
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import BadField
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.costs import By
from ytdubber.ports.identity import Claims

SECRET = "s" * 32
NEW = EngineId("openai", "gpt-7", "1")


@dataclass
class Spent:
    """Two jobs: the first heard once and spoken in two languages, the second in one."""

    first: Made
    second: Made


def tokens(engine: EngineId, count: int) -> Receipt:
    return Receipt(engine, "translate", (Quantity("input_tokens", Decimal(count)),), 1)


@pytest.fixture
def spent(rows: Rows, engine: Engine) -> Spent:
    ledger = SqlLedger(engine, FilePriceBook())
    first, second = rows.job("pt", "es"), rows.job("pt")
    made = Spent(first, second)

    def book(job: Made, language: str | None, receipt: Receipt, outcome: str = "settle") -> None:
        call = CallContext(job.id, job.tasks[language] if language else None)
        attempt = ledger.attempt(call, receipt.engine, receipt.operation, receipt.quantities)
        attempt.unknown() if outcome == "unknown" else attempt.settle(receipt)

    book(first, None, tokens(LUNA, 1_000_000))  # 0.10
    book(first, "pt", spoken(1000))  # 0.03
    book(first, "pt", spoken(100), "unknown")  # 0.003
    book(first, "es", spoken(2000))  # 0.06
    book(second, "pt", spoken(500))  # 0.015
    book(second, "pt", tokens(NEW, 7))  # nobody knows
    return made


@pytest.fixture
def costs(engine: Engine) -> Costs:
    return Costs(SqlCosts(engine))


def sums(report: CostReport) -> dict[str, Decimal]:
    return {report.name(row): row.amount_usd for row in report.rows}


def test_costs_are_added_up_every_way(costs: Costs, spent: Spent) -> None:
    first, second = str(spent.first.id), str(spent.second.id)
    whole = Decimal("0.208")
    expected = {
        By.JOB: {first: Decimal("0.193"), second: Decimal("0.015")},
        By.USER: {
            str(spent.first.user_id): Decimal("0.193"),
            str(spent.second.user_id): Decimal("0.015"),
        },
        By.LANGUAGE: {"all": Decimal("0.1"), "es": Decimal("0.06"), "pt": Decimal("0.048")},
        By.VENDOR: {"deepgram": Decimal("0.108"), "openai": Decimal("0.1")},
    }
    for by, amounts in expected.items():
        report = costs(by, None, None)
        assert sums(report) == amounts
        assert list(sums(report)) == list(amounts), "the dearest first"
        assert report.total_usd == whole
        assert sum(row.calls for row in report.rows) == 6
        assert sum(row.unknown_usd for row in report.rows) == Decimal("0.003")
        assert sum(row.unpriced for row in report.rows) == 1


def test_days_are_those_of_utc_and_both_ends_count(rows: Rows, costs: Costs, spent: Spent) -> None:
    rows.ask("alter table ytdubber.cost_entries disable trigger user")
    for job, at in (
        (spent.first.id, "2026-11-01T23:59:59.999+00"),
        (spent.second.id, "2026-11-02T00:00:00+00"),
    ):
        rows.ask("update ytdubber.cost_entries set at = %s where job_id = %s", at, job)
    assert sums(costs(By.DAY, None, None)) == {
        "2026-11-01": Decimal("0.193"),
        "2026-11-02": Decimal("0.015"),
    }
    one, two = date(2026, 11, 1), date(2026, 11, 2)
    assert costs(By.JOB, one, one).total_usd == Decimal("0.193")
    assert costs(By.JOB, two, None).total_usd == Decimal("0.015")
    assert costs(By.JOB, None, one).total_usd == Decimal("0.193")
    assert costs(By.JOB, two + timedelta(1), None).rows == []
    with pytest.raises(BadField, match="2026-11-01 is before 2026-11-02"):
        costs(By.JOB, two, one)


def test_csv_holds_exact_amounts(costs: Costs, spent: Spent) -> None:
    lines = list(csv.reader(io.StringIO(costs(By.VENDOR, None, None).csv())))
    assert lines == [
        ["vendor", "calls", "amount_usd", "unknown_usd", "unpriced"],
        ["deepgram", "4", "0.1080000000", "0.0030000000", "0"],
        ["openai", "2", "0.1000000000", "0", "1"],
    ]


def test_a_job_tells_its_costs_by_language(engine: Engine, spent: Spent) -> None:
    reads = SqlJobReads(engine)
    claims = Claims(spent.first.user_id, None, "authenticated", {})
    job = reads.detail(claims, spent.first.id)
    assert job is not None
    assert job.costs_usd == {
        "": Decimal("0.1"),
        "es": Decimal("0.06"),
        "pt": Decimal("0.033"),
    }
    assert job.cost_usd == Decimal("0.193")
    assert [row.cost_usd for row in reads.jobs(claims, [job.id])] == [Decimal("0.193")]


# The routes and the command line


def page(engine: Engine) -> TestClient:
    app = FastAPI()
    auth.install(app, TokenIdentity(SECRET, None, None, SystemClock()))
    app.include_router(admin_router(Costs(SqlCosts(engine)), "http://testserver"))
    errors.install(app)
    return TestClient(app)


def signed_in(admin: bool) -> dict[str, str]:
    session = local_session(SECRET, uuid4(), "a@example.org", timedelta(hours=1), admin)
    return {"Authorization": f"Bearer {session.access_token}"}


def test_administrators_read_costs_over_http(engine: Engine, spent: Spent) -> None:
    reply = page(engine).get("/api/admin/costs?by=language", headers=signed_in(admin=True))
    assert reply.status_code == 200
    body = reply.json()
    assert (body["by"], body["first"], body["last"]) == ("language", None, None)
    assert Decimal(body["total_usd"]) == Decimal("0.208")
    shared, spanish, portuguese = body["rows"]
    assert (shared["key"], Decimal(shared["amount_usd"])) == ("all", Decimal("0.1"))
    assert (spanish["key"], spanish["calls"]) == ("es", 1)
    assert Decimal(portuguese["unknown_usd"]) == Decimal("0.003")
    day = page(engine).get("/api/admin/costs?to=2020-01-01", headers=signed_in(admin=True))
    assert (day.json()["rows"], day.json()["last"]) == ([], "2020-01-01")


@pytest.mark.parametrize("by", By)
def test_pages_together_are_the_report(engine: Engine, rows: Rows, by: By) -> None:
    ledger = SqlLedger(engine, FilePriceBook())
    rows.ask("alter table ytdubber.cost_entries disable trigger user")
    for day in range(7):  # some cost the same
        job = rows.job("pt", "es")
        for task in job.tasks.values():
            receipt = spoken(100 * (day // 3 + 1))
            call = CallContext(job.id, task)
            ledger.attempt(call, receipt.engine, receipt.operation, receipt.quantities).settle(
                receipt
            )
        at = f"2026-11-0{day + 1}T12:00:00+00"
        rows.ask("update ytdubber.cost_entries set at = %s where job_id = %s", at, job.id)
    whole = _read(engine, f"?by={by}")[0]
    assert whole["count"] == len(whole["rows"])
    for limit in (1, 2, 3, 7):
        pages = _read(engine, f"?by={by}&limit={limit}&from=2026-11-01&to=2026-11-07")
        assert {(each["total_usd"], each["count"]) for each in pages} == {
            (whole["total_usd"], whole["count"])
        }
        assert [row for each in pages for row in each["rows"]] == whole["rows"]
        assert all(1 <= len(each["rows"]) <= limit for each in pages)


def _read(engine: Engine, query: str) -> list[Any]:
    """A report's pages, one after the other, as their links lead."""
    url, pages = f"/api/admin/costs{query}", list[Any]()
    while url:
        reply = page(engine).get(url, headers=signed_in(admin=True))
        assert reply.status_code == 200, reply.text
        pages.append(reply.json())
        url = reply.links.get("next", {}).get("url", "")
    return pages


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "é", "MSAA", "MWU5OTk5OTk5IGE", "LTEgYQ", "TmFOIGE", "MQ"]
)
def test_only_cursors_of_this_list_are_taken(engine: Engine, cursor: str) -> None:
    url = f"/api/admin/costs?by=job&cursor={cursor}"
    assert page(engine).get(url, headers=signed_in(admin=True)).status_code == 400


@pytest.mark.parametrize(
    ("query", "admin", "status"),
    [("", False, 403), ("", None, 401), ("?by=colour", True, 400), ("?from=now", True, 400)],
)
def test_nobody_else_does(engine: Engine, query: str, admin: bool | None, status: int) -> None:
    headers = {} if admin is None else signed_in(admin)
    assert page(engine).get(f"/api/admin/costs{query}", headers=headers).status_code == status


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "YTDUBBER_HOME": str(tmp_path)}


def test_costs_on_the_command_line(environment: dict[str, str], spent: Spent) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(costs_command.app, ["report", *words], env=environment)
        assert result.exit_code == 0, result.output
        assert "in no amount: 1." in result.stderr or "--to" in words
        return result.stdout

    table = run("--by", "vendor")
    assert "deepgram" in table
    assert "0.2080" in table
    by_job = list(csv.DictReader(io.StringIO(run("--by", "job", "--csv"))))
    assert {row["job"] for row in by_job} == {str(spent.first.id), str(spent.second.id)}
    assert run("--to", "2020-01-01") == "Nothing was spent.\n"


def test_a_table_says_how_much_it_leaves_out(
    environment: dict[str, str], rows: Rows, spent: Spent
) -> None:
    many = costs_command.MOST_ROWS + 3
    rows.ask(
        "alter table ytdubber.usage_receipts disable trigger all;"
        "alter table ytdubber.cost_entries disable trigger all;"
        "insert into ytdubber.usage_receipts (id, job_id, user_id, provider, model, version,"
        " operation, outcome, quantities) select md5(n::text)::uuid, md5(n::text)::uuid,"
        " md5(n::text)::uuid, 'a', 'm', '1', 'speak', 'succeeded', '[]'"
        f" from generate_series(3, {many}) as n;"
        "insert into ytdubber.cost_entries (id, receipt_id, job_id, user_id, provider, unit,"
        " quantity, amount_usd) select md5(n::text)::uuid, md5(n::text)::uuid,"
        " md5(n::text)::uuid, md5(n::text)::uuid, 'a', 'u', 1, 1"
        f" from generate_series(3, {many}) as n;"
    )
    words = ["report", "--by", "job"]
    result = CliRunner().invoke(costs_command.app, words, env=environment)
    assert "3 rows more are in the total: --csv prints all." in result.stderr
    assert f"{many - 2 + 0.208:.4f}" in result.stdout
    result = CliRunner().invoke(costs_command.app, [*words, "--csv"], env=environment)
    assert len(result.stdout.splitlines()) == 1 + many


def test_credit_on_the_command_line(environment: dict[str, str], rows: Rows, spent: Spent) -> None:
    def grant(user_id: UUID, *words: str) -> str:
        words = ("grant", "--why", "Welcome", str(user_id), *words)
        result = CliRunner().invoke(credit_command.app, words, env=environment)
        assert result.exit_code == 0, result.output
        return result.stdout

    assert grant(spent.first.user_id, "500") == "They have 5.00 USD now.\n"
    assert grant(spent.first.user_id, "--", "-125") == "They have 3.75 USD now.\n"
    said = rows.ask("select kind, description from ytdubber.credit_transactions limit 1")
    assert said == [{"kind": "grant", "description": "Welcome"}]
