"""What the payment service is to be told, kept until it has heard it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class UsageReport:
    """So much was used.

    Attributes:
        meter: The name of what is counted: `dub_minutes`.
        customer: Whom the payment service counts it for.
        value: How much.
        key: What it is for: it is reported once, however often it is sent.
        at: When it was used.
    """

    meter: str
    customer: str
    value: int
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that has not been heard.

    Attributes:
        id: Its row.
        report: What to send.
        attempts: How often it was sent in vain.
    """

    id: UUID
    report: UsageReport
    attempts: int


class Outbox(Protocol):
    """The way in: a report is there when the transaction it is added in is committed."""

    def add(self, report: UsageReport) -> None:
        """Have it sent; nothing happens where one with its key is there."""
        ...


class OutboxRows(Protocol):
    """The way out. The time is the database's."""

    def due(self, limit: int) -> Sequence[Waiting]:
        """What may be sent now, the oldest first."""
        ...

    def sent(self, row_id: UUID) -> None:
        """It was heard."""
        ...

    def failed(self, row_id: UUID, error: str, again_in_s: float | None) -> None:
        """It was not; it is due again after so long, or never."""
        ...
