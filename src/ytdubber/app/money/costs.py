"""Reports of what was spent on vendors."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ytdubber.domain.errors import BadField
from ytdubber.ports.costs import By, CostReports, CostRow, Place

SHARED = "all"
"""How a report calls what all languages of a job share."""


@dataclass(frozen=True, slots=True)
class CostReport:
    """What was spent from the first to the last day, both included; ever, where they are None.

    Attributes:
        by: What it is added up by.
        first: The first day.
        last: The last day.
        rows: A page of the report, or all of it.
        count: How many rows there are in all.
        total_usd: What all rows cost together, exactly.
        unpriced: How many quantities have no price, in all rows.
        following: Where this page ends, if another follows.
    """

    by: By
    first: date | None
    last: date | None
    rows: Sequence[CostRow]
    count: int
    total_usd: Decimal
    unpriced: int
    following: Place | None

    def name(self, row: CostRow) -> str:
        """How the report calls a row."""
        return row.key or SHARED

    def csv(self) -> str:
        """A line for each row under a line of headings; amounts are exact."""
        text = io.StringIO()
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow((self.by.value, "calls", "amount_usd", "unknown_usd", "unpriced"))
        for row in self.rows:
            amounts = (f"{row.amount_usd:f}", f"{row.unknown_usd:f}")
            lines.writerow((self.name(row), row.calls, *amounts, row.unpriced))
        return text.getvalue()


@dataclass(frozen=True, slots=True)
class Costs:
    """The use case over its port."""

    reports: CostReports

    def __call__(
        self,
        by: By,
        first: date | None,
        last: date | None,
        limit: int | None = None,
        after: Place | None = None,
    ) -> CostReport:
        """What was spent on these days (UTC); at most so many rows, those after a place.

        Raises:
            BadField: the last day is before the first.
        """
        if first and last and last < first:
            raise BadField(field="to", reason=f"{last} is before {first}")
        found = self.reports.report(by, first, last, None if limit is None else limit + 1, after)
        rows, following = found.rows, None
        if limit is not None and len(rows) > limit:
            rows = rows[:limit]
            following = Place(rows[-1].key, rows[-1].amount_usd)
        return CostReport(
            by, first, last, rows, found.count, found.total_usd, found.unpriced, following
        )
