"""The whole service on one machine: database, API and supervised workers."""

import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from uuid import UUID, uuid4

from sqlalchemy.exc import SQLAlchemyError

from ytdubber.adapters.db.connections import REQUESTS
from ytdubber.adapters.db.upkeep import SqlUpkeep
from ytdubber.adapters.queue.messages import enqueue, waiting
from ytdubber.app.service import Service
from ytdubber.bootstrap.backend import backend, database_urls
from ytdubber.bootstrap.money import ledger
from ytdubber.bootstrap.service import service
from ytdubber.domain.errors import BadSetting, DatabaseAway
from ytdubber.domain.limits import ConnectionLimits
from ytdubber.settings import Settings, load_settings

STOP_S = 32.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0
_STEADY_S = 60.0
_MOST_FILES = 65_536
_OTHER_FILES = 512
"""What the API opens beside connections: uploads and downloads under way, the database, pipes."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served, and where.

    Attributes:
        service: What the API calls.
        url: Where browsers reach it.
        origins: Web pages that may call it.
        loopback: Whether only this machine is answered.
        connections: How many connections there may be, and how slow.
    """

    service: Service
    url: str
    origins: Sequence[str]
    loopback: bool
    connections: ConnectionLimits


@contextmanager
def serving(host: str, port: int, workers: int) -> Iterator[Serving]:
    """Everything up; it goes down again in reverse.

    Raises:
        BadSetting: the network would be answered without an address that browsers know.
    """
    settings = load_settings()
    _need_address(settings, host)
    name = f"[{host}]" if ":" in host else host
    url = settings.public_url or f"http://{name}:{port}"
    loopback = settings.public_url is None and settings.supabase_url is None
    with (
        database_urls(settings) as urls,
        backend(settings, urls, public_url=url, limits=REQUESTS) as shared,
        service(shared) as made,
    ):
        book = ledger(shared.engine, settings.money, settings.data).book
        upkeep = SqlUpkeep(
            shared.engine,
            enqueue,
            waiting,
            book,
        )
        if settings.database_url is None:
            upkeep.abandon(None)  # the database is ours alone: whoever had something is dead
        with supervised(workers, upkeep.abandon):
            yield Serving(made, url, settings.origins, loopback, connection_limits(settings))


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


@contextmanager
def supervised(count: int, abandon: Callable[[UUID], object]) -> Iterator[None]:
    """Worker processes that are started again when they die.

    Args:
        count: How many.
        abandon: Frees at once what a worker had in hand that died.
    """
    supervisors = [Supervisor(number, abandon) for number in range(count)]
    for each in supervisors:
        each.start()
    try:
        yield
    finally:
        for each in supervisors:
            each.ask_to_stop()
        for each in supervisors:
            each.join()


class Supervisor(threading.Thread):
    """Keeps one worker process running. The worker ends by itself when this process dies: it
    watches the pipe that is its standard input.
    """

    def __init__(self, number: int, abandon: Callable[[UUID], object]) -> None:
        super().__init__(name=f"worker-{number}", daemon=True)
        self._abandon = abandon
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start the worker, again and again, until asked to stop."""
        pause_s = _FIRST_PAUSE_S
        while not self._stopping.is_set():
            worker_id = uuid4()
            process = self._launch(worker_id)
            if process is None:
                return
            steady = _waited(process, _STEADY_S)
            code = process.wait()
            self._free(worker_id)
            if self._stopping.is_set():
                return
            pause_s = _FIRST_PAUSE_S if steady else min(pause_s * 2, _LONGEST_PAUSE_S)
            log.warning("a worker ended (%s); another starts in %.1f s", code, pause_s)
            self._stopping.wait(pause_s)

    def ask_to_stop(self) -> None:
        """Have the worker finish or hand back what it has in hand."""
        self._stopping.set()
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()

    def join(self, timeout: float | None = STOP_S) -> None:
        """Wait for the worker to end; end it when it takes too long."""
        super().join(timeout)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _free(self, worker_id: UUID) -> None:
        try:
            freed = self._abandon(worker_id)
        except (SQLAlchemyError, DatabaseAway) as error:
            log.warning("what the worker had in hand is free in a minute: %s", error)
        else:
            log.info("%s pieces of work are free for another worker", freed)

    def _launch(self, worker_id: UUID) -> "subprocess.Popen[bytes] | None":
        command = [sys.executable, "-m", "ytdubber", "worker", "--parent-pipe"]
        command += ["--id", str(worker_id)]
        with self._lock:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(  # noqa: S603  # this program itself
                command, stdin=subprocess.PIPE, start_new_session=True
            )
            return self._process


def _waited(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Whether the process is still there after so long."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False
