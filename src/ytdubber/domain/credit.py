"""Prepaid credit: what users paid in, and what their jobs took from it. Amounts are whole cents."""

import enum
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from .job import Job
from .languages import NAMES

CURRENCY = "usd"
"""The one currency credit is kept in."""


class CreditKind(enum.StrEnum):
    """Why credit moved; only a charge takes some away."""

    PURCHASE = "purchase"
    GRANT = "grant"
    CHARGE = "charge"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class CreditEntry:
    """One movement of a user's credit.

    Attributes:
        id: The entry.
        user_id: Whose credit.
        kind: Why it moved.
        amount_cents: How much; below 0 for a charge.
        description: The same for people.
        key: What it is for: there is never a second entry with the same key.
        created_at: When.
        job_id: The job it is for, if any.
        succeeded: False for a payment that came to nothing, which counts for nothing.
    """

    id: UUID
    user_id: UUID
    kind: CreditKind
    amount_cents: int
    description: str
    key: str
    created_at: datetime
    job_id: UUID | None = None
    succeeded: bool = True


def language_cents(voice_ms: int, cents_per_minute: int) -> int:
    """The price of dubbing a recording into one language; a cent begun is a cent."""
    return -(-voice_ms * cents_per_minute // 60_000)


def charge_key(job_id: UUID) -> str:
    """The key of the one charge for a job."""
    return f"charge:{job_id}"


def charge(user_id: UUID, job: Job, cents_per_language: int, at: datetime) -> CreditEntry:
    """What a job takes: the price of all its languages."""
    count = len(job.target_languages)
    languages = f"{count} language{'' if count == 1 else 's'}"
    return CreditEntry(
        id=uuid4(),
        user_id=user_id,
        kind=CreditKind.CHARGE,
        amount_cents=-cents_per_language * count,
        description=f"{job.title} in {languages}",
        key=charge_key(job.id),
        created_at=at,
        job_id=job.id,
    )


def refund(charged: CreditEntry, job: Job, language: str, at: datetime) -> CreditEntry:
    """What comes back for a language that was not dubbed: its share of the charge."""
    return CreditEntry(
        id=uuid4(),
        user_id=charged.user_id,
        kind=CreditKind.REFUND,
        amount_cents=-charged.amount_cents // len(job.target_languages),
        description=f"{job.title}: {NAMES[language]} was not dubbed",
        key=f"refund:{job.id}:{language}",
        created_at=at,
        job_id=job.id,
    )
