"""What the API calls, put together."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from ytdubber.adapters.db.connection.connections import REQUESTS, outage_of
from ytdubber.adapters.db.coordination.budget import API
from ytdubber.adapters.db.coordination.dead_letters import SqlDeadLetters
from ytdubber.adapters.db.coordination.line import SqlLine
from ytdubber.adapters.db.coordination.replay import Replay
from ytdubber.adapters.db.database import Database, make_engine
from ytdubber.adapters.db.jobs.feed import SqlJobFeed
from ytdubber.adapters.db.jobs.reads import SqlJobReads
from ytdubber.adapters.db.money.costs import SqlCosts
from ytdubber.adapters.db.schema import migrate
from ytdubber.adapters.db.users.webhooks import SqlDeliveries
from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.adapters.identity.tokens import TokenIdentity
from ytdubber.adapters.webhooks.sender import HttpWebhookSender
from ytdubber.app.casting.engines import Engines
from ytdubber.app.downloads.bundles import Bundles
from ytdubber.app.downloads.downloads import Downloads, RecordedFiles
from ytdubber.app.downloads.share_dub import ShareDub
from ytdubber.app.jobs.end_job import EndJob
from ytdubber.app.jobs.quote import QuoteJob
from ytdubber.app.jobs.quote_render import QuoteRender
from ytdubber.app.jobs.rename_job import RenameJob
from ytdubber.app.jobs.submit_job import SubmitJob
from ytdubber.app.lines.edit_lines import EditLines
from ytdubber.app.lines.revise_dub import ReviseDub
from ytdubber.app.money.billing import Billing
from ytdubber.app.money.costs import Costs
from ytdubber.app.operations.replay_dead_letters import ReplayDeadLetters
from ytdubber.app.service import Service, Spoken
from ytdubber.app.uploads.job_options import CheckOptions
from ytdubber.app.uploads.receive_uploads import ReceiveUploads
from ytdubber.app.uploads.request_uploads import RequestUploads
from ytdubber.app.uploads.resume_uploads import ResumeUploads
from ytdubber.app.uploads.stem_lengths import StemLengths
from ytdubber.app.users.accounts import Accounts
from ytdubber.app.users.webhooks import ManageWebhooks
from ytdubber.bootstrap.backend import Backend, usable
from ytdubber.bootstrap.engines import catalogue, local_models
from ytdubber.bootstrap.lanes import lanes_of
from ytdubber.bootstrap.media import signed_files
from ytdubber.bootstrap.money import payments
from ytdubber.bootstrap.pairs import Offered, legs
from ytdubber.bootstrap.prices import price_book
from ytdubber.bootstrap.status import look_at_service, queue_answers
from ytdubber.bootstrap.tokens import page_session
from ytdubber.domain.languages import FLAGS, NAMES
from ytdubber.domain.limits import UNLIMITED_BYTES, Limits
from ytdubber.domain.voice import Voice, VoiceTier
from ytdubber.settings import USUAL_GB_A_DAY, USUAL_MB, Settings

CATALOGUE_WAIT_S = 2.0
"""How long a list of languages waits for what can be fetched."""


@contextmanager
def service(
    backend: Backend, lengths_of: Callable[..., StemLengths] = StemLengths
) -> Iterator[Service]:
    """The API's use cases over the backend; `lengths_of` makes what finds stems' lengths out."""
    settings = backend.settings
    prices = price_book(settings.money)
    engine = make_engine(
        backend.urls.api,
        pool_size=API,
        name="ytdubber-api",
        limits=REQUESTS,
        outage=outage_of(backend.engine),
    )
    database, clock = Database(engine, backend.dispatch), backend.clock
    owner = backend.database
    media, limits, line = backend.media, limits_of(settings), SqlLine(backend.engine)
    reads = SqlJobReads(engine, line)
    signed = signed_files(media)
    engines = catalogue(settings)
    offered = Offered(partial(local_models, settings))

    def fetchable(source: str, target: str) -> bool:
        return offered(source, target, engines.translates)

    check_options = CheckOptions(lambda: engines, fetchable, settings.watermark)
    downloads = Downloads(database.as_user, owner.as_service, media, clock)
    paid = payments(settings.money)
    scratch = ScratchFolders(settings.data / "scratch")
    lengths = lengths_of(owner.as_service, media, scratch.folder)
    receive = ReceiveUploads(owner.as_service, clock, limits)
    edit_lines = EditLines(database.as_user, media, scratch.folder, engines.voices)
    made = Service(
        public_url=backend.public_url,
        identity=identity(backend),
        reads=reads,
        line=line,
        media=media,
        files=RecordedFiles(signed, receive.expected) if signed else None,
        receive=receive,
        resume=ResumeUploads(signed.resumable, receive) if signed else None,
        clock=clock,
        limits=limits,
        request_uploads=RequestUploads(
            database.as_user,
            media,
            clock,
            check_options,
            limits,
            scratch.folder,
            told=signed is not None,
        ),
        submit_job=SubmitJob(
            database.as_user,
            media,
            clock,
            check_options,
            limits,
            line.backlog,
            lengths,
            settings.money.credit_cents_per_minute,
            partial(lanes_of, settings),
        ),
        end_job=EndJob(database.as_user, media, clock),
        rename_job=RenameJob(database.as_user, clock),
        edit_lines=edit_lines,
        quote_render=QuoteRender(edit_lines, lambda: engines, prices, database.as_user),
        revise=ReviseDub(database.as_user, owner.as_service, clock),
        downloads=downloads,
        bundles=Bundles(database.as_user, owner.as_service, media, clock, scratch.folder),
        shares=ShareDub(database.as_user, owner.as_service, media, clock),
        accounts=Accounts(database.as_user, reads),
        billing=Billing(database.as_user, owner.as_service, clock, paid),
        webhooks=ManageWebhooks(
            database.as_user,
            SqlDeliveries(backend.engine),
            HttpWebhookSender(private=settings.webhook_private_addresses),
            clock,
        ),
        lengths=lengths,
        quote=QuoteJob(
            lambda: engines,
            prices,
            settings.money.credit_cents_per_minute,
            database.as_user,
            media,
            lengths,
            fetchable,
            limits,
        ),
        costs=Costs(SqlCosts(backend.engine)),
        status=look_at_service(backend, line),
        replay=ReplayDeadLetters(SqlDeadLetters(backend.engine, Replay(), backend.dispatch)),
        news=SqlJobFeed(backend.engine, backend.urls.listen),
        languages=lambda: spoken(engines, offered),
        checks={
            "database": database.answers,
            "migrations": lambda: migrate.check_current(backend.engine),
            "storage": media.check,
            "queue": partial(queue_answers, backend),
        },
        sign_in=None if settings.supabase_url else lambda: page_session(settings),
    )
    try:
        if settings.api_database_url:
            with usable("YTDUBBER_API_DATABASE_URL", settings.api_database_url):
                database.answers()
        yield made
    finally:
        if paid is not None:
            paid.close()
        engines.close()
        engine.dispose()
        lengths.close()
        scratch.close()


def identity(backend: Backend) -> TokenIdentity:
    """Who may sign in: the project's users, or whoever has a token of this machine's."""
    settings = backend.settings
    if settings.supabase_url:
        issuer = settings.supabase_url.rstrip("/") + "/auth/v1"
        keys = f"{issuer}/.well-known/jwks.json"
        secret, second = settings.supabase_jwt_secret, settings.second_jwt_secret
        return TokenIdentity(secret, keys, issuer, backend.clock, second_secret=second)
    secret, second = backend.secret.decode(), settings.second_secret
    return TokenIdentity(secret, None, None, backend.clock, second_secret=second)


def limits_of(settings: Settings) -> Limits:
    """The limits in force. Who sits at the machine may upload what its disk holds."""
    local = settings.supabase_url is None
    file_mb = settings.upload_mb or (None if local else USUAL_MB)
    day_gb = settings.upload_gb_a_day or (None if local else USUAL_GB_A_DAY)
    return Limits(
        upload_bytes=file_mb * 1024**2 if file_mb else UNLIMITED_BYTES,
        video_bytes=settings.upload_video_mb * 1024**2 if settings.upload_video_mb else None,
        upload_minutes=settings.upload_minutes,
        video_minutes=settings.upload_video_minutes,
        upload_bytes_a_day=day_gb * 1024**3 if day_gb else UNLIMITED_BYTES,
        jobs_at_once=settings.jobs_at_once,
        languages_at_once=settings.languages_at_once,
        minutes_at_once=settings.minutes_at_once,
        requests_a_minute=settings.requests_a_minute,
        queued_languages=settings.queued_languages,
        queued_minutes=settings.queued_minutes,
    )


def spoken(engines: Engines, offered: Offered | None = None) -> Sequence[Spoken]:
    """What can be dubbed into, from what is translated here and what `offered` can be fetched."""
    codes = sorted({code for tier in VoiceTier for code in engines.spoken(tier)})
    heard = engines.understood
    translates = engines.translates
    sources = {code: set(engines.sources(code)) for code in codes}
    if offered and any(heard - {code} - sources[code] for code in codes):
        pairs = offered.pairs(CATALOGUE_WAIT_S) or frozenset()
        for code in codes:
            sources[code] |= {
                source
                for source in heard - {code} - sources[code]
                if all(leg in pairs or translates(*leg) for leg in legs(source, code))
            }
    return [
        Spoken(code, NAMES[code], FLAGS.get(code, ""), sorted(found), _voices(engines, code))
        for code, found in sources.items()
    ]


def _voices(engines: Engines, language: str) -> list[tuple[Voice, list[VoiceTier]]]:
    found: dict[Voice, list[VoiceTier]] = {}
    for tier in VoiceTier:
        for voice in engines.voices(language, tier):
            found.setdefault(voice, []).append(tier)
    return list(found.items())
