"""How much may be spent on vendors, and the refusal to spend more."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from .errors import BudgetExceeded, PriceMissing
from .money import Cost, unpriced

_SHOWN = Decimal("0.0001")


class Scope(enum.StrEnum):
    """What a budget is for."""

    JOB = "job"
    USER_MONTH = "user_month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Budgets:
    """The most that may be spent, in US dollars; without a limit where None.

    Attributes:
        job_usd: On one job.
        user_month_usd: On all jobs of one user in a calendar month (UTC).
        day_usd: On everything in a day (UTC).
    """

    job_usd: Decimal | None = None
    user_month_usd: Decimal | None = None
    day_usd: Decimal | None = None

    def limits(self) -> tuple[tuple[Scope, Decimal], ...]:
        """Those there are, the narrowest first."""
        every = {
            Scope.JOB: self.job_usd,
            Scope.USER_MONTH: self.user_month_usd,
            Scope.DAY: self.day_usd,
        }
        return tuple((scope, limit) for scope, limit in every.items() if limit is not None)


_NAMES = {
    Scope.JOB: "The budget of a job",
    Scope.USER_MONTH: "Your budget for this month",
    Scope.DAY: "The budget of this service for today",
}
_REMEDIES = {
    Scope.JOB: "Submit a shorter recording or fewer languages, or ask whoever runs this service to"
    " allow more for a job.",
    Scope.USER_MONTH: "Wait for the next month, or ask whoever runs this service to allow more.",
    Scope.DAY: "Try again after midnight UTC, or ask whoever runs this service to allow more.",
}


def need_prices(costs: Sequence[Cost]) -> None:
    """Make sure that a budget can be held against what work is expected to cost.

    Raises:
        PriceMissing: nobody can say what some of it costs.
    """
    for cost in unpriced(costs):
        raise PriceMissing(provider=cost.provider, model=cost.model, unit=cost.quantity.unit)


def exceeded(
    scope: Scope, limit_usd: Decimal, spent_usd: Decimal, next_usd: Decimal
) -> BudgetExceeded:
    """The refusal, in words.

    Args:
        scope: Which budget does not allow it.
        limit_usd: The most it allows.
        spent_usd: What is spent, and what calls under way are expected to cost.
        next_usd: What the call refused is expected to cost.
    """
    return BudgetExceeded(
        budget=_NAMES[scope],
        limit_usd=shown_usd(limit_usd),
        spent_usd=shown_usd(spent_usd),
        next_usd=shown_usd(next_usd),
        remedy=_REMEDIES[scope],
    )


def shown_usd(amount_usd: Decimal) -> str:
    """US dollars: cents, and parts of a cent where there are any."""
    whole, _, parts = f"{amount_usd.quantize(_SHOWN, ROUND_CEILING):f}".partition(".")
    return f"{whole}.{parts.rstrip('0').ljust(2, '0')}"
