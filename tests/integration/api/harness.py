"""The API on a free port, over a database of its own and with engines that need no model."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import uvicorn
from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text
from tests import postgres_server
from tests.integration.api.hands import Fetch, Hands, fake_engines
from tests.integration.conftest import TEMPLATE, migrated

from ytdubber.adapters.db.connection.connections import REQUESTS
from ytdubber.adapters.db.connection.outage import Outage
from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.db.jobs.reads import SqlJobReads
from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.identity.tokens import local_session
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.api.app import create_app
from ytdubber.api.launch import LaunchCodes
from ytdubber.api.server import Server
from ytdubber.app.casting.engines import Engines
from ytdubber.app.service import Service
from ytdubber.app.uploads.job_options import CheckOptions
from ytdubber.app.uploads.stem_lengths import StemLengths
from ytdubber.bootstrap.backend import API_LOGIN, Backend, Urls
from ytdubber.bootstrap.service import service, spoken
from ytdubber.domain.limits import Limits
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_reads import Stats
from ytdubber.ports.media_store import MediaStore
from ytdubber.settings import Settings

SIGNING_KEY = "0123456789abcdef0123456789abcdef"
ORIGIN = "http://localhost:3000"
ROOMY = Limits(
    upload_bytes_a_day=2**50,
    announced_jobs=10_000,
    jobs_at_once=1_000,
    requests_a_minute=1_000_000,
    queued_languages=100_000,
)
"""Limits that only the tests of limits meet."""


class TurnableClock(SystemClock):
    """The time of day, and as much later as a test has turned it."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._passed_ms = 0

    def now(self) -> datetime:
        return super().now() + self._ahead

    def monotonic_ms(self) -> int:
        return super().monotonic_ms() + self._passed_ms

    def pass_s(self, seconds: float) -> None:
        """As if so much time had passed, for what counts it without a date."""
        self._passed_ms += round(seconds * 1000)

    @contextmanager
    def later(self, **how_much: float) -> Iterator[None]:
        self._ahead = timedelta(**how_much)
        try:
            yield
        finally:
            self._ahead = timedelta()


class BreakableReads(SqlJobReads):
    """Reads whose numbers fail while a test wants them to."""

    broken = False

    def stats(self, claims: Claims) -> Stats:
        self.check()
        return super().stats(claims)

    def check(self) -> None:
        if self.broken:
            raise RuntimeError("the password is hunter2\nand this is line two")


@dataclass(frozen=True)
class ApiHarness:
    """A running API and what tests reach behind it."""

    url: str
    app: FastAPI
    backend: Backend
    reads: BreakableReads
    clock: TurnableClock
    hands: Hands
    codes: LaunchCodes

    def token(self, user_id: UUID, email: str, *, admin: bool = False) -> str:
        return local_session(SIGNING_KEY, user_id, email, timedelta(hours=1), admin).access_token

    def rows(self, query: str, **values: object) -> list[tuple[object, ...]]:
        """What the database says to its owner."""
        with self.backend.engine.begin() as connection:
            result = connection.execute(text(query), values)
            return [tuple(row) for row in result] if result.returns_rows else []


@contextmanager
def api(
    folder: Path,
    limits: Limits = ROOMY,
    engines: Engines | None = None,
    fetch: Fetch = lambda *_: None,
    fetchable: Callable[[str, str], bool] = lambda *_: False,
    lengths: Callable[..., StemLengths] = StemLengths,
    by_way_of: Callable[[Urls], Urls] = lambda urls: urls,
    stored: Callable[[Clock], MediaStore] | None = None,
    webhook_private_addresses: bool = False,
) -> Iterator[ApiHarness]:
    """The API while the block runs, on a database that is gone afterwards; files lie in a folder
    unless they are `stored` elsewhere.
    """
    postgres_server.ensure_template(TEMPLATE, migrated)
    owner_url = postgres_server.fresh_database(TEMPLATE)
    urls = by_way_of(Urls(owner_url, as_login(owner_url, API_LOGIN)))
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    outage = Outage()
    owner = make_engine(urls.owner, pool_size=8, name="harness", limits=REQUESTS, outage=outage)
    restricted = make_engine(
        urls.api, pool_size=8, name="harness-api", limits=REQUESTS, outage=outage
    )
    clock, reads = TurnableClock(), BreakableReads(restricted, SqlLine(owner))
    engines = engines or fake_engines(folder)
    key = SIGNING_KEY.encode()
    media = stored(clock) if stored else FolderMediaStore(folder / "media", key, url, clock)
    settings = Settings(
        home=folder,
        models=folder,
        database_url=owner_url,
        supabase_url=None,
        webhook_private_addresses=webhook_private_addresses,
    )
    backend = Backend(settings, urls, owner, media, key, clock, url)
    hands = Hands(backend, engines, fetch)
    try:
        with service(backend, lengths) as made:
            check_options = CheckOptions(lambda: engines, fetchable)
            served = _with_fakes(made, check_options, reads, limits)
            codes = LaunchCodes(clock)
            app = create_app(served, origins=[ORIGIN], codes=codes)
            with running(app, listener):
                yield ApiHarness(url, app, backend, reads, clock, hands, codes)
    finally:
        hands.close()
        restricted.dispose()
        owner.dispose()
        postgres_server.drop_database(owner_url)


def _with_fakes(
    made: Service, check_options: CheckOptions, reads: BreakableReads, limits: Limits
) -> Service:
    """The service as it is put together, but for its engines, its reads and its limits."""
    engines = check_options.engines()
    receive = replace(made.receive, limits=limits)
    return replace(
        made,
        reads=reads,
        limits=limits,
        request_uploads=replace(made.request_uploads, check_options=check_options, limits=limits),
        submit_job=replace(made.submit_job, check_options=check_options, limits=limits),
        edit_lines=replace(made.edit_lines, voices=engines.voices),
        receive=receive,
        resume=made.resume and replace(made.resume, receive=receive),
        accounts=replace(made.accounts, reads=reads),
        quote=replace(
            made.quote,
            engines=check_options.engines,
            fetchable=check_options.fetchable,
            limits=limits,
        ),
        languages=lambda: spoken(engines),
        checks=made.checks | {"reads": reads.check},
    )


def as_login(url: str, login: str) -> str:
    """The same database under another login; the tests' server trusts its socket."""
    known = conninfo_to_dict(url)
    return url.replace(f"//{known['user']}@", f"//{login}@", 1)


@contextmanager
def running(app: FastAPI, listener: socket.socket) -> Iterator[None]:
    """Serve on a bound socket while the block runs, once the app has come up."""
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2)
    server = Server(config, app.state.feed.end)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
