"""What the API, workers and maintenance of one service share: its database and its files."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ytdubber.adapters.db.connection.connections import WORK, TimeLimits, observe_time
from ytdubber.adapters.db.connection.database_clock import DatabaseClock
from ytdubber.adapters.db.coordination.dispatch import SqlDispatcher
from ytdubber.adapters.db.coordination.reaper import EnterCosts, SqlReaper
from ytdubber.adapters.db.database import Database, Fence, make_engine
from ytdubber.adapters.db.schema import migrate
from ytdubber.adapters.postgres.shared import SharedPostgres
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.bootstrap.media import media_store
from ytdubber.bootstrap.queue import wakes
from ytdubber.domain.errors import BadSetting, DatabaseAway, FolderNotWritable
from ytdubber.ports.clock import Clock
from ytdubber.ports.job_queue import JobQueue
from ytdubber.ports.leases import Kind, Lease
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.service_work import AsService
from ytdubber.settings import Settings

DATABASE = "ytdubber"
API_LOGIN = "ytdubber_api"
DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
_TABLES = {Kind.JOB: "dubbing_jobs", Kind.TASK: "language_tasks"}


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the database is.

    Attributes:
        owner: For its owner.
        api: For the API's login.
        listen_at: Where its owner listens, if not there.
    """

    owner: str
    api: str
    listen_at: str | None = None

    @property
    def listen(self) -> str:
        """Where to listen: over a direct connection, where there is one."""
        return self.listen_at or self.owner


@contextmanager
def database_urls(settings: Settings) -> Iterator[Urls]:
    """The database in force; an embedded one runs at least for as long as this is open.

    Raises:
        DatabaseNotStarted: the embedded one does not start.
    """
    if settings.database_url:
        yield Urls(
            settings.database_url,
            settings.api_database_url or settings.database_url,
            settings.listen_database_url,
        )
        return
    server = SharedPostgres(settings.data)
    server.start()
    try:
        server.ensure_database(DATABASE)
        yield Urls(server.url(DATABASE), server.url(DATABASE, API_LOGIN))
    finally:
        server.stop()


@dataclass(frozen=True, slots=True)
class Backend:
    """The service's database and files, as its owner.

    Attributes:
        settings: The settings in force.
        urls: Where the database is.
        engine: Connections as its owner.
        media: Where files are kept.
        secret: Signs links and local tokens.
        clock: Tells the time.
        public_url: Where browsers reach the API.
        queue: Wakes workers.
        dispatch: Gives what waits to whoever is free; never raises.
    """

    settings: Settings
    urls: Urls
    engine: Engine
    media: MediaStore
    secret: bytes
    clock: Clock
    public_url: str
    queue: JobQueue[Connection] = field(default_factory=PostgresQueue)
    dispatch: Callable[[], int] = lambda: 0

    @property
    def database(self) -> Database:
        """Transactions as the owner."""
        return Database(self.engine, self.dispatch)

    def fenced(self, lease: Lease) -> AsService:
        """Transactions that last only while the lease is held."""
        return self._fenced(lease, released=False)

    def last_word(self, lease: Lease) -> AsService:
        """Transactions that last only while nobody has taken the lease from its holder."""
        return self._fenced(lease, released=True)

    def _fenced(self, lease: Lease, *, released: bool) -> AsService:
        fence = Fence(_TABLES[lease.kind], lease.id, lease.owner, lease.attempt, released)
        database = self.database
        return lambda: database.as_service(fence)


@contextmanager
def backend(
    settings: Settings,
    urls: Urls,
    *,
    public_url: str | None = None,
    pool_size: int = 4,
    name: str = "ytdubber",
    limits: TimeLimits = WORK,
) -> Iterator[Backend]:
    """The service's database, migrated, and its files.

    Raises:
        BadSetting: the database that was set cannot be used.
        FolderNotWritable: the home cannot be used.
    """
    woken = wakes(settings)
    clock = DatabaseClock()
    engine = make_engine(urls.owner, pool_size=pool_size, name=name, limits=limits, clock=clock)
    try:
        with usable("DATABASE_URL", settings.database_url):
            migrate.bring_up(engine)
            observe_time(engine, clock)
        try:
            secret = signing_secret(settings)
        except OSError as error:
            raise FolderNotWritable(folder=settings.data, reason=error.strerror or error) from error
        url = settings.public_url or public_url or f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"
        url = url.rstrip("/")
        dispatch = SqlDispatcher(engine, woken.queue)
        with media_store(settings, secret, url, clock) as media:
            yield Backend(settings, urls, engine, media, secret, clock, url, woken.queue, dispatch)
    finally:
        woken.close()
        engine.dispose()


def reaper_of(shared: Backend, enter_costs: EnterCosts) -> SqlReaper:
    """What looks after the rows of a service, and enters what lost calls cost."""
    return SqlReaper(shared.engine, shared.queue, enter_costs)


@contextmanager
def usable(variable: str, url: str | None) -> Iterator[None]:
    """What a database that an operator set refuses is told with the setting's name."""
    try:
        yield
    except (DBAPIError, DatabaseAway) as error:
        if url is None:
            raise
        cause = str(_driver_error(error)).strip().partition("\n")[0].rstrip(".")
        reason = f"the database cannot be used ({cause})."
        raise BadSetting(variable=variable, reason=reason) from error


def _driver_error(error: BaseException) -> BaseException:
    """What the driver said."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def signing_secret(settings: Settings) -> bytes:
    """The secret from the settings, or the one in the data folder, made at first use."""
    if settings.secret:
        return settings.secret.encode()
    path = settings.data / "secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".secret-{os.getpid()}")
    if not path.exists():
        part.touch(mode=0o600)
        part.write_text(secrets.token_hex(32), encoding="ascii")
        _link(part, path)
    return path.read_bytes().strip()


def _link(part: Path, path: Path) -> None:
    """Put a file in place unless another process was quicker."""
    try:
        os.link(part, path)
    except FileExistsError:
        pass  # the other process's secret is as good
    finally:
        part.unlink()
