"""Quotes, credit, and the payment service's own calls."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, Field

from ytdubber.api.errors import responses
from ytdubber.api.limits import LimitedUser
from ytdubber.api.refusals import ASKED, UPLOADED, WISHED
from ytdubber.api.schemas import Language, PaymentIntentRequest, TransactionBody
from ytdubber.app.billing import Billing
from ytdubber.app.job_wishes import Wishes
from ytdubber.app.quote import JobQuote, QuoteJob
from ytdubber.domain import errors
from ytdubber.domain.credit import CURRENCY, CreditEntry
from ytdubber.domain.job import DubOptions
from ytdubber.domain.money import Span
from ytdubber.domain.voice import VoiceTier

_MOST_BYTES = 512 * 1024
"""How long a message of the payment service may be."""


class QuoteRequest(BaseModel):
    """A recording's length in seconds, or a job whose voice stem has arrived.

    A job is quoted as it was announced when no languages are given.
    """

    seconds: Annotated[float, Field(gt=0, le=24 * 3600)] | None = None
    job_id: UUID | None = None
    languages: Annotated[list[Language], Field(max_length=100)] | None = None
    source_language: Language | None = None
    voice_tier: VoiceTier = VoiceTier.STANDARD

    def wishes(self) -> Wishes:
        """What the job is to be."""
        options = DubOptions(voice_tier=self.voice_tier)
        return Wishes(tuple(self.languages or ()), self.source_language, options)


class RangeBody(BaseModel):
    """US dollars, rounded down and up to cents."""

    low_usd: float
    high_usd: float


class QuoteBody(BaseModel):
    """What a job will cost: what is done once for all languages, each language, and all of it."""

    seconds: float
    voice_tier: VoiceTier
    total: RangeBody
    shared: RangeBody
    languages: dict[str, RangeBody]
    credit_cents: int
    unpriced: list[str]
    price_book: str
    assumptions: list[str]


class ReceivedBody(BaseModel):
    """The message was taken in."""

    received: Literal[True]


def billing_router(billing: Billing, quote: QuoteJob) -> APIRouter:
    """The routes under /api/billing, and the one for quotes."""
    router = APIRouter(tags=["billing"])

    def configured() -> None:
        billing.need_payments()

    @router.post(
        "/api/jobs/quote",
        responses=responses(
            *ASKED,
            *WISHED,
            *UPLOADED,
            errors.JobNotFound,
        ),
    )
    def job_quote(user: LimitedUser, body: QuoteRequest) -> QuoteBody:
        """What a job will cost, before it is submitted."""
        if body.job_id is not None and body.seconds is None:
            wishes = body.wishes() if body.languages else None
            return _quote(quote.announced(user, body.job_id, wishes))
        if body.seconds is None or body.job_id is not None:
            raise errors.BadField(field="seconds", reason="give this or a job_id")
        return _quote(quote(round(body.seconds * 1000), body.wishes()))

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


def _quote(quote: JobQuote) -> QuoteBody:
    return QuoteBody(
        seconds=quote.voice_ms / 1000,
        voice_tier=quote.wishes.options.voice_tier,
        total=_range(quote.total),
        shared=_range(quote.shared.usd),
        languages={code: _range(each.usd) for code, each in quote.languages.items()},
        credit_cents=quote.credit_cents,
        unpriced=list(quote.unpriced),
        price_book=quote.price_book,
        assumptions=list(quote.assumptions),
    )


def _range(span: Span) -> RangeBody:
    cents = span.to_cents()
    return RangeBody(low_usd=float(cents.low), high_usd=float(cents.high))


def _transaction(entry: CreditEntry) -> TransactionBody:
    return TransactionBody(
        id=str(entry.id),
        amount=entry.amount_cents,
        currency=CURRENCY,
        status="succeeded" if entry.succeeded else "failed",
        created_at=entry.created_at,
        description=entry.description,
    )
