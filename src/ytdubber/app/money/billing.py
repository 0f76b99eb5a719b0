"""Credit: what a user has, how they buy it, and what becomes of their payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from ytdubber.domain.credit import CreditEntry, CreditKind
from ytdubber.domain.errors import BadField, PaymentsNotConfigured
from ytdubber.domain.printable import printable
from ytdubber.log import get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.paging import Place
from ytdubber.ports.payments import Payment, Payments
from ytdubber.ports.service_work import AsService, AsUser

LEAST_CENTS, MOST_CENTS = 50, 1_000_000
"""What may be bought at once."""
MOST_GRANTED_CENTS = 100_000_000
SHOWN = 500
"""How many entries of a user are shown at once."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Billing:
    """The use cases over their ports.

    Attributes:
        as_user: Begins a user's transaction.
        as_service: Begins a transaction that sees everything.
        clock: Tells the time.
        payments: Takes users' money; None where nobody does.
    """

    as_user: AsUser
    as_service: AsService
    clock: Clock
    payments: Payments | None = None

    def need_payments(self) -> Payments:
        """Whoever takes users' money.

        Raises:
            PaymentsNotConfigured: nobody does.
        """
        if self.payments is None:
            raise PaymentsNotConfigured
        return self.payments

    def history(
        self, claims: Claims, limit: int = SHOWN, after: Place | None = None
    ) -> Sequence[CreditEntry]:
        """The user's latest entries, newest first; after a place, where one is given."""
        with self.as_user(claims) as work:
            return work.credits.history(claims.user_id, limit, after)

    def begin_payment(self, claims: Claims, amount_cents: int) -> str:
        """Begin to buy credit; gives the secret with which the browser goes on.

        Raises:
            PaymentsNotConfigured: nobody takes money here.
            BadField: the amount is too small or too large.
            PaymentsUnavailable: the payment service does not answer.
            PaymentRefused: it does not want to.
        """
        payments = self.need_payments()
        if not LEAST_CENTS <= amount_cents <= MOST_CENTS:
            reason = f"from {LEAST_CENTS} to {MOST_CENTS:,} cents can be bought at once"
            raise BadField(field="amount", reason=reason)
        customer = self._customer(claims, payments)
        return payments.begin(customer, claims.user_id, amount_cents)

    def receive(self, body: bytes, signature: str) -> None:
        """Take in a message of the payment service; the same again changes nothing.

        Raises:
            PaymentsNotConfigured: its messages cannot be checked.
            WebhookRefused: it is not the payment service's, or an old one.
        """
        payment = self.need_payments().read(body, signature)
        if payment is None:
            return
        with self.as_service() as work:
            if work.users.get(payment.user_id) is None:
                log.error("payment.of_unknown_user", payment_id=payment.id)
                return
            if work.credits.add(self._entry(payment)):
                log.info(
                    "payment.failed" if payment.reason else "payment.received",
                    payment_id=payment.id,
                    user_id=payment.user_id,
                )
            work.commit()

    def grant(self, user_id: UUID, amount_cents: int, why: str) -> int:
        """Give a user credit, or take back what was given; gives what they have then.

        Raises:
            BadField: there is no such user, or it is more than anybody is given.
        """
        if abs(amount_cents) > MOST_GRANTED_CENTS:
            reason = f"from -{MOST_GRANTED_CENTS:,} to {MOST_GRANTED_CENTS:,} can be given at once"
            raise BadField(field="cents", reason=reason)
        with self.as_service() as work:
            if work.users.get(user_id) is None:
                raise BadField(field="user", reason=f"nobody with the id {user_id} has signed in")
            work.credits.add(
                CreditEntry(
                    id=uuid4(),
                    user_id=user_id,
                    kind=CreditKind.GRANT,
                    amount_cents=amount_cents,
                    description=printable(why),
                    key=f"grant:{uuid4()}",
                    created_at=self.clock.now(),
                )
            )
            balance_cents = work.credits.balance_cents(user_id)
            work.commit()
        return balance_cents

    def _customer(self, claims: Claims, payments: Payments) -> str:
        """What the payment service calls the user, who is made known to it at their first try."""
        with self.as_user(claims) as work:
            work.users.see(claims)
            profile = work.users.get(claims.user_id)
            work.commit()
        if profile is not None and profile.stripe_customer_id:
            return profile.stripe_customer_id
        customer = payments.customer(claims.user_id)
        with self.as_service() as work:
            work.users.update(claims.user_id, {"stripe_customer_id": customer})
            work.commit()
        return customer

    def _entry(self, payment: Payment) -> CreditEntry:
        """A payment counts once, whatever tells of it; each failure of it is one."""
        key = payment.id if payment.succeeded else payment.event_id
        return CreditEntry(
            id=uuid4(),
            user_id=payment.user_id,
            kind=CreditKind.PURCHASE,
            amount_cents=payment.amount_cents,
            description="Credit" if payment.succeeded else f"Credit: {payment.reason}",
            key=f"purchase:{key}",
            created_at=self.clock.now(),
            succeeded=payment.succeeded,
        )
