"""What was spent on vendors, added up."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


class By(enum.StrEnum):
    """What costs are added up by."""

    JOB = "job"
    LANGUAGE = "language"
    VENDOR = "vendor"
    USER = "user"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class CostRow:
    """One row of a report.

    Attributes:
        key: The job's or user's id, the language (empty for what all languages share), the vendor
            or the day.
        calls: How many calls cost something.
        amount_usd: What they cost, exactly.
        unknown_usd: How much of it is estimated: nobody knows what became of these calls.
        unpriced: How many quantities have no price in the book; they are not in the amount.
    """

    key: str
    calls: int
    amount_usd: Decimal
    unknown_usd: Decimal
    unpriced: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a report ends: what its last row is called, and cost."""

    key: str
    amount_usd: Decimal


@dataclass(frozen=True, slots=True)
class CostRows:
    """Some rows of a report, and what all of them come to.

    Attributes:
        rows: Those asked for.
        count: How many there are in all.
        total_usd: What all of them cost.
        unpriced: How many quantities have no price, in all of them.
    """

    rows: Sequence[CostRow]
    count: int
    total_usd: Decimal
    unpriced: int


class CostReports(Protocol):
    """The record of costs."""

    def report(
        self,
        by: By,
        first: date | None,
        last: date | None,
        limit: int | None = None,
        after: Place | None = None,
    ) -> CostRows:
        """Costs from the first to the last day (UTC, both included): days in order, else the
        dearest first; at most `limit` rows, those that follow a place.
        """
        ...
