"""What a job will cost, before it is submitted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi import Request as HttpRequest
from pydantic import BaseModel, Field

from ytdubber.api.aside import Aside, while_there
from ytdubber.api.errors import responses
from ytdubber.api.limits import LimitedUser
from ytdubber.api.refusals import ASKED, UPLOADED, WISHED
from ytdubber.api.requests import Language, Request
from ytdubber.app.jobs.quote import Instead, JobQuote, QuoteJob
from ytdubber.app.jobs.quote_render import RenderQuote
from ytdubber.app.uploads.job_options import JobOptions
from ytdubber.app.uploads.stem_lengths import StemLengths
from ytdubber.domain import errors
from ytdubber.domain.job import DubOptions
from ytdubber.domain.money import Span
from ytdubber.domain.voice import VoiceTier


class QuoteRequest(Request):
    """A recording's length in seconds, or a job whose voice stem has arrived.

    A job is quoted as it was announced, but for what is given here.
    """

    seconds: Annotated[float, Field(gt=0, le=24 * 3600, strict=True)] | None = None
    job_id: UUID | None = None
    languages: Annotated[list[Language], Field(max_length=100)] | None = None
    source_language: Language | None = None
    voice_tier: VoiceTier | None = None

    def job_options(self) -> JobOptions:
        """What the job is to be."""
        options = DubOptions(voice_tier=self.voice_tier or VoiceTier.STANDARD)
        return JobOptions(tuple(self.languages or ()), self.source_language, options)

    def instead(self) -> Instead:
        """What a job that was announced is to be instead."""
        return Instead(tuple(self.languages or ()), self.source_language, self.voice_tier)


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


class RenderQuoteBody(BaseModel):
    """What a render will cost at most: how many lines are spoken anew, how many of them are
    translated before, how many characters are spoken, and what vendors ask for it.
    """

    spoken: int
    translated: int
    characters: int
    total: RangeBody
    unpriced: list[str]
    price_book: str


def render_quote_body(quote: RenderQuote) -> RenderQuoteBody:
    """As it is shown."""
    return RenderQuoteBody(
        spoken=quote.spoken,
        translated=quote.translated,
        characters=quote.characters,
        total=_range(quote.cost.usd),
        unpriced=list(quote.unpriced),
        price_book=quote.price_book,
    )


def quotes_router(quote: QuoteJob, lengths: StemLengths, aside: Aside) -> APIRouter:
    """The route for quotes."""
    router = APIRouter(tags=["billing"])

    @router.post(
        "/api/jobs/quote",
        responses=responses(
            *ASKED,
            *WISHED,
            *UPLOADED,
            errors.DurationMismatch,
            errors.JobNotFound,
        ),
    )
    async def job_quote(user: LimitedUser, body: QuoteRequest, request: HttpRequest) -> QuoteBody:
        """What a job will cost, before it is submitted."""
        if body.job_id is not None and body.seconds is None:
            stems = await aside(quote.opened, user, body.job_id)
            await while_there(request, lengths.wait(stems))
            return _quote(await aside.after(quote.of_stems, stems, body.instead()))
        if body.seconds is None or body.job_id is not None:
            raise errors.BadField(field="seconds", reason="give this or a job_id")
        return _quote(await aside(quote, round(body.seconds * 1000), body.job_options()))

    return router


def _quote(quote: JobQuote) -> QuoteBody:
    return QuoteBody(
        seconds=quote.voice_ms / 1000,
        voice_tier=quote.job_options.options.voice_tier,
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
