"""Jobs are paid for from credit when they are submitted; languages that fail are paid back."""

from collections.abc import Sequence
from datetime import datetime

from ytdubber.domain import credit
from ytdubber.domain.errors import InsufficientCredit
from ytdubber.domain.job import Job
from ytdubber.ports.credits import Credits


def charge(credits: Credits, job: Job, voice_ms: int, cents_per_minute: int, at: datetime) -> None:
    """Take the price of a job, once.

    Args:
        credits: The book, in the transaction that queues the job.
        job: Whose languages are to be paid for.
        voice_ms: How long the recording is.
        cents_per_minute: The price of a minute in one language; nothing is taken when 0.
        at: When.

    Raises:
        InsufficientCredit: its user has less.
    """
    cents = credit.language_cents(voice_ms, cents_per_minute)
    if not cents or job.user_id is None:
        return
    balance_cents = credits.hold(job.user_id)
    entry = credit.charge(job.user_id, job, cents, at)
    if credits.find(entry.key) is not None:
        return
    if balance_cents + entry.amount_cents < 0:
        raise InsufficientCredit(price=shown(-entry.amount_cents), balance=shown(balance_cents))
    credits.add(entry)


def refund(credits: Credits, job: Job, languages: Sequence[str], at: datetime) -> None:
    """Give back what was taken for these languages of a job, once for each."""
    charged = credits.find(credit.charge_key(job.id))
    if charged is None:
        return
    for language in languages:
        credits.add(credit.refund(charged, job, language, at))


def shown(cents: int) -> str:
    """An amount for people: `12.50 USD`."""
    return f"{cents / 100:.2f} {credit.CURRENCY.upper()}"
