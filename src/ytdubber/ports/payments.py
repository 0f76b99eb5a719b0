"""The service that takes users' money."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from .outbox import UsageReport


@dataclass(frozen=True, slots=True)
class Payment:
    """What became of a payment for credit.

    Attributes:
        event_id: The message that told it.
        id: The payment.
        user_id: Who paid.
        amount_cents: How much.
        succeeded: Whether the money came.
        reason: Why it did not, for people.
    """

    event_id: str
    id: str
    user_id: UUID
    amount_cents: int
    succeeded: bool
    reason: str = ""


class Payments(Protocol):
    """Every method may wait for the network, but `read`."""

    def customer(self, user_id: UUID) -> str:
        """Make a user known; gives the name the payment service has for them.

        Raises:
            PaymentsUnavailable: it does not answer.
            PaymentRefused: it does not want to.
        """
        ...

    def begin(self, customer: str, user_id: UUID, amount_cents: int) -> str:
        """Begin a payment for credit; gives the secret with which the user's browser goes on.

        Raises:
            PaymentsUnavailable: it does not answer.
            PaymentRefused: it does not want to.
        """
        ...

    def read(self, body: bytes, signature: str) -> Payment | None:
        """A message of the payment service; None where it is not about a payment for credit.

        Raises:
            WebhookRefused: it is not the payment service's, or an old one.
            PaymentsNotConfigured: its messages cannot be checked.
        """
        ...

    def report(self, usage: UsageReport) -> None:
        """Tell what was used.

        Raises:
            PaymentsUnavailable: it does not answer.
            PaymentRefused: it does not take this report.
        """
        ...

    def close(self) -> None:
        """Give back the connections."""
        ...
