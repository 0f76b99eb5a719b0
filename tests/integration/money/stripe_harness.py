"""Billing at a double of Stripe."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.integration.money.harness import CLOCK

from ytdubber.adapters.db.database import Database
from ytdubber.adapters.identity.tokens import TokenIdentity, local_session
from ytdubber.adapters.stripe.payments import StripePayments
from ytdubber.api import auth, errors, limits
from ytdubber.api.billing import billing_router
from ytdubber.app.money.billing import Billing
from ytdubber.domain.credit import CreditEntry
from ytdubber.ports.identity import Claims
from ytdubber.testing.vendor_double import KEY, VendorDouble, running

WEBHOOK_KEY = "whsec_test"
SECRET = "s" * 32


@dataclass
class StripeHarness:
    """Billing at a double of Stripe."""

    double: VendorDouble
    payments: StripePayments
    billing: Billing
    claims: Claims

    @property
    def token(self) -> dict[str, str]:
        session = local_session(SECRET, self.claims.user_id, "a@example.org", timedelta(hours=1))
        return {"Authorization": f"Bearer {session.access_token}"}

    def page(self, payments: StripePayments | None) -> TestClient:
        """The billing routes."""
        app = FastAPI()
        auth.install(app, TokenIdentity(SECRET, None, None, CLOCK))
        limits.install(app, limits.RequestLimit(10_000, CLOCK))
        billing = Billing(self.billing.as_user, self.billing.as_service, CLOCK, payments)
        app.include_router(billing_router(billing, ""))
        errors.install(app)
        return TestClient(app)

    def paid(self, amount: int = 1000, **more: object) -> dict[str, Any]:
        """A payment intent as Stripe tells of it."""
        self.billing.begin_payment(self.claims, amount)
        (intent,) = list(self.double.stripe.payment_intents.values())[-1:]
        return {**intent, "amount_received": amount, "status": "succeeded", **more}

    @property
    def history(self) -> list[CreditEntry]:
        return list(self.billing.history(self.claims))

    @property
    def balance_cents(self) -> int:
        with self.billing.as_user(self.claims) as work:
            return work.credits.balance_cents(self.claims.user_id)


@contextmanager
def open_stripe_harness(database: Database) -> Iterator[StripeHarness]:
    """A till for a user nobody has seen before."""
    claims = Claims(uuid4(), "a@example.org", "authenticated", {})
    with running(double := VendorDouble()) as url:
        payments = StripePayments(KEY, WEBHOOK_KEY, url)
        billing = Billing(database.as_user, database.as_service, CLOCK, payments)
        yield StripeHarness(double, payments, billing, claims)
        payments.close()
