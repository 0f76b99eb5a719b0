"""The service's processes, and what they leave behind."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.clock import Clock
from tests.waiting import PATIENCE_S

PROC = Path("/proc")


@dataclass
class Role:
    """One process, started again whenever it ends."""

    name: str
    words: list[str]
    variables: Mapping[str, str]
    log: Path
    clock: Clock
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0
    wanted: bool = True
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        with self._lock, self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ytdubber", *self.words],
                env=os.environ | self.variables | self.clock.variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.log.parent,
                start_new_session=True,
            )
            self.starts += 1

    @property
    def ended(self) -> bool:
        """Whether it was started and runs no more."""
        return self.process is not None and self.process.poll() is not None

    def tend(self) -> None:
        """Start it again if it has ended."""
        if self.wanted and self.ended:
            self.start()

    def signal(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def end(self) -> bool:
        """Tell it to, and wait; whether it did."""
        self.wanted = False
        if self.process is None or self.process.poll() is not None:
            return True
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False
        return True


def of_folder(folder: Path) -> dict[int, str]:
    """Processes that were started for what is in a folder, whoever started them: each one's number
    and words. They name it in their words or their variables, are at home in it, or have a file of
    it open.
    """
    return {
        pid: words for pid, words in _all() if pid != os.getpid() and _concerns(pid, words, folder)
    }


def children(pid: int) -> list[int]:
    """Processes that this one started."""
    return [each for each, _ in _all() if _parent(each) == pid]


def told(pids: list[int], number: int) -> None:
    """Send a signal to those of them that are still there."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


@contextmanager
def stopped(pids: list[int]) -> Iterator[None]:
    """They stand still while the block runs."""
    told(pids, signal.SIGSTOP)
    try:
        yield
    finally:
        told(pids, signal.SIGCONT)


def _all() -> Iterator[tuple[int, str]]:
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            yield int(folder.name), _read(folder / "cmdline").replace("\0", " ").strip()


def _concerns(pid: int, words: str, folder: Path) -> bool:
    process, name = PROC / str(pid), str(folder)
    if name in words or name in _read(process / "environ"):
        return True
    return any(path.is_relative_to(folder) for path in _held(process))


def _held(process: Path) -> Iterator[Path]:
    """Where it is at home, and its open files."""
    with contextlib.suppress(OSError):
        yield (process / "cwd").readlink()
        for each in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                yield each.readlink()


def _parent(pid: int) -> int:
    """0 of one that is gone."""
    _, _, rest = _read(PROC / str(pid) / "stat").rpartition(")")
    return int(rest.split()[1]) if rest else 0


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
