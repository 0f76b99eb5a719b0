"""Credit: taken once when a job is queued, paid back for languages that were not made."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.money.harness import CLOCK, PRICE, BillingHarness, scratch
from tests.integration.worker.rows import Rows

from ytdubber.api.errors import respond
from ytdubber.app.jobs.end_job import EndJob
from ytdubber.app.jobs.submit_job import SubmitJob
from ytdubber.app.uploads.job_options import CheckOptions
from ytdubber.app.uploads.stem_lengths import StemLengths
from ytdubber.domain.admission import Backlog
from ytdubber.domain.credit import CreditKind, charge, language_cents, refund
from ytdubber.domain.errors import BadField, InsufficientCredit
from ytdubber.domain.job import Job
from ytdubber.domain.limits import Limits


def test_a_job_takes_its_price_and_gives_back_that_of_what_failed(harness: BillingHarness) -> None:
    harness.billing.grant(harness.claims.user_id, 1000, "Welcome")
    job_id = harness.queued("pt", "es", "de")
    assert harness.balance_cents == 1000 - 3 * PRICE
    harness.end(job_id, pt="failed", es="complete", de="cancelled")
    assert harness.entries == [
        ("grant", 1000),
        ("charge", -3 * PRICE),
        ("refund", PRICE),
        ("refund", PRICE),
    ]
    harness.finish(job_id)
    assert harness.balance_cents == 1000 - PRICE
    said = {entry.description for entry in harness.billing.history(harness.claims)}
    assert said == {
        "Welcome",
        "talk.wav in 3 languages",
        "talk.wav: Portuguese was not dubbed",
        "talk.wav: German was not dubbed",
    }


def test_a_language_that_is_tried_again_is_paid_back_once(
    rows: Rows, harness: BillingHarness
) -> None:
    harness.billing.grant(harness.claims.user_id, 1000, "x")
    job_id = harness.queued("pt")
    harness.end(job_id, pt="failed")
    rows.ask("update ytdubber.dubbing_jobs set finished_at = null, stage = 'queued'")
    rows.ask("update ytdubber.language_tasks set stage = 'queued'")
    harness.end(job_id, pt="failed")
    assert harness.balance_cents == 1000


def test_a_job_nobody_wants_any_more_is_paid_back(harness: BillingHarness) -> None:
    harness.billing.grant(harness.claims.user_id, 1000, "x")
    job_id = harness.queued("pt", "es")
    EndJob(harness.database.as_user, harness.media, CLOCK).delete(harness.claims, job_id)
    harness.finish(job_id)
    assert harness.balance_cents == 1000


def test_without_enough_credit_nothing_is_queued_or_taken(harness: BillingHarness) -> None:
    harness.billing.grant(harness.claims.user_id, 2 * PRICE - 1, "x")
    job_id = harness.announced("pt", "es")
    with pytest.raises(InsufficientCredit) as refused:
        harness.submit(harness.claims, job_id, None)
    assert str(refused.value) == (
        "This job costs 1.50 USD and your credit is 1.49 USD. Add credit and submit the job again,"
        " or take fewer languages."
    )
    reply = respond(refused.value)
    assert reply.status_code == 402
    told = json.loads(bytes(reply.body))
    assert told.pop("request_id")
    assert told == {"error": "insufficient_credit", "message": str(refused.value)}
    assert harness.stage(job_id) == "awaiting_upload"
    assert harness.balance_cents == 2 * PRICE - 1
    harness.billing.grant(harness.claims.user_id, 1, "x")
    harness.submit(harness.claims, job_id, None)
    assert (harness.stage(job_id), harness.balance_cents) == ("queued", 0)


def test_the_same_job_submitted_at_once_is_charged_once(harness: BillingHarness) -> None:
    harness.billing.grant(harness.claims.user_id, 1000, "x")
    job_id = harness.announced("pt")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: harness.submit(harness.claims, job_id, None), range(4)))
    assert harness.entries == [("grant", 1000), ("charge", -PRICE)]


def test_jobs_submitted_at_once_never_take_more_than_there_is(harness: BillingHarness) -> None:
    harness.billing.grant(harness.claims.user_id, 2 * PRICE + 5, "x")
    jobs = [harness.announced("pt") for _ in range(6)]

    def submit(job_id: UUID) -> bool:
        try:
            harness.submit(harness.claims, job_id, None)
        except InsufficientCredit:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(submit, jobs)) == 2
    assert harness.balance_cents == 5
    assert sorted(map(harness.stage, jobs)) == ["awaiting_upload"] * 4 + ["queued"] * 2


def test_without_a_price_nothing_is_taken(harness: BillingHarness, rows: Rows) -> None:
    free = SubmitJob(
        as_user=harness.database.as_user,
        media=harness.media,
        clock=CLOCK,
        check_options=CheckOptions(lambda: pytest.fail("nobody asks")),
        limits=Limits(),
        backlog=lambda _: Backlog(),
        lengths=StemLengths(harness.database.as_service, harness.media, scratch),
    )
    job_id = harness.announced("pt")
    free(harness.claims, job_id, None)
    harness.end(job_id, pt="failed")
    assert rows.one("select count(*) from ytdubber.credit_transactions") == 0


def test_nobody_is_given_anything_who_never_signed_in(harness: BillingHarness) -> None:
    with pytest.raises(BadField, match="has signed in"):
        harness.billing.grant(uuid4(), 5, "x")


@given(
    voice_ms=st.integers(1, 10_800_000),
    cents_per_minute=st.integers(0, 10_000),
    languages=st.lists(
        st.sampled_from("ar bg cs da de el es fi fr hi".split()), unique=True, min_size=1
    ),
    failing=st.integers(0, 10),
)
def test_charge_and_refunds_add_up_to_the_languages_made(
    voice_ms: int, cents_per_minute: int, languages: list[str], failing: int
) -> None:
    at, user = datetime.now(UTC), uuid4()
    cents = language_cents(voice_ms, cents_per_minute)
    assert 0 <= cents * 60_000 - voice_ms * cents_per_minute < 60_000
    job = Job(uuid4(), None, tuple(languages), at, user_id=user)
    charged = charge(user, job, cents, at)
    failed = languages[:failing]
    back = [refund(charged, job, language, at) for language in failed]
    made = len(languages) - len(failed)
    assert charged.amount_cents + sum(e.amount_cents for e in back) == -cents * made
    assert len({entry.key for entry in (charged, *back)}) == 1 + len(back)
    assert {entry.kind for entry in back} <= {CreditKind.REFUND}
