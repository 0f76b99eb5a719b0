"""Stripe: credit is bought once, whatever comes twice or not at all."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.integration.money.stripe_harness import WEBHOOK_KEY, StripeHarness
from tests.integration.worker.rows import Rows

from ytdubber.adapters.stripe.payments import StripePayments
from ytdubber.domain.errors import BadField, PaymentsUnavailable
from ytdubber.testing.vendor_double import KEY, Fault, signed_event

PAY = "/api/billing/create-payment-intent"
HOOK = "/api/billing/webhook"


def test_a_payment_begins_for_the_signed_in_user(rows: Rows, stripe_harness: StripeHarness) -> None:
    page = stripe_harness.page(stripe_harness.payments)
    replies = [
        page.post(PAY, json={"amount": 1500}, headers=stripe_harness.token) for _ in range(2)
    ]
    assert [reply.status_code for reply in replies] == [200, 200]
    (customer,) = stripe_harness.double.stripe.customers.values()
    assert customer["metadata"] == {"user_id": str(stripe_harness.claims.user_id)}
    assert rows.one("select stripe_customer_id from ytdubber.users") == customer["id"]
    first, second = stripe_harness.double.stripe.payment_intents.values()
    assert replies[0].json() == {"client_secret": first["client_secret"]}
    assert (first["amount"], first["currency"], first["customer"]) == (1500, "usd", customer["id"])
    assert first["metadata"]["user_id"] == str(stripe_harness.claims.user_id)
    assert second["customer"] == customer["id"]


def test_a_user_becomes_one_customer_also_when_asking_twice_at_once(
    stripe_harness: StripeHarness,
) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda _: stripe_harness.billing.begin_payment(stripe_harness.claims, 500), range(4)
            )
        )
    assert len(stripe_harness.double.stripe.customers) == 1


def test_without_a_key_503_and_without_a_token_401(stripe_harness: StripeHarness) -> None:
    closed = stripe_harness.page(None)
    for headers in ({}, stripe_harness.token):
        reply = closed.post(PAY, json={"amount": 500}, headers=headers)
        assert reply.status_code == 503
        assert reply.json()["error"] == "payments_not_configured"
    assert closed.post(HOOK, content=b"{}").status_code == 503
    reply = stripe_harness.page(stripe_harness.payments).post(PAY, json={"amount": 500})
    assert (reply.status_code, reply.json()["error"]) == (401, "unauthorized")


@pytest.mark.parametrize("amount", [0, 49, 1_000_001, "many"])
def test_amounts_nobody_can_pay(stripe_harness: StripeHarness, amount: object) -> None:
    reply = stripe_harness.page(stripe_harness.payments).post(
        PAY, json={"amount": amount}, headers=stripe_harness.token
    )
    assert reply.status_code == 400
    assert "amount" in reply.json()["message"].lower()
    assert not stripe_harness.double.stripe.payment_intents


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault.status(500), 503, "payments_unavailable"),
        (Fault.status(429), 503, "payments_unavailable"),
        (Fault.disconnect(), 503, "payments_unavailable"),
        (Fault.truncated_json(), 503, "payments_unavailable"),
        (Fault.status(401), 503, "payments_unavailable"),
        (Fault.status(400), 400, "payment_refused"),
    ],
)
def test_what_stripe_cannot_do(
    stripe_harness: StripeHarness, fault: Fault, status: int, code: str
) -> None:
    stripe_harness.double.script("stripe.payment_intents", fault)
    page = stripe_harness.page(stripe_harness.payments)
    reply = page.post(PAY, json={"amount": 500}, headers=stripe_harness.token)
    assert (reply.status_code, reply.json()["error"]) == (status, code)
    assert page.post(PAY, json={"amount": 500}, headers=stripe_harness.token).status_code == 200


def test_a_payment_counts_once_however_often_it_is_told(stripe_harness: StripeHarness) -> None:
    page, intent = stripe_harness.page(stripe_harness.payments), stripe_harness.paid(1200)
    body, signature = signed_event("payment_intent.succeeded", intent, WEBHOOK_KEY)
    other, other_signature = signed_event("payment_intent.succeeded", intent, WEBHOOK_KEY)
    hooks = [(body, signature), (body, signature), (other, other_signature)]

    def hook(told: tuple[bytes, str]) -> int:
        return page.post(HOOK, content=told[0], headers={"Stripe-Signature": told[1]}).status_code

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(hook, hooks)) == [200, 200, 200]
    assert stripe_harness.balance_cents == 1200
    (entry,) = page.get("/api/billing/transactions", headers=stripe_harness.token).json()
    assert entry | {"id": "", "created_at": ""} == {
        "id": "",
        "created_at": "",
        "amount": 1200.0,
        "currency": "usd",
        "status": "succeeded",
        "description": "Credit",
    }


def test_a_failed_payment_is_shown_and_counts_for_nothing(stripe_harness: StripeHarness) -> None:
    intent = stripe_harness.paid(900, last_payment_error={"message": "Your card was declined."})
    for _ in range(2):
        told = signed_event("payment_intent.payment_failed", intent, WEBHOOK_KEY)
        stripe_harness.billing.receive(*told)
        stripe_harness.billing.receive(*told)
    assert stripe_harness.balance_cents == 0
    assert [(e.amount_cents, e.succeeded) for e in stripe_harness.history] == [(900, False)] * 2
    assert stripe_harness.history[0].description == "Credit: Your card was declined."
    stripe_harness.billing.receive(*signed_event("payment_intent.succeeded", intent, WEBHOOK_KEY))
    assert stripe_harness.balance_cents == 900


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda b, s: (b, ""), "its signature is not right"),
        (lambda b, s: (b, s[:-1] + "x"), "its signature is not right"),
        (lambda b, s: (b.replace(b"1000", b"9000"), s), "its signature is not right"),
        (lambda b, s: (b"\xff" + b, s), "it is not text"),
        (lambda b, s: (b, "t=1,v1=é"), "its signature is not right"),
    ],
)
def test_what_stripe_did_not_send(
    stripe_harness: StripeHarness, spoil: Callable[[bytes, str], tuple[bytes, str]], why: str
) -> None:
    body, signature = spoil(
        *signed_event("payment_intent.succeeded", stripe_harness.paid(1000), WEBHOOK_KEY)
    )
    headers = {b"Stripe-Signature": signature.encode("latin-1")}
    reply = stripe_harness.page(stripe_harness.payments).post(HOOK, content=body, headers=headers)
    assert (reply.status_code, reply.json()["error"]) == (400, "webhook_refused")
    assert why in reply.json()["message"]
    assert stripe_harness.balance_cents == 0


def test_an_old_message_is_refused(stripe_harness: StripeHarness) -> None:
    old = int(time.time()) - 600
    told = signed_event("payment_intent.succeeded", stripe_harness.paid(), WEBHOOK_KEY, at=old)
    reply = stripe_harness.page(stripe_harness.payments).post(
        HOOK, content=told[0], headers={"Stripe-Signature": told[1]}
    )
    assert reply.status_code == 400
    assert "too old" in reply.json()["message"]


def test_a_message_as_long_as_a_book_is_refused(stripe_harness: StripeHarness) -> None:
    reply = stripe_harness.page(stripe_harness.payments).post(HOOK, content=b"x" * 600_000)
    assert reply.status_code == 413


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("invoice.paid", {"id": "in_1", "object": "invoice"}),
        ("payment_intent.succeeded", {"id": "pi_1", "amount": 5, "metadata": {}}),
        ("payment_intent.succeeded", {"id": "pi_1", "amount": 5, "metadata": None}),
        (
            "payment_intent.succeeded",
            {
                "id": "pi_1",
                "amount": 5,
                "amount_received": 5,
                "currency": "usd",
                "metadata": {"purpose": "ytdubber credit", "user_id": str(UUID(int=7))},
            },
        ),
    ],
)
def test_messages_about_something_else_are_taken_in_and_change_nothing(
    rows: Rows, stripe_harness: StripeHarness, kind: str, thing: dict[str, Any]
) -> None:
    body, signature = signed_event(kind, thing, WEBHOOK_KEY)
    reply = stripe_harness.page(stripe_harness.payments).post(
        HOOK, content=body, headers={"Stripe-Signature": signature}
    )
    assert (reply.status_code, reply.json()) == (200, {"received": True})
    assert rows.one("select count(*) from ytdubber.credit_transactions") == 0


@pytest.mark.parametrize("metadata", ["credit", ["purpose"], 7, True, {"purpose": ["a"]}])
def test_odd_metadata_is_somebody_elses(stripe_harness: StripeHarness, metadata: object) -> None:
    told = signed_event(
        "payment_intent.succeeded", stripe_harness.paid(metadata=metadata), WEBHOOK_KEY
    )
    headers = {"Stripe-Signature": told[1]}
    assert (
        stripe_harness.page(stripe_harness.payments)
        .post(HOOK, content=told[0], headers=headers)
        .status_code
        == 200
    )
    assert stripe_harness.balance_cents == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"amount_received": 10**30},
        {"amount_received": -5},
        {"id": "pi_\0"},
        {"id": ""},
        {"metadata": {"purpose": "ytdubber credit", "user_id": "nobody"}},
    ],
)
def test_a_payment_that_cannot_be_is_refused(
    stripe_harness: StripeHarness, odd: dict[str, Any]
) -> None:
    told = signed_event("payment_intent.succeeded", stripe_harness.paid(**odd), WEBHOOK_KEY)
    headers = {"Stripe-Signature": told[1]}
    reply = stripe_harness.page(stripe_harness.payments).post(
        HOOK, content=told[0], headers=headers
    )
    assert (reply.status_code, reply.json()["error"]) == (400, "webhook_refused")
    assert stripe_harness.balance_cents == 0


def test_a_reason_no_database_holds_is_written_out(stripe_harness: StripeHarness) -> None:
    intent = stripe_harness.paid(last_payment_error={"message": "No\0 \x1b[31m"})
    stripe_harness.billing.receive(
        *signed_event("payment_intent.payment_failed", intent, WEBHOOK_KEY)
    )
    assert stripe_harness.history[0].description == r"Credit: No\x00 \x1b[31m"


@pytest.mark.parametrize("cents", [10**30, -(10**30), 100_000_001])
def test_absurd_credit_is_refused(stripe_harness: StripeHarness, cents: int) -> None:
    stripe_harness.paid()
    with pytest.raises(BadField, match="can be given at once"):
        stripe_harness.billing.grant(stripe_harness.claims.user_id, cents, "Credit")


def test_without_the_webhook_secret_nothing_can_be_checked(stripe_harness: StripeHarness) -> None:
    page = stripe_harness.page(StripePayments(KEY))
    assert page.post(HOOK, content=b"{}").status_code == 503


def test_nobody_there() -> None:
    payments = StripePayments("key", base_url="http://127.0.0.1:9")
    with pytest.raises(PaymentsUnavailable, match="nothing was paid"):
        payments.customer(uuid4())
    payments.close()
