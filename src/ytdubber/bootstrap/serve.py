"""The API, and on one machine the whole service: database and supervised workers, too."""

import contextlib
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address

from ytdubber.adapters.db.connection.connections import REQUESTS
from ytdubber.adapters.db.coordination.budget import API_OWNER, api_connections, worker_connections
from ytdubber.app.service import Service
from ytdubber.bootstrap.backend import backend, database_urls, reaper_of
from ytdubber.bootstrap.broker import need_room
from ytdubber.bootstrap.metrics import Metrics, metrics
from ytdubber.bootstrap.money import ledger
from ytdubber.bootstrap.presence import only_service
from ytdubber.bootstrap.remote_storage import storage_origin
from ytdubber.bootstrap.service import service
from ytdubber.bootstrap.signing import signer
from ytdubber.bootstrap.supervisor import supervised
from ytdubber.bootstrap.tracing import tracing
from ytdubber.domain.errors import BadSetting
from ytdubber.domain.limits import ConnectionLimits
from ytdubber.settings import Settings, load_settings

_NO_DATABASE = (
    "--no-database starts none here, so this has to name the database to use, in the form"
    " postgresql://login:password@host/database."
)
_MOST_FILES = 65_536
_OTHER_FILES = 512
"""What the API opens beside connections: uploads and downloads under way, the database, pipes."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served, and where.

    Attributes:
        service: What the API calls.
        url: Where browsers reach it.
        origins: Web pages that may call it.
        loopback: Whether only this machine is answered.
        connections: How many connections there may be, and how slow.
        metrics: What is counted.
        storage: The origin of the storage that pages talk to; None where it is ours, or where users
            have a page of their own.
    """

    service: Service
    url: str
    origins: Sequence[str]
    loopback: bool
    connections: ConnectionLimits
    metrics: Metrics
    storage: str | None


@contextmanager
def serving(host: str, port: int, workers: int, *, database: bool = True) -> Iterator[Serving]:
    """Everything up; it goes down again in reverse.

    Args:
        host: Address to listen on.
        port: Its port.
        workers: How many worker processes to keep running.
        database: Whether an embedded database may be started.

    Raises:
        BadSetting: the network would be answered without an address that browsers know, or there
            is no database and none may be started.
        ServiceRunning: another service has this home and its database.
    """
    settings = load_settings()
    if not database and settings.database_url is None:
        raise BadSetting(variable="DATABASE_URL", reason=_NO_DATABASE)
    _need_address(settings, host)
    signer(settings)  # one that cannot sign is refused here rather than by each worker
    name = f"[{host}]" if ":" in host else host
    url = settings.public_url or f"http://{name}:{port}"
    loopback = settings.public_url is None and settings.supabase_url is None
    with (
        tracing("api"),
        only_service(settings, url),
        database_urls(settings) as urls,
        backend(settings, urls, public_url=url, pool_size=API_OWNER, limits=REQUESTS) as shared,
        service(shared) as made,
        metrics(settings, "api") as counted,
    ):
        if workers:
            counted.tell_state(shared)
        wanted = api_connections() + workers * worker_connections(settings.worker_threads)
        need_room(shared, wanted, f"This with --workers {workers}")
        reaper = reaper_of(shared, ledger(shared.engine, settings.money, settings.data).enter_costs)
        with supervised(workers, [], reaper.abandon):
            limits, storage = connection_limits(settings), storage_origin(settings)
            yield Serving(made, url, settings.origins, loopback, limits, counted, storage)


def connection_limits(settings: Settings) -> ConnectionLimits:
    """The limits in force: of as many connections as this process may have files open, too."""
    in_all = min(settings.connections, max(1, open_files() - _OTHER_FILES))
    return ConnectionLimits(in_all=in_all, per_address=settings.connections_per_address)


def open_files() -> int:
    """How many files this process may have open, sockets too; first raised to what it may ask for,
    since shells and service managers start programs with 1,024.
    """
    if os.name != "posix":
        return _MOST_FILES
    import resource  # noqa: PLC0415  # Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):  # macOS tells more than it grants
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            return most
    return _MOST_FILES if soft == resource.RLIM_INFINITY else soft


def _need_address(settings: Settings, host: str) -> None:
    if settings.public_url is None and not _loopback(host):
        raise BadSetting(
            variable="YTDUBBER_PUBLIC_URL",
            reason=f"--host {host} answers the network and needs it beside it: the address where"
            " browsers reach the API, which links begin with. Without --host only this machine is"
            " answered.",
        )


def _loopback(host: str) -> bool:
    """Whether only this machine reaches an address to listen on."""
    try:
        found = {each[4][0] for each in socket.getaddrinfo(host, None)}
        return all(ip_address(str(each).partition("%")[0]).is_loopback for each in found)
    except (OSError, ValueError):
        return False
