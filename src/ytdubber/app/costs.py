"""Reports of what was spent on vendors."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ytdubber.domain.errors import BadField
from ytdubber.ports.costs import By, CostBook, CostRow

SHARED = "all"
"""How a report calls what all languages of a job share."""


@dataclass(frozen=True, slots=True)
class CostReport:
    """What was spent from the first to the last day, both included; ever, where they are None."""

    by: By
    first: date | None
    last: date | None
    rows: Sequence[CostRow]

    @property
    def total_usd(self) -> Decimal:
        """All rows together, exactly."""
        return sum((row.amount_usd for row in self.rows), Decimal(0))

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

    book: CostBook

    def __call__(self, by: By, first: date | None, last: date | None) -> CostReport:
        """What was spent on these days (UTC).

        Raises:
            BadField: the last day is before the first.
        """
        if first and last and last < first:
            raise BadField(field="to", reason=f"{last} is before {first}")
        return CostReport(by, first, last, self.book.report(by, first, last))
