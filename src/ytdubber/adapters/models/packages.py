"""Published packages that carry model files, downloaded with the ecosystem's own client."""

import enum
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from ytdubber.adapters.models.transfer import Check, SourceFailed, wait_for

Fraction = Callable[[float], None]
"""Told how much of the wanted packages is here, from 0 to 1."""

Commands = Callable[["Client", list[str], Path], list[list[str]]]
"""The command lines, run in turn, with which a client downloads packages into a folder."""

_CLIENT_S = 3600.0
_STOP_S = 2.0
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_NO_CONNECTION = re.compile(
    r"WARNING: Retrying \(|ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH"
)


class Client(enum.StrEnum):
    """A program that downloads packages."""

    PIP = "pip"
    NPM = "npm"


class Packages:
    """Packages of one round of fetching, each downloaded once, thrown away at the end.

    They lie in a private folder under `root`. Folders that a killed process left are swept.
    A client that finds no connection is not started again in the round.

    Args:
        root: the folder of all models.
        check: called often while a client runs; what it raises stops the client.
        commands: how a client is started; `client_commands` when None.
    """

    def __init__(self, root: Path, check: Check, commands: Commands | None = None) -> None:
        self._root = root / ".scratch"
        self._check = check
        self._commands = commands or client_commands
        self._name = uuid.uuid4().hex
        self._lock = FileLock(self._root / f"{self._name}.lock")
        self._archives: dict[str, Path] = {}
        self._closed: dict[Client, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lock.is_locked:
            shutil.rmtree(self._root / self._name, ignore_errors=True)
            self._lock.release()
            (self._root / f"{self._name}.lock").unlink(missing_ok=True)
            with suppress(OSError):
                self._root.rmdir()

    def scratch(self) -> Path:
        """The private folder, on the disk of the models."""
        folder = self._root / self._name
        if not self._lock.is_locked:
            self._root.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            self._sweep()
            folder.mkdir()
        return folder

    def get(self, client: Client, packages: tuple[str, ...], tell: Fraction) -> tuple[Path, ...]:
        """The archives of packages such as `name==1.0` (pip) or `name@1.0` (npm), in their order.

        Raises:
            SourceFailed: the client is not here or could not download them.
        """
        wanted = [package for package in packages if package not in self._archives]
        if wanted:
            self._download(client, wanted, tell)
        return tuple(self._archives[package] for package in packages)

    def _download(self, client: Client, wanted: list[str], tell: Fraction) -> None:
        if client in self._closed:
            raise SourceFailed(self._closed[client])
        folder = Path(tempfile.mkdtemp(prefix=f"{client}-", dir=self.scratch()))
        for command in self._commands(client, wanted, folder):
            code, lines = self._run(command, len(wanted), tell)
            if code:
                raise SourceFailed(self._reason(client, lines))
        for package in wanted:
            self._archives[package] = _archive_of(package, folder)

    def _reason(self, client: Client, lines: list[str]) -> str:
        """Why a client failed; when it has no connection, that is remembered."""
        reason = _last_words(client, lines)
        if any(_NO_CONNECTION.search(line) for line in lines):
            reason = self._closed[client] = f"no connection ({reason})"
        return reason

    def _run(self, command: list[str], packages: int, tell: Fraction) -> tuple[int, list[str]]:
        """Run a client to its end, or stop it when `check` or an interrupt asks."""
        process = subprocess.Popen(  # noqa: S603 - the command is ours, its names are the manifest's
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        output: SimpleQueue[str | None] = SimpleQueue()
        reader = threading.Thread(target=_pump, args=(process, output), daemon=True)
        reader.start()
        lines: list[str] = []
        done = 0
        try:
            while (line := wait_for(output, _CLIENT_S, self._check)) is not None:
                if found := _PROGRESS.search(line):
                    here, size = int(found[1]), max(1, int(found[2]))
                    tell((done + here / size) / packages)
                    done += here == size
                elif line:
                    lines.append(line)
            return process.wait(), lines
        except Empty as error:
            raise SourceFailed("the client fell silent") from error
        finally:
            _stop(process)
            reader.join(_STOP_S)

    def _sweep(self) -> None:
        """Remove folders whose process is gone: nobody holds their lock."""
        for left in self._root.iterdir():
            if left.is_dir():
                lock = left.with_name(f"{left.name}.lock")
                with suppress(Timeout, OSError), FileLock(lock, timeout=0):
                    shutil.rmtree(left, ignore_errors=True)
                    lock.unlink(missing_ok=True)


def client_commands(client: Client, packages: list[str], folder: Path) -> list[list[str]]:
    """The command lines that download packages into a folder.

    Wheels are asked for one fixed platform and any Python, whatever is here: they are unpacked,
    never run.
    npm has one limit for a whole download, which a slow line needs; so it first asks a small
    question under a short one.

    Raises:
        SourceFailed: the client is not installed.
    """
    if client is Client.PIP:
        download = [
            *(sys.executable, "-m", "pip", "download", "--no-deps", "--no-input"),
            *("--disable-pip-version-check", "--no-cache-dir", "--progress-bar", "raw"),
            *("--retries", "1", "--timeout", "10", "--only-binary", ":all:"),
            *("--platform", "manylinux_2_28_x86_64", "--platform", "manylinux2014_x86_64"),
            *("--python-version", "3.11", "--implementation", "cp"),
            *("--abi", "cp311", "--abi", "abi3", "--abi", "none"),
            "--ignore-requires-python",
            *("--dest", str(folder), *packages),
        ]
        return [download]
    npm = shutil.which("npm")
    if npm is None:
        raise SourceFailed("npm is not installed")
    ask = [npm, "view", packages[0], "version", "--fetch-retries=0", "--fetch-timeout=10000"]
    download = [
        *(npm, "pack", "--ignore-scripts", "--loglevel=error", "--fetch-retries=1"),
        *("--pack-destination", str(folder), *packages),
    ]
    return [ask, download]


def _archive_of(package: str, folder: Path) -> Path:
    name = re.split(r"==|@", package)[0]
    pattern = f"{name.replace('-', '_')}-*.whl" if "==" in package else f"{name}-*.tgz"
    found = next(folder.glob(pattern), None)
    if found is None:
        raise SourceFailed(f"{package} did not arrive")
    return found


def _last_words(client: Client, lines: list[str]) -> str:
    """The line of a client's output that says why it failed."""
    if client is Client.NPM:
        reasons = [line for line in lines if re.match(r"npm error (?!code|errno|syscall)", line)]
        lines = reasons[:1] or lines
    last = lines[-1] if lines else "it failed without a word"
    return re.sub(r"^(ERROR:|npm error( \w+)?) ", "", last)


def _pump(process: subprocess.Popen[str], output: "SimpleQueue[str | None]") -> None:
    if process.stdout is not None:
        with process.stdout:
            for line in process.stdout:
                output.put(line.strip())
    output.put(None)


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
