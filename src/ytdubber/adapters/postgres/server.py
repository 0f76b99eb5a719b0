"""A PostgreSQL server that lives and dies with the process that owns it."""

import atexit
import os
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from ytdubber.adapters.postgres.account import account_for
from ytdubber.adapters.postgres.cluster import PORT, Cluster
from ytdubber.adapters.postgres.postmaster import Postmaster
from ytdubber.adapters.postgres.process_lock import ProcessLock
from ytdubber.adapters.postgres.programs import find_programs
from ytdubber.domain.errors import DatabaseMissing, DatabaseNotStarted
from ytdubber.log import get_logger

log = get_logger("ytdubber.postgres")

START_S = 180.0
"""How long a start may take: the first makes the data, and the machine may be busy with more."""
_POLL_S = 0.03
_ANSWER_S = 2
_SUPERUSER = "postgres"
_LOG_LINES = 5


@dataclass(eq=False)
class EmbeddedPostgres:
    """The server of one home folder.

    The first process to start it owns it and keeps it running; others attach. It trusts whoever
    reaches its Unix socket, which only this user can, and opens no port. Where we are root it runs
    under a number that no user has, or as the user whose data it is.

    When its owner ends, even by kill -9, Linux has the server shut down. Elsewhere it is shut down
    when the owner's interpreter exits; after a kill -9 it runs on, until the next start ends it and
    takes over. An attached process then sees its connections fail and may `start` again.

    Attributes:
        home: Its data, log and lock are in the folder `postgres` here.
    """

    home: Path
    _cluster: Cluster = field(init=False, repr=False)
    _lock: ProcessLock = field(init=False, repr=False)
    _starting: threading.RLock = field(default_factory=threading.RLock, init=False, repr=False)
    _postmaster: Postmaster | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._cluster = Cluster(self.home.expanduser().resolve() / "postgres")
        self._lock = ProcessLock(self._cluster.lock)

    @property
    def owner(self) -> bool:
        """Whether this process owns the server."""
        return self._lock.held

    def url(self, database: str = "ytdubber", user: str = _SUPERUSER) -> str:
        """Where to connect, in libpq's form."""
        host, name, role = (quote(x, safe="") for x in (str(self._cluster.address), database, user))
        return f"postgresql://{role}@/{name}?host={host}&port={PORT}"

    def start(self, timeout_s: float = START_S) -> None:
        """Own the server, or attach to the live owner's; returns when it answers.

        Raises:
            DatabaseMissing: PostgreSQL is not installed.
            BadSetting: PGBIN names a folder without it.
            DatabaseFromOtherVersion: the data was made by another version of it.
            DatabaseNotStarted: it does not start, or not in time.
        """
        if os.name != "posix":
            raise DatabaseMissing
        end = time.monotonic() + timeout_s
        try:
            self._cluster.folder.parent.mkdir(parents=True, exist_ok=True)
            self._cluster.folder.mkdir(mode=0o700, exist_ok=True)
            while not self._lock.take():
                if self.healthy():
                    return
                _pause_until(end, "the process that owns it does not get it to answer.")
            self._start_as_owner(end)
        except (OSError, subprocess.SubprocessError) as error:
            raise DatabaseNotStarted(reason=f"{error}.") from error

    def healthy(self) -> bool:
        """Whether the server answers."""
        return self._ping() == "OK"

    def ensure_database(self, name: str) -> None:
        """Create the database unless it exists."""
        import psycopg
        from psycopg import errors, sql

        with psycopg.connect(self.url(_SUPERUSER), autocommit=True) as connection:
            known = "select 1 from pg_database where datname = %s"
            if connection.execute(known, [name]).fetchone():
                return
            try:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
            except (errors.DuplicateDatabase, errors.UniqueViolation):
                return  # Another process created it at the same moment.

    def stop(self) -> None:
        """Shut the server down if this process owns it; may be called at any time, and again."""
        if self._postmaster is not None:
            self._postmaster.stop()
        if self.owner:
            self._cluster.remove_link()
        self._lock.release()
        atexit.unregister(self.stop)

    def _ping(self) -> str:
        """OK, or REJECT while it starts or ends, or NO_RESPONSE."""
        from psycopg.pq import PGconn, Ping

        address = f"{self.url(_SUPERUSER)}&connect_timeout={_ANSWER_S}"
        return Ping(PGconn.ping(address.encode())).name

    def _start_as_owner(self, end: float) -> None:
        with self._starting:
            if self._postmaster is None or not self._postmaster.running:
                try:
                    self._launch(end)
                    self._await_answer(end)
                except BaseException:  # An owner without a server would keep others from it.
                    self.stop()
                    raise
                log.info("postgres.started", at=self._cluster.address)
                return
        self._await_answer(end)

    def _launch(self, end: float) -> None:
        atexit.register(self.stop)
        programs = find_programs(account_for(self._cluster.data))
        while (answer := self._ping()) != "NO_RESPONSE":  # The last owner's server still runs.
            if answer == "OK":  # It was not told to end.
                self._cluster.interrupt()
            _pause_until(end, "a server without an owner does not end.")
        self._cluster.prepare(programs, end - time.monotonic())
        self._postmaster = Postmaster(programs, self._cluster)
        self._postmaster.start()

    def _await_answer(self, end: float) -> None:
        postmaster = self._postmaster
        while postmaster is not None and postmaster.running and self.owner:
            if self.healthy():
                postmaster.keep()
                return
            _pause_until(end, f"it does not answer. Its log is {self._cluster.log}.")
        said = postmaster.failure.splitlines() if postmaster else []
        reason = "\n".join(said[-_LOG_LINES:]) or "it was stopped."
        raise DatabaseNotStarted(reason=reason)


def _pause_until(end: float, reason: str) -> None:
    if time.monotonic() > end:
        raise DatabaseNotStarted(reason=reason)
    time.sleep(_POLL_S)
