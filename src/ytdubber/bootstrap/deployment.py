"""What `doctor` finds of a deployment: the parts that its settings name, each tried."""

import hashlib
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import uuid4

import httpx
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ytdubber.adapters.db.connection.connections import REQUESTS, connected, make_engine
from ytdubber.adapters.db.connection.service_role import login_role
from ytdubber.adapters.db.coordination.budget import (
    api_connections,
    connection_room,
    worker_connections,
)
from ytdubber.adapters.db.schema import migrate
from ytdubber.adapters.db.schema.examined import clock_ahead_s, policy_faults
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.bootstrap.database_found import way_found, work_found
from ytdubber.bootstrap.findings import Finding
from ytdubber.bootstrap.media import media_store
from ytdubber.bootstrap.queue import wakes
from ytdubber.bootstrap.remote_storage import place, storage_origin
from ytdubber.domain.errors import (
    DatabaseAway,
    MediaMissing,
    PartMissing,
    QueueAway,
    StorageNotWorking,
)
from ytdubber.ports.media_store import MediaStore
from ytdubber.settings import Settings

MOST_SKEW_S = 5.0
"""By how much clocks may differ: signed links and tokens last minutes, and end by them."""
LINK_S = 60
_CLOCKS = "Set this machine's clock by NTP (timedatectl set-ntp true), and the other's."
_UNSERVED = "Start what is missing: ytdubber worker --queues io, or cpu."


def deployment(settings: Settings) -> Iterator[Finding]:
    """The service's parts: its database, where one is set, its queue and its files."""
    if settings.database_url is not None:
        yield from _database(settings, settings.database_url)
    yield from _files(settings)


def _database(settings: Settings, url: str) -> Iterator[Finding]:
    answers, detail = way_found(url, settings.listen_database_url)
    yield Finding("service's database", answers, True, detail, "Correct it or start it.")
    if not answers:
        return
    engine = make_engine(url, pool_size=1, name="ytdubber-doctor", limits=REQUESTS)
    try:
        tables = _tables(engine)
        yield tables
        if tables.ok:
            yield _policies(engine)
        yield _connections(engine, settings)
        yield _clock("database's", clock_ahead_s(engine))
        yield _queue(settings, engine)
    except (DatabaseAway, SQLAlchemyError) as error:
        reason = str(error.__cause__ or error).partition("\n")[0]
        yield Finding("service's database", False, True, f"went away: {reason}", "Try again.")
    finally:
        engine.dispose()
    if settings.api_database_url is not None:
        answers, detail = way_found(settings.api_database_url, None)
        remedy = "Correct YTDUBBER_API_DATABASE_URL."
        yield Finding("API's login", answers, True, detail, remedy)
    if work := work_found(url):
        yield Finding("service's workers", work[0], False, work[1], _UNSERVED)


def _tables(engine: Engine) -> Finding:
    revision, head = migrate.revision_of(engine), migrate.head()
    name = "service's tables"
    if revision == head:
        return Finding(name, True, True, f"at revision {revision}, this version's")
    remedy = "ytdubber migrate brings them to this version; every role does so as it starts."
    if revision is None:
        return Finding(name, False, False, "there are none yet", remedy)
    if revision in migrate.revisions():
        detail = f"at revision {revision}, and this version's is {head}"
        return Finding(name, False, False, detail, remedy)
    detail = f"at revision {revision}, which only a newer version knows"
    remedy = "Start that version, or use a backup that was made before it."
    return Finding(name, False, True, detail, remedy)


def _policies(engine: Engine) -> Finding:
    faults = policy_faults(engine)
    detail = "; ".join(faults) or "every table has its policies, and roles are bound by them"
    remedy = (
        "Users may see others' rows, or the service none: put roles and policies back as the"
        " migrations make them (docs/security.md)."
    )
    return Finding("row-level security", not faults, True, detail, remedy)


def _connections(engine: Engine, settings: Settings) -> Finding:
    with connected(engine) as connection:
        room = connection_room(connection)
    most, worker = room.most - room.reserved, worker_connections(settings.worker_threads)
    wanted = api_connections() + worker
    detail = (
        f"{room.used} of {most} are used; the API takes {api_connections()} and a worker of"
        f" {settings.worker_threads} threads {worker}"
    )
    enough = most >= wanted and room.used <= 0.9 * most
    remedy = (
        "Raise PostgreSQL's max_connections, run fewer workers, or give them fewer threads"
        " (YTDUBBER_WORKER_THREADS)."
    )
    return Finding("database's connections", enough, True, detail, remedy)


def _clock(whose: str, ahead_s: float, grain_s: float = 0.0) -> Finding:
    """Of a clock that tells the time only so finely."""
    ok = abs(ahead_s) <= MOST_SKEW_S + grain_s
    way = "ahead of" if ahead_s > 0 else "behind"
    detail = f"{abs(ahead_s):.1f} s {way} this machine's"
    return Finding(f"{whose} clock", ok, True, detail, _CLOCKS)


def _queue(settings: Settings, engine: Engine) -> Finding:
    name = "queue"
    where = "REDIS_URL" if settings.redis_url else "the database"
    remedy = "Start it, or correct REDIS_URL." if settings.redis_url else "ytdubber migrate"
    try:
        woken = wakes(settings)
    except PartMissing as error:
        return Finding(name, False, True, f"{where}: {error}", remedy)
    with closing(woken), login_role(engine) as connection:
        try:
            woken.queue.check(connection)
        except (QueueAway, SQLAlchemyError) as error:
            reason = str(error).partition("\n")[0]
            return Finding(name, False, True, f"{where}: {reason}", remedy)
    return Finding(name, True, True, f"workers are woken by {where}")


def _files(settings: Settings) -> Iterator[Finding]:
    """A small file goes there and back; nothing of it stays."""
    name, where = "service's files", place(settings)
    try:
        with _storage(settings) as media:
            media.check()
            ahead_s = _round_trip(media, settings)
    except (StorageNotWorking, PartMissing, MediaMissing) as error:
        yield Finding(name, False, True, where, str(error))
        return
    except httpx.HTTPError as error:
        reason = f"its signed link cannot be fetched ({type(error).__name__}: {error})"
        remedy = "Browsers need the storage's address, too: correct it, or open the way to it."
        yield Finding(name, False, True, f"{where}: {reason}", remedy)
        return
    told = ", and a signed link gives it out" if ahead_s is not None else ""
    yield Finding(name, True, True, f"{where}: a file goes there and back{told}")
    if ahead_s is not None:
        yield _clock("storage's", ahead_s, grain_s=1.0)


@contextmanager
def _storage(settings: Settings) -> Iterator[MediaStore]:
    # Links that the service serves itself are not tried: it may not run.
    secret = secrets.token_bytes(32)
    with media_store(settings, secret, "http://localhost", SystemClock()) as media:
        yield media


def _round_trip(media: MediaStore, settings: Settings) -> float | None:
    """Store a file, fetch it and, where the storage gives files out itself, also by a link; by how
    many seconds the storage's clock is ahead, None where it is this machine's.

    Raises:
        StorageNotWorking: something else came back.
        MediaMissing: nothing did.
    """
    key, data = f"{uuid4()}/{uuid4()}", uuid4().bytes * 64
    wanted = hashlib.sha256(data).hexdigest()
    settings.data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data) as folder:
        sent, came = Path(folder, "sent"), Path(folder, "came")
        sent.write_bytes(data)
        try:
            media.put(key, sent, "audio/wav")
            if media.fetch(key, came, lambda: None) != wanted:
                raise StorageNotWorking(reason="it gives back something else than was stored")
            ahead_s = _by_link(media, key, wanted) if storage_origin(settings) else None
        finally:
            media.delete([key])
    if media.stat(key) is not None:
        raise StorageNotWorking(reason="what is removed stays there")
    return ahead_s


def _by_link(media: MediaStore, key: str, wanted: str) -> float | None:
    ends = datetime.now(UTC) + timedelta(seconds=LINK_S)
    link = media.download_url(
        key, file_name="doctor.wav", content_type="audio/wav", expires_at=ends
    )
    asked = datetime.now(UTC)
    began_s = time.monotonic()
    answer = httpx.get(link, timeout=LINK_S, follow_redirects=True)
    if answer.status_code != 200:
        raise StorageNotWorking(reason=f"its signed link is answered {answer.status_code}")
    if hashlib.sha256(answer.content).hexdigest() != wanted:
        raise StorageNotWorking(reason="its signed link gives out something else than was stored")
    half_s = (time.monotonic() - began_s) / 2
    try:
        told = parsedate_to_datetime(answer.headers.get_list("date")[-1])
    except (LookupError, ValueError):
        return None
    return (told - asked).total_seconds() - half_s
