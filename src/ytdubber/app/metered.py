"""Every call is written down before it is made, and what it used after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ytdubber.app.guard import Made, Work
from ytdubber.domain.errors import VendorError
from ytdubber.domain.usage import Quantity
from ytdubber.ports.ledger import Attempt, Ledger

Units = Callable[[Sequence[Quantity]], tuple[Quantity, ...]]
"""What a provider will count for work of some size, as near as can be told beforehand."""


@dataclass(frozen=True, slots=True)
class Metered:
    """A guard that keeps the book, and what was made before it closes the book.

    Attributes:
        ledger: The book.
        units: Estimates in the provider's units.
    """

    ledger: Ledger
    units: Units = tuple

    def __call__(self, work: Work, make: Callable[[], Made]) -> Made:
        """The answer of `make`; nothing is made that could not be written down."""
        estimate = self.units(work.size)
        attempt = self.ledger.attempt(
            work.call, work.engine, work.operation, estimate, work.key or None
        )
        try:
            made = make()
        except VendorError as error:
            _failed(attempt, error)
            raise
        except BaseException:  # cancelled or broken in the middle: it may have been carried out
            attempt.unknown()
            raise
        try:
            work.keep(made)
        finally:
            attempt.settle(made.receipt)
        return made


def _failed(attempt: Attempt, error: VendorError) -> None:
    if error.outcome_unknown and error.receipt is None:
        attempt.unknown()
    else:
        attempt.failed(error.fault, error.receipt)
