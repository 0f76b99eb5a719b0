"""Credit, and the payment service's own calls."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel

from ytdubber.api.errors import responses
from ytdubber.api.limits import LimitedUser
from ytdubber.api.paging import LINKED, Cursor, RowLimit, next_link, place
from ytdubber.api.refusals import ASKED
from ytdubber.api.requests import PaymentIntentRequest
from ytdubber.api.schemas import TransactionBody
from ytdubber.app.money.billing import SHOWN, Billing
from ytdubber.domain import errors
from ytdubber.domain.credit import CURRENCY, CreditEntry
from ytdubber.ports.paging import Place

_MOST_BYTES = 512 * 1024
"""How long a message of the payment service may be."""


class ReceivedBody(BaseModel):
    """The message was taken in."""

    received: Literal[True]


def billing_router(billing: Billing, public_url: str) -> APIRouter:
    """The routes under /api/billing."""
    router = APIRouter(tags=["billing"])

    def configured() -> None:
        billing.need_payments()

    @router.get("/api/billing/transactions", responses=responses(*ASKED, errors.BadField) | LINKED)
    def transactions(
        user: LimitedUser, response: Response, limit: RowLimit = SHOWN, cursor: Cursor = None
    ) -> list[TransactionBody]:
        """Movements of the user's credit, newest first, in cents. A `Link` header with `rel="next"`
        leads to older ones.
        """
        entries = billing.history(user, limit + 1, place(cursor))
        if len(entries) > limit:
            last = Place(entries[limit - 1].created_at, entries[limit - 1].id)
            address = f"{public_url}/api/billing/transactions"
            response.headers.update(next_link(address, limit, last))
        return [_transaction(entry) for entry in entries[:limit]]

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
