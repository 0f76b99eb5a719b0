"""PostgreSQL's main process, kept running."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence

from ytdubber.adapters.postgres.cluster import SETTINGS, Cluster
from ytdubber.adapters.postgres.programs import Programs, environment
from ytdubber.log import get_logger

log = get_logger("ytdubber.postgres")

_POLL_S = 0.02
_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 30.0
_STEADY_S = 10.0
_SAID_LIMIT_BYTES = 65_536
_SHUTDOWNS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
"""Fast, immediate, and by force; each with how long it may take."""

_BUSY = (
    "pre-existing shared memory block",  # the killed server's children are still ending
    'lock file "postmaster.pid" already exists',  # the last owner's server is still ending
)


class Postmaster:
    """Starts the server, waits for its end and starts it again, in a thread of its own.

    The kernel ends the server when the thread that started it ends, so that thread lives as long as
    the server does; the thread that calls `start` may come and go.
    """

    def __init__(self, programs: Programs, cluster: Cluster) -> None:
        self._programs = programs
        self._cluster = cluster
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False
        self._wanted = False
        self._thread = threading.Thread(target=self._run, name="ytdubber-postgres", daemon=True)
        self.failure = ""

    def start(self) -> None:
        """Start the server; whether it answers is for the caller to see."""
        self._thread.start()

    def keep(self) -> None:
        """From now on start it again however it ends: it was seen to work."""
        self._wanted = True

    @property
    def running(self) -> bool:
        """Whether the server runs or will be started again."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Shut the server down and wait for its end; holds no lock, so a signal may come in."""
        self._stopping = True
        for number, patience_s in _SHUTDOWNS:
            if self.running:  # never in a process forked from the owner
                self._signal(number)
            end = time.monotonic() + patience_s
            while self.running and time.monotonic() < end:
                time.sleep(_POLL_S)

    def _signal(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _run(self) -> None:
        pause_s = _PAUSE_S
        while not self._stopping:
            began = time.monotonic()
            how, said = self._run_once()
            if self._stopping:
                return
            busy = any(words in said for words in _BUSY)
            if not busy and not self._wanted:
                self.failure = said or how
                return
            if not busy:
                log.warning("postgres.died", how=how)
            steady = busy or time.monotonic() - began > _STEADY_S
            pause_s = _PAUSE_S if steady else min(2 * pause_s, _LONGEST_PAUSE_S)
            self._pause(pause_s)

    def _command(self) -> Sequence[str]:
        """How the server is started: what its operator has altered is theirs."""
        altered = self._cluster.altered()
        settings = {name: value for name, value in SETTINGS.items() if name not in altered}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return self._programs.command("postgres", words, self._cluster.data)

    def _run_once(self) -> tuple[str, str]:
        """Run the server to its end; how it ended, and what it wrote."""
        try:
            with self._cluster.open_log() as log:
                mark = log.seek(0, os.SEEK_END)
                self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                    self._command(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env=environment(),
                    start_new_session=True,  # Ctrl-C is for us; the server ends when we are done
                )
                if self._stopping:  # stop() may have come before there was a process to tell
                    self._signal(signal.SIGINT)
                status = self._process.wait()
                log.seek(max(mark, log.seek(0, os.SEEK_END) - _SAID_LIMIT_BYTES))
                said = log.read().decode(errors="replace")
        except OSError as error:
            return str(error), ""
        return f"status {status}" if status >= 0 else signal.Signals(-status).name, said

    def _pause(self, duration_s: float) -> None:
        end = time.monotonic() + duration_s
        while not self._stopping and time.monotonic() < end:
            time.sleep(_POLL_S)
