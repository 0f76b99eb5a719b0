"""Credit, and the payment service's own calls."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel

from ytdubber.api.errors import responses
from ytdubber.api.limits import LimitedUser
from ytdubber.api.refusals import ASKED
from ytdubber.api.schemas import PaymentIntentRequest, TransactionBody
from ytdubber.app.billing import Billing
from ytdubber.domain import errors
from ytdubber.domain.credit import CURRENCY, CreditEntry

_MOST_BYTES = 512 * 1024
"""How long a message of the payment service may be."""


class ReceivedBody(BaseModel):
    """The message was taken in."""

    received: Literal[True]


def billing_router(billing: Billing) -> APIRouter:
    """The routes under /api/billing."""
    router = APIRouter(tags=["billing"])

    def configured() -> None:
        billing.need_payments()

    @router.get("/api/billing/transactions", responses=responses(*ASKED))
    def transactions(user: LimitedUser) -> list[TransactionBody]:
        """Movements of the user's credit, newest first, in cents."""
        return [_transaction(entry) for entry in billing.history(user)]

    @router.post(
        "/api/billing/create-payment-intent",
        dependencies=[Depends(configured)],
        responses=responses(
            *ASKED,
            errors.BadField,
            errors.PaymentRefused,
            errors.PaymentsNotConfigured,
            errors.PaymentsUnavailable,
        ),
    )
    def create_payment_intent(user: LimitedUser, body: PaymentIntentRequest) -> dict[str, str]:
        """Begin to buy credit for so many cents; the browser goes on with the `client_secret`."""
        return {"client_secret": billing.begin_payment(user, body.amount)}

    @router.post(
        "/api/billing/webhook",
        dependencies=[Depends(configured)],
        responses=responses(
            errors.WebhookRefused, errors.UploadTooLarge, errors.PaymentsNotConfigured
        ),
    )
    async def webhook(
        request: Request, stripe_signature: Annotated[str, Header(max_length=2000)] = ""
    ) -> ReceivedBody:
        """What Stripe has to tell; the same again changes nothing."""
        body = await _limited(request.stream())
        await to_thread.run_sync(billing.receive, body, stripe_signature)
        return ReceivedBody(received=True)

    return router


async def _limited(stream: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for part in stream:
        body += part
        if len(body) > _MOST_BYTES:
            raise errors.UploadTooLarge(limit_bytes=_MOST_BYTES)
    return bytes(body)


def _transaction(entry: CreditEntry) -> TransactionBody:
    return TransactionBody(
        id=str(entry.id),
        amount=entry.amount_cents,
        currency=CURRENCY,
        status="succeeded" if entry.succeeded else "failed",
        created_at=entry.created_at,
        description=entry.description,
    )
