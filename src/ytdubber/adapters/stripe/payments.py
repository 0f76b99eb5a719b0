"""Payments by Stripe's own client, which is loaded when it is first used."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from ytdubber.domain.credit import CURRENCY
from ytdubber.domain.errors import (
    PartMissing,
    PaymentRefused,
    PaymentsNotConfigured,
    PaymentsUnavailable,
    WebhookRefused,
)
from ytdubber.domain.printable import printable
from ytdubber.log import get_logger
from ytdubber.ports.outbox import UsageReport
from ytdubber.ports.payments import Payment

if TYPE_CHECKING:
    from stripe import StripeClient

CONNECT_S, ANSWER_S = 5.0, 20.0
RETRY_AFTER_S = 30
TOLERANCE_S = 300
"""How old a message may be."""

_SUCCEEDED, _FAILED = "payment_intent.succeeded", "payment_intent.payment_failed"
_HEARD_BEFORE = "duplicate_meter_event"
_PURPOSE = "ytdubber credit"
"""Marks payments of ours among all of the account."""

Made = TypeVar("Made")

log = get_logger(__name__)


_Id = Annotated[str, Field(pattern="^[!-~]{1,255}$")]
_Cents = Annotated[int, Field(ge=0, le=99_999_999)]
"""The most that Stripe takes at once (docs.stripe.com/api/payment_intents/create, amount)."""


class _Failure(BaseModel):
    message: str | None = None


class _Metadata(BaseModel):
    user_id: UUID


class _Intent(BaseModel):
    """What we read of a payment for credit."""

    id: _Id
    amount: _Cents
    amount_received: _Cents = 0
    currency: Literal["usd"]
    metadata: _Metadata
    last_payment_error: _Failure | None = None


class _Data(BaseModel):
    object: dict[str, Any]


class _Event(BaseModel):
    """Any message of Stripe's."""

    id: _Id
    type: str
    data: _Data

    @property
    def ours(self) -> bool:
        """Whether it tells what became of a payment for credit."""
        metadata = self.data.object.get("metadata")
        purpose = metadata.get("purpose") if isinstance(metadata, dict) else None
        return self.type in (_SUCCEEDED, _FAILED) and purpose == _PURPOSE


class StripePayments:
    """`Payments` at Stripe. The client never repeats calls.

    Args:
        secret_key: The account's key.
        webhook_secret: What its messages are signed with; without it they cannot be checked.
        base_url: Where Stripe is; its own address when None.
    """

    def __init__(
        self, secret_key: str, webhook_secret: str | None = None, base_url: str | None = None
    ) -> None:
        self._secret_key = secret_key
        self._webhook_secret = webhook_secret
        self._base_url = base_url
        self._lock = threading.Lock()
        self._made: StripeClient | None = None
        self._connections: Any = None

    def customer(self, user_id: UUID) -> str:
        """The same user is made known once, also by two at a time: the key says so to Stripe."""
        client = self._client()
        made = _asked(
            lambda: client.v1.customers.create(
                {"metadata": {"user_id": str(user_id)}}, {"idempotency_key": f"customer-{user_id}"}
            )
        )
        return made.id

    def begin(self, customer: str, user_id: UUID, amount_cents: int) -> str:
        client = self._client()
        intent = _asked(
            lambda: client.v1.payment_intents.create(
                {
                    "amount": amount_cents,
                    "currency": CURRENCY,
                    "customer": customer,
                    "description": "Credit",
                    "metadata": {"user_id": str(user_id), "purpose": _PURPOSE},
                    "automatic_payment_methods": {"enabled": True},
                }
            )
        )
        return str(intent.client_secret)

    def read(self, body: bytes, signature: str) -> Payment | None:
        """Looks at its signature and its age first."""
        if not self._webhook_secret:
            raise PaymentsNotConfigured
        _verify(body, signature, self._webhook_secret)
        try:
            event = _Event.model_validate_json(body)
            intent = _Intent.model_validate(event.data.object) if event.ours else None
        except ValidationError as error:
            log.error("stripe.message_unreadable", error=error)
            raise WebhookRefused(reason="it cannot be read") from error
        if intent is None:
            return None
        failure = intent.last_payment_error or _Failure()
        succeeded = event.type == _SUCCEEDED
        return Payment(
            event_id=event.id,
            id=intent.id,
            user_id=intent.metadata.user_id,
            amount_cents=intent.amount_received if succeeded else intent.amount,
            succeeded=succeeded,
            reason="" if succeeded else printable(failure.message or "it was declined"),
        )

    def report(self, usage: UsageReport) -> None:
        client = self._client()
        stripe = _library()
        try:
            client.v1.billing.meter_events.create(
                {
                    "event_name": usage.meter,
                    "payload": {"stripe_customer_id": usage.customer, "value": str(usage.value)},
                    "identifier": usage.key,
                    "timestamp": int(usage.at.timestamp()),
                },
                {"idempotency_key": usage.key},
            )
        except stripe.StripeError as error:
            if error.code != _HEARD_BEFORE:
                raise _fault(error) from error

    def close(self) -> None:
        with self._lock:
            connections, self._made, self._connections = self._connections, None, None
        if connections is not None:
            connections.close()

    def _client(self) -> "StripeClient":
        with self._lock:
            if self._made is None:
                stripe = _library()
                self._connections = stripe.RequestsClient(timeout=(CONNECT_S, ANSWER_S))
                where = {"base_addresses": {"api": self._base_url}} if self._base_url else {}
                self._made = stripe.StripeClient(
                    self._secret_key,
                    max_network_retries=0,
                    http_client=self._connections,
                    **where,
                )
            return self._made


def _library() -> Any:
    """Stripe's client library.

    Raises:
        PartMissing: it is not installed.
    """
    try:
        import stripe
    except ModuleNotFoundError as error:
        raise PartMissing(
            part="The package stripe",
            purpose="taking payments",
            command="pip install 'ytdubber[vendors]'",
        ) from error
    return stripe


def _asked(ask: Callable[[], Made]) -> Made:
    stripe = _library()
    try:
        return ask()
    except stripe.StripeError as error:
        raise _fault(error) from error


def _fault(error: Any) -> PaymentsUnavailable | PaymentRefused:
    """Refused is what Stripe finds wrong with the request itself."""
    stripe = _library()
    if isinstance(error, stripe.InvalidRequestError | stripe.IdempotencyError | stripe.CardError):
        reason = error.user_message or "it does not say why"
        return PaymentRefused(reason=str(reason).rstrip("."))
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        log.error("stripe.key_refused", error=error)
    return PaymentsUnavailable(retry_after_s=RETRY_AFTER_S)


def _verify(body: bytes, signature: str, secret: str) -> None:
    """Make sure that Stripe sent this, lately.

    Raises:
        WebhookRefused: it did not.
    """
    stripe = _library()
    if not signature.isascii():
        raise WebhookRefused(reason="its signature is not right")
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_S)
    except UnicodeDecodeError as error:
        raise WebhookRefused(reason="it is not text") from error
    except stripe.SignatureVerificationError as error:
        stale = "tolerance" in str(error)
        reason = "it is too old" if stale else "its signature is not right"
        raise WebhookRefused(reason=reason) from error
