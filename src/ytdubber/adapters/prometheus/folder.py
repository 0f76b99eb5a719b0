"""The folder in which the processes of one role count together.

`prometheus_client` keeps the values of a process in mapped files of this folder and reads the
files of all when it is asked. The process that answers scrapes makes the folder, in memory where
the system has a folder for that: a mapped file on a full disk would end whoever counts.
"""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psutil
from filelock import FileLock, Timeout

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where `prometheus_client` looks for the folder, when it is first imported."""
_IN_MEMORY = Path("/dev/shm")  # noqa: S108  # nobody else may enter ours
_PREFIX, _LOCK = "ytdubber-metrics-", ".lock"
_GONE = "0"
"""Stands for the processes that have ended; no process has this number."""
_KINDS = ("counter", "histogram")


@contextmanager
def shared_folder(parent: Path | None = None) -> Iterator[Path]:
    """A folder for this process and those that it starts; it goes at the end, and so do those of
    processes that were killed.
    """
    above = parent or _parent()
    _remove_deserted(above)
    folder = above / f"{_PREFIX}{uuid4().hex}"
    lock = FileLock(_lock_of(folder))
    lock.acquire()  # before there is anything that whoever starts now might take for deserted
    folder.mkdir(mode=0o700)
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(folder)
    try:
        yield folder
    finally:
        if before is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = before
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        _lock_of(folder).unlink(missing_ok=True)


def joined() -> bool:
    """Whether the process that started this one counts, and still is there."""
    return Path(os.environ.get(VARIABLE) or os.devnull).is_dir()


def filled(folder: Path) -> list[Path]:
    """The files that can be read: one that a process has just made is empty for a moment."""
    return [path for path in folder.glob("*.db") if path.stat().st_size]


def fold_the_ended(folder: Path) -> None:
    """Keep what processes counted that have ended in one file for all of them, and forget what
    they only showed while they lived. Sums never fall, and files do not become more and more.
    """
    from prometheus_client.multiprocess import mark_process_dead

    pids = {path.stem.rpartition("_")[2] for path in folder.glob("*.db")} - {_GONE}
    for pid in pids:
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            for kind in _KINDS:
                _fold(folder / f"{kind}_{pid}.db", folder / f"{kind}_{_GONE}.db")
            mark_process_dead(int(pid), str(folder))


def _fold(file: Path, into: Path) -> None:
    from prometheus_client.mmap_dict import MmapedDict

    if not file.exists():
        return
    if not file.stat().st_size:
        file.unlink()
        return
    sums = MmapedDict(str(into))
    try:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(file)):
            sums.write_value(key, sums.read_value(key)[0] + value, 0.0)
    finally:
        sums.close()
    file.unlink()


def _parent() -> Path:
    in_memory = sys.platform == "linux" and os.access(_IN_MEMORY, os.W_OK | os.X_OK)
    return _IN_MEMORY if in_memory else Path(tempfile.gettempdir())


def _remove_deserted(parent: Path) -> None:
    """Those whose process holds their lock no more; others' users' cannot be opened."""
    for lock in parent.glob(f"{_PREFIX}*{_LOCK}"):
        with contextlib.suppress(OSError, Timeout):
            with FileLock(lock, timeout=0):
                shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)
