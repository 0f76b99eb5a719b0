"""The server of one home, shared by every process that uses it and owned by none of them."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from ytdubber.adapters.postgres.cluster import Cluster
from ytdubber.adapters.postgres.process_lock import ProcessLock, free, unused
from ytdubber.adapters.postgres.server import START_S, EmbeddedPostgres
from ytdubber.domain.errors import (
    DatabaseMissing,
    DatabaseNotStarted,
    YtDubberError,
    recalled,
)
from ytdubber.log import get_logger

log = get_logger("ytdubber.postgres")

_POLL_S = 0.03
_WATCH_S = 0.5
_LONGEST_PAUSE_S = 30.0
_LAST_S = 15.0
"""How long the last user waits for the server's end."""

_OWNER = "ytdubber.adapters.postgres.owner"
_KEPT = ("HOME", "PATH", "PGBIN", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "TZ")
"""What of a process's environment its owner takes along: no secrets."""


@dataclass(eq=False)
class SharedPostgres:
    """The embedded server as those use it who may come and go in any order.

    Its owner is a process of its own, started by the first user. It ends when it has no user any
    more, and the last one waits for that. Where the owner is killed, its users start another.

    Attributes:
        home: The server's data, log and locks are in the folder `postgres` here.
    """

    home: Path
    _server: EmbeddedPostgres = field(init=False, repr=False)
    _cluster: Cluster = field(init=False, repr=False)
    _users: ProcessLock = field(init=False, repr=False)
    _leaving: threading.Event = field(default_factory=threading.Event, init=False, repr=False)
    _watch: threading.Thread | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._server = EmbeddedPostgres(self.home)
        self._cluster = Cluster(self.home.expanduser().resolve() / "postgres")
        self._users = ProcessLock(self._cluster.users, shared=True)

    def url(self, database: str, user: str = "postgres") -> str:
        """Where to connect, in libpq's form."""
        return self._server.url(database, user)

    def ensure_database(self, name: str) -> None:
        """Create the database unless it exists."""
        self._server.ensure_database(name)

    def start(self, timeout_s: float = START_S) -> None:
        """Use the server, with an owner that is started where there is none; returns when it
        answers.

        Raises:
            DatabaseMissing: PostgreSQL is not installed.
            BadSetting: PGBIN names a folder without it.
            DatabaseFromOtherVersion: the data was made by another version of it.
            DatabaseNotStarted: it does not start, or not in time, or it is another user's.
        """
        if os.name != "posix":
            raise DatabaseMissing
        end = time.monotonic() + timeout_s
        try:
            self._cluster.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            while not self._users.take():
                _pause_until(end, "the process that owns it is ending it and does not get done.")
            self._bring_up(end)
        except PermissionError as error:
            self.stop()
            reason = f"{error.filename} cannot be opened: it was started by another user."
            raise DatabaseNotStarted(reason=reason) from error
        except OSError as error:
            self.stop()
            raise DatabaseNotStarted(reason=f"{error}.") from error
        except BaseException:
            self.stop()
            raise
        self._leaving.clear()
        self._watch = threading.Thread(target=self._keep_up, name="ytdubber-owner", daemon=True)
        self._watch.start()

    def stop(self) -> None:
        """Use it no longer; the last user waits for its end. May be called again."""
        self._leaving.set()
        if self._watch is not None:
            self._watch.join()
            self._watch = None
        if self._users.held:
            self._users.release()
            self._await_end_if_last()

    def _keep_up(self) -> None:
        """Start another owner whenever there is none."""
        pause_s = _WATCH_S
        while not self._leaving.wait(pause_s):
            if free(self._cluster.lock):
                log.warning("postgres.owner_died")
                try:
                    self._bring_up(time.monotonic() + 60)
                except (YtDubberError, OSError) as error:
                    log.error("postgres.not_started", error=error)
                    pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
                    continue
            pause_s = _WATCH_S

    def _bring_up(self, end: float) -> None:
        """Return when there are an owner and a server that answers."""
        starting = ProcessLock(self._cluster.starting)
        while not self._leaving.is_set() or self._watch is None:
            if not free(self._cluster.lock):
                if self._server.healthy():
                    return
            elif starting.take():
                try:
                    if free(self._cluster.lock):
                        self._start_owner(end)
                        continue
                finally:
                    starting.release()
            _pause_until(end, "the process that owns it does not get it to answer.")

    def _start_owner(self, end: float) -> None:
        command = [sys.executable, "-I", "-m", _OWNER, str(self._server.home), "--shared"]
        try:
            started = subprocess.run(  # noqa: S603 - the command is ours
                command,
                cwd="/",
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                start_new_session=True,
                timeout=max(1.0, end - time.monotonic()),
            )
        except subprocess.TimeoutExpired:
            raise DatabaseNotStarted(reason="it does not start in time.") from None
        if started.stdout:
            said = json.loads(started.stdout)
            raise recalled(said["code"], said["message"], {})
        if started.stderr:
            raise DatabaseNotStarted(reason=f"{started.stderr.strip().splitlines()[-1]}.")

    def _await_end_if_last(self) -> None:
        end = time.monotonic() + _LAST_S
        while time.monotonic() < end and not free(self._cluster.lock):
            if not unused(self._cluster.users) and free(self._cluster.users):
                return  # others use it; while it ends it is neither unused nor free
            time.sleep(_POLL_S + random.random() * _POLL_S)  # noqa: S311 - no secret


def _pause_until(end: float, reason: str) -> None:
    if time.monotonic() > end:
        raise DatabaseNotStarted(reason=reason)
    time.sleep(_POLL_S)
