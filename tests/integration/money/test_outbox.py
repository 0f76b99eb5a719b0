"""Usage is told to Stripe once, and again until it has been heard."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from tests.integration.money.harness import CLOCK, BillingHarness
from tests.integration.money.stripe_harness import StripeHarness
from tests.integration.worker.rows import Rows

from ytdubber.adapters.db.database import Database
from ytdubber.adapters.db.money.outbox import SqlOutboxRows
from ytdubber.app.operations.send_outbox import FIRST_S, LONGEST_S, SendOutbox, Sent, pause_s
from ytdubber.ports.outbox import UsageReport, Waiting
from ytdubber.testing.vendor_double import Fault


@pytest.fixture
def send(stripe_harness: StripeHarness, engine: Engine) -> SendOutbox:
    return SendOutbox(SqlOutboxRows(engine), stripe_harness.payments, CLOCK)


def report(database: Database, key: str = "job-1:minutes", value: int = 3) -> None:
    with database.as_service() as work:
        at = datetime.now(UTC) - timedelta(minutes=1)
        work.outbox.add(UsageReport("dub_minutes", "cus_1", value, key, at))
        work.commit()


def due_now(rows: Rows) -> None:
    rows.ask("update ytdubber.outbox set next_at = now() where next_at is not null")


def test_the_minutes_of_a_finished_job_are_told(
    rows: Rows,
    stripe_harness: StripeHarness,
    send: SendOutbox,
    harness: BillingHarness,
) -> None:
    harness.billing.grant(harness.claims.user_id, 1000, "x")
    user = harness.claims.user_id
    rows.ask("update ytdubber.users set stripe_customer_id = 'cus_7' where id = %s", user)
    job_id = harness.queued("pt", "es", "de")
    facts = {
        "samples": 1,
        "sample_rate_hz": 8000,
        "voice_ms": 90_000,
        "background_ms": None,
        "engine": {"provider": "x", "model": "x", "version": "1"},
        "timings_ms": {},
    }
    with harness.database.as_service() as work:
        work.job_repository.save_prepared(job_id, facts)
        work.commit()
    harness.end(job_id, pt="complete", es="failed", de="complete")
    harness.finish(job_id)
    assert send() == Sent(sent=1)
    assert send() == Sent()
    (event,) = stripe_harness.double.stripe.meter_events
    assert event["event_name"] == "dub_minutes"
    assert event["payload"] == {"stripe_customer_id": "cus_7", "value": "3"}
    assert event["identifier"] == f"{job_id}:minutes"


def test_users_stripe_does_not_know_are_not_reported(rows: Rows, harness: BillingHarness) -> None:
    harness.billing.grant(harness.claims.user_id, 1000, "x")
    harness.end(harness.queued("pt"), pt="complete")
    assert rows.one("select count(*) from ytdubber.outbox") == 0


def test_what_is_not_answered_is_sent_again_later_and_counts_once(
    rows: Rows, database: Database, stripe_harness: StripeHarness, send: SendOutbox
) -> None:
    report(database)
    report(database)
    stripe_harness.double.script("stripe.meter_events", Fault.status(500), Fault.disconnect())
    assert send() == Sent(failed=1)
    assert send() == Sent()
    (row,) = rows.ask("select attempts, error, next_at - now() as wait from ytdubber.outbox")
    assert row["attempts"] == 1
    assert "does not answer" in row["error"]
    assert FIRST_S - 20 < row["wait"].total_seconds() <= FIRST_S
    due_now(rows)
    assert send() == Sent(failed=1)
    (row,) = rows.ask("select next_at - now() as wait from ytdubber.outbox")
    assert 2 * FIRST_S - 20 < row["wait"].total_seconds() <= 2 * FIRST_S
    due_now(rows)
    assert send() == Sent(sent=1)
    assert len(stripe_harness.double.stripe.meter_events) == 1
    (row,) = rows.ask("select next_at, sent_at, error from ytdubber.outbox")
    assert (row["next_at"], row["error"]) == (None, None)
    assert row["sent_at"] is not None


def test_a_worker_that_dies_before_it_notes_a_report_does_no_harm(
    rows: Rows, database: Database, stripe_harness: StripeHarness, send: SendOutbox
) -> None:
    report(database)
    again = "update ytdubber.outbox set sent_at = null, next_at = now()"
    assert send() == Sent(sent=1)
    rows.ask(again)
    assert send() == Sent(sent=1)
    rows.ask(again)
    # Stripe has forgotten the idempotency key, and still knows the identifier.
    stripe_harness.double.stripe._given.clear()
    assert send() == Sent(sent=1)
    assert len(stripe_harness.double.stripe.meter_events) == 1


def test_what_stripe_does_not_take_holds_nothing_up_and_is_tried_again(
    rows: Rows, database: Database, stripe_harness: StripeHarness, send: SendOutbox
) -> None:
    """As while the account has no such meter."""
    report(database, "first")
    report(database, "second")
    stripe_harness.double.script("stripe.meter_events", Fault.status(400))
    assert send() == Sent(sent=1, failed=1)
    wait = rows.one("select next_at - now() from ytdubber.outbox where next_at is not null")
    assert LONGEST_S - 20 < wait.total_seconds() <= LONGEST_S
    due_now(rows)
    assert send() == Sent(sent=1)


def test_what_stripe_will_never_take_is_given_up(
    rows: Rows, database: Database, stripe_harness: StripeHarness, send: SendOutbox
) -> None:
    with database.as_service() as work:
        long_ago = datetime.now(UTC) - timedelta(days=40)
        work.outbox.add(UsageReport("dub_minutes", "cus_1", 1, "old", long_ago))
        work.commit()
    report(database)
    assert send() == Sent(sent=1, failed=1)
    due_now(rows)
    assert send() == Sent()
    error = rows.one("select error from ytdubber.outbox where idempotency_key = 'old'")
    assert "35 days" in error


def test_while_stripe_is_away_one_report_finds_out_for_all(
    rows: Rows, database: Database, stripe_harness: StripeHarness, send: SendOutbox
) -> None:
    for number in range(3):
        report(database, f"job-{number}:minutes")
    stripe_harness.double.script("stripe.meter_events", Fault.status(503))
    assert send() == Sent(failed=1)
    due_now(rows)
    assert send() == Sent(sent=3)


def test_waits_double_up_to_a_bound() -> None:
    usage = UsageReport("m", "c", 1, "k", datetime.now(UTC))
    waits = [pause_s(Waiting(uuid4(), usage, attempts)) for attempts in (0, 1, 2, 8, 9, 5000)]
    assert waits == [60, 120, 240, 15_360, LONGEST_S, LONGEST_S]
