"""The HTTP API."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware

from ytdubber.api import access, answers, auth, errors, limits, openapi, request_ids, tus
from ytdubber.api.account import account_router
from ytdubber.api.admin import admin_router, operator_router
from ytdubber.api.aside import Aside
from ytdubber.api.billing import billing_router
from ytdubber.api.bundles import bundles_router
from ytdubber.api.downloads import downloads_router
from ytdubber.api.feed import Feed
from ytdubber.api.health import health_router
from ytdubber.api.job_view import JobView
from ytdubber.api.jobs import jobs_router
from ytdubber.api.launch import LaunchCodes, LoopbackHost, launch_router
from ytdubber.api.line_cuts import line_cuts_router
from ytdubber.api.lines import lines_router
from ytdubber.api.measured import Measured, OnAnswer
from ytdubber.api.new_jobs import new_jobs_router
from ytdubber.api.quotes import quotes_router
from ytdubber.api.resumable import resumable_router
from ytdubber.api.shares import shares_router
from ytdubber.api.stopping import Stopping, UnderWay
from ytdubber.api.storage import storage_router
from ytdubber.api.traced import Traced
from ytdubber.api.webhooks import webhooks_router
from ytdubber.app.service import Service
from ytdubber.tracing import in_force

API_VERSION = "1"
"""The contract's, not the program's: it changes when clients have to."""
_READ = ("authorization", "content-type", "if-range", "last-event-id", "range")
"""Headers of requests that a page of another origin may send."""


def create_app(
    service: Service,
    *,
    origins: Sequence[str],
    hosts: set[str] | None = None,
    codes: LaunchCodes | None = None,
    on_answer: OnAnswer | None = None,
) -> FastAPI:
    """The application over its use cases.

    Args:
        service: What the routes call.
        origins: Web pages that may call from a browser.
        hosts: The Host headers that are answered; all when None.
        codes: One-time codes that sign a browser of this machine in.
        on_answer: Told of every answer.
    """

    view = JobView(service.media)
    most = service.limits.streams_at_once
    feed = Feed(service.news, service.reads, view, service.clock, most_streams=most)
    under_way = UnderWay()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await feed.start()
        try:
            yield
        finally:
            await feed.stop()
            await under_way.over()

    app = FastAPI(
        title="YT Dubber",
        version=API_VERSION,
        summary="Dubs recordings into other languages.",
        lifespan=lifespan,
        redirect_slashes=False,
        # Their pages load scripts from other hosts, on the origin where a browser keeps its token.
        docs_url=None,
        redoc_url=None,
        # Its own tells whole addresses, and some of them open something.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    app.state.feed = feed
    auth.install(app, service.identity)
    limits.install(app, limits.RequestLimit(service.limits.requests_a_minute, service.clock))
    for router in _routers(service, view, feed, codes):
        app.include_router(router)
    app.add_middleware(limits.BodyLimit)
    app.add_middleware(answers.Heads)
    app.add_middleware(answers.OneSlash)
    errors.install(app)
    openapi.complete(app)
    app.add_middleware(Stopping, under_way=under_way)
    app.add_middleware(answers.NothingKept)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        allow_headers=[*_READ, request_ids.HEADER, *tus.ASKED],
        expose_headers=[*answers.EXPOSED, *tus.TOLD],
        max_age=600,
    )
    if hosts is not None:
        app.add_middleware(LoopbackHost, allowed=hosts)
    if on_answer is not None:
        app.add_middleware(Measured, on_answer=on_answer)
    app.add_middleware(access.AccessLog)
    if in_force():
        app.add_middleware(Traced)
    return app


def _routers(
    service: Service, view: JobView, feed: Feed, codes: LaunchCodes | None
) -> Iterator[APIRouter]:
    """Everything that is answered."""
    aside = Aside()
    yield new_jobs_router(service, view, aside)
    yield jobs_router(service, view, feed)
    yield lines_router(service, view)
    yield line_cuts_router(service)
    yield downloads_router(service)
    yield bundles_router(service.bundles, service.public_url)
    yield shares_router(service.shares, service.public_url)
    yield account_router(service)
    yield quotes_router(service.quote, service.lengths, aside)
    yield billing_router(service.billing, service.public_url)
    yield webhooks_router(service.webhooks)
    yield admin_router(service.costs, service.public_url)
    yield operator_router(service.status, service.replay)
    yield health_router(service)
    if service.files is not None:
        yield storage_router(service.files, service.receive.arrived, service.downloads.fetched)
    if service.resume is not None:
        yield resumable_router(service.resume, service.limits.file_bytes(None))
    if codes is not None and service.sign_in is not None:
        yield launch_router(codes, service.sign_in)
