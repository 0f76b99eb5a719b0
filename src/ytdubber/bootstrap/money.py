"""Prices, budgets and payments, by the settings in force."""

from pathlib import Path

from sqlalchemy import Engine

from ytdubber.adapters.db.money.kept_receipts import KeptReceipts
from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.stripe.payments import StripePayments
from ytdubber.bootstrap.prices import price_book
from ytdubber.domain.spending import Budgets
from ytdubber.settings import MoneySettings


def ledger(engine: Engine, settings: MoneySettings, data: Path) -> SqlLedger:
    """The book of what was asked of engines, which middleware the budgets; receipts that cannot be
    written are kept in the data folder.
    """
    budgets = Budgets(
        settings.job_budget_usd, settings.user_month_budget_usd, settings.day_budget_usd
    )
    kept = KeptReceipts(data / "receipts")
    return SqlLedger(engine, price_book(settings), budgets, kept=kept)


def payments(settings: MoneySettings) -> StripePayments | None:
    """Whoever takes users' money; None where no key is set."""
    if settings.stripe_secret_key is None:
        return None
    webhook = settings.stripe_webhook_secret
    return StripePayments(
        settings.stripe_secret_key.get_secret_value(),
        webhook.get_secret_value() if webhook else None,
        settings.stripe_url,
    )
