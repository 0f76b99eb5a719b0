"""The folder of one server: its data, socket, log and lock."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from ytdubber.adapters.postgres.account import Account, hand_over, nobody
from ytdubber.adapters.postgres.programs import Programs, environment
from ytdubber.domain.errors import DatabaseFromOtherVersion, DatabaseNotStarted

PORT = 5432
"""Part of the socket's name; no port is opened."""

_UNFINISHED = "data.new-"
_LOG_LIMIT_BYTES = 5_000_000
_SOCKET_PATH_LIMIT_BYTES = 103  # of an address on macOS; Linux takes 107
_SHORT_PATHS = Path("/tmp")  # noqa: S108 - short everywhere; what is put there is ours or refused

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    # Relative to the data, so that neither its length nor the right to read its parents matters.
    "unix_socket_directories": "../socket",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",  # details repeat the rows' contents
    "logging_collector": "off",
}


ALTERABLE = frozenset({"max_connections", "shared_buffers"})
"""Of these settings those that depend on how large the service is."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What one server keeps, below one folder."""

    folder: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own."""
        return self.folder / "data"

    def altered(self) -> frozenset[str]:
        """Which of `ALTERABLE` an operator has set by `alter system`."""
        file = self.data / "postgresql.auto.conf"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return ALTERABLE & {line.partition("=")[0].strip() for line in lines}

    @property
    def socket(self) -> Path:
        """The folder of its socket."""
        return self.folder / "socket"

    @property
    def log(self) -> Path:
        """What it wrote, begun anew at a start when it is long; the one before is `log.old`."""
        return self.folder / "log"

    @property
    def lock(self) -> Path:
        """Held by the process that owns the server."""
        return self.folder / "lock"

    @property
    def users(self) -> Path:
        """Held together by the processes that use a server with an owner of its own."""
        return self.folder / "users"

    @property
    def starting(self) -> Path:
        """Held by the one of them that starts an owner."""
        return self.folder / "starting"

    @property
    def _link(self) -> Path | None:
        """A short way to the socket's folder, where its own path does not fit into an address."""
        path = self.socket / f".s.PGSQL.{PORT}"
        if len(os.fsencode(path)) <= _SOCKET_PATH_LIMIT_BYTES:
            return None
        digest = hashlib.sha256(os.fsencode(self.socket)).hexdigest()[:16]
        return _SHORT_PATHS / f"ytdubber-{os.geteuid()}-{digest}"

    @property
    def address(self) -> Path:
        """The socket's folder by a path that fits an address; makes a link where it needs one.

        Raises:
            DatabaseNotStarted: a link of another user is in the place of ours.
        """
        if (link := self._link) is None:
            return self.socket
        try:
            link.symlink_to(self.socket)
        except FileExistsError:
            ours = link.is_symlink() and link.lstat().st_uid == os.geteuid()
            if not ours or link.readlink() != self.socket:
                raise DatabaseNotStarted(
                    reason=f"{link} is not ours, and is needed as a short path to {self.socket}."
                ) from None
        return link

    def remove_link(self) -> None:
        """Remove what `address` made; it is made again when it is needed."""
        if (link := self._link) and link.is_symlink() and link.lstat().st_uid == os.geteuid():
            link.unlink(missing_ok=True)

    def open_log(self) -> BinaryIO:
        """The log, to append to and to read."""
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        return os.fdopen(os.open(self.log, flags, 0o600), "ab+")

    def prepare(self, programs: Programs, timeout_s: float) -> None:
        """Make ready for a start; only the owner may.

        Raises:
            DatabaseFromOtherVersion: the data needs other programs.
            DatabaseNotStarted: the data could not be made.
        """
        for leftover in self.folder.glob(f"{_UNFINISHED}*"):
            # What an ending initdb still writes to is removed at the start after.
            shutil.rmtree(leftover, ignore_errors=True)
        if (self.data / "PG_VERSION").exists():
            self._check_version(programs)
            self._bring_over(programs.account)
        else:
            self._make_data(programs, timeout_s)
        self.socket.mkdir(mode=0o700, exist_ok=True)
        _give(self.socket, programs.account)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_name("log.old"))
        for file in (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{PORT}.lock"):
            _disclaim_reused_pid(file)

    def interrupt(self) -> None:
        """End the server that runs without an owner, if there is one."""
        try:
            pid = _pid_in((self.data / "postmaster.pid").read_text())
            if _runs_postgres(pid):  # In another container the number is another program's.
                os.kill(pid, signal.SIGINT)
        except (FileNotFoundError, ProcessLookupError):
            return  # It ended by itself.

    def _check_version(self, programs: Programs) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != str(programs.major):
            raise DatabaseFromOtherVersion(
                folder=self.data, made_by=version, version=str(programs.major)
            )

    def _bring_over(self, account: Account | None) -> None:
        """Take from `nobody` what an earlier version of this program gave to it."""
        if account is None:
            return
        former = nobody().uid
        for folder in (self.socket, self.data):
            if folder.exists() and folder.stat().st_uid in (0, former):
                self._let_pass(account)
                hand_over(folder, former, account)

    def _let_pass(self, account: Account) -> None:
        """Let the account through on its way to the socket, and see nothing."""
        os.chown(self.folder, -1, account.gid)
        self.folder.chmod(0o710)

    def _make_data(self, programs: Programs, timeout_s: float) -> None:
        """Make the data in a folder that gets its name when it is complete.

        `initdb` insists on a user with a name. It runs as `nobody`, in a group of the server's own,
        which keeps other processes of `nobody` from it and from its files: they may neither pass
        the folder around them nor look into a process of another group (ptrace(2)).
        """
        maker = account = programs.account
        if account is not None:
            self._let_pass(account)
            maker = Account(nobody().uid, account.gid)
        new = Path(tempfile.mkdtemp(dir=self.folder, prefix=_UNFINISHED))
        _give(new, maker)
        arguments = [
            "--username=postgres",
            "--auth-local=trust",
            "--auth-host=reject",
            "--encoding=UTF8",
            "--locale=C",
            "--data-checksums",
            "--no-instructions",
            "--no-sync",
        ]
        if programs.major >= 17:
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = subprocess.run(  # noqa: S603 - the command is ours
            replace(programs, account=maker).command("initdb", arguments, new),
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout_s,
            start_new_session=True,
        )
        if made.returncode:
            raise DatabaseNotStarted(reason=f"its data could not be made: {made.stdout[-800:]}")
        if account is not None:
            hand_over(new, nobody().uid, account)
        new.rename(self.data)


def _give(folder: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def _pid_in(lock_file: str) -> int:
    return int(lock_file.split("\n", 1)[0])


def _runs_postgres(pid: int) -> bool:
    """Whether the process is PostgreSQL's, as far as this system says."""
    if sys.platform != "linux":
        return True
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _disclaim_reused_pid(file: Path) -> None:
    """Name the parent in a lock file whose process is not PostgreSQL.

    After a power cut, or in a container started again, the number of the server that was killed may
    be another program's, and PostgreSQL would wait for that program. It does not wait for its
    parent, and goes on to check that the killed server's children have ended too.
    """
    try:
        content = file.read_text()
        if not content:  # The server was killed as it made the file; it would not start over it.
            file.unlink()
        elif not _runs_postgres(_pid_in(content)):
            file.write_text("\n".join([str(os.getpid()), *content.split("\n")[1:]]))
    except FileNotFoundError:
        return  # It ended in good order.
