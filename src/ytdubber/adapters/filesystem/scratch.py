"""Folders for intermediate files that never stay behind."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ytdubber.files.encrypted import encrypted

_LOCK = "lock"


class ScratchFolders:
    """Folders under one of this process's own, which is locked while the process lives.

    Args:
        root: Where all processes of the service have theirs.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._root = root
        with FileLock(root / _LOCK):  # no other process sweeps before the new folder is locked
            self._sweep()
            self._own = Path(tempfile.mkdtemp(prefix="process-", dir=root))
            self._lock = FileLock(self._own / _LOCK)
            self._lock.acquire()

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder that is gone afterwards; what is opened in it is encrypted."""
        with tempfile.TemporaryDirectory(dir=self._own) as folder, encrypted(Path(folder)):
            yield Path(folder)

    def _sweep(self) -> None:
        """Remove what processes left that are dead: nobody holds their lock."""
        for folder in self._root.glob("process-*"):
            lock = FileLock(folder / _LOCK)
            try:
                lock.acquire(timeout=0)
            except (Timeout, OSError):
                continue
            _remove(folder, lock)

    def close(self) -> None:
        """Remove this process's folder."""
        _remove(self._own, self._lock)


def _remove(folder: Path, lock: FileLock) -> None:
    """Remove a locked folder, and on Windows, which removes no file that is open, its lock last."""
    shutil.rmtree(folder, ignore_errors=True)
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)
