"""Every request is written down before it is made, and what it used after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ytdubber.domain.errors import VendorError
from ytdubber.domain.usage import Quantity
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation, Result
from ytdubber.ports.ledger import Attempt, Ledger

from .base import Middleware

Units = Callable[[Sequence[Quantity]], tuple[Quantity, ...]]
"""What a provider will count for work of some size, as near as can be told beforehand."""


@dataclass(frozen=True, slots=True)
class Metered(Middleware):
    """Keeps the ledger, and what was made before it closes the entry.

    Attributes:
        ledger: The ledger.
        units: Estimates in the provider's units.
    """

    ledger: Ledger
    units: Units = tuple

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the inner engine; nothing is made that could not be written down."""
        attempt = self.ledger.attempt(
            call,
            self.describe(operation),
            operation.name,
            self.units(operation.size()),
            call.cache_key or None,
        )
        try:
            made = self.inner.run(operation, call)
        except VendorError as error:
            call.keep_failure(error)
            _failed(attempt, error)
            raise
        except BaseException:  # cancelled or broken in the middle: it may have been carried out
            attempt.unknown()
            raise
        try:
            call.keep(made)
        finally:
            attempt.settle(made.receipt)
        return made


def _failed(attempt: Attempt, error: VendorError) -> None:
    if error.outcome_unknown and error.receipt is None:
        attempt.unknown()
    else:
        attempt.failed(error.fault, error.receipt)
