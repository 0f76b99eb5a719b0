"""The output folder while a dub is made: locked, with a scratch folder that never stays behind."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ytdubber.adapters.filesystem.blobs import finish_replacing, hidden, is_replacing
from ytdubber.domain.errors import DubUnfinished, FileInUse, FolderInUse, FolderNotWritable, NoRoom
from ytdubber.domain.file_names import MOST_PATH_UNITS, units
from ytdubber.domain.printable import encodable

_LONGEST_WITHIN = 160
"""Bytes of the longest path within an output folder; lines being spoken have it."""
_LONGEST_NAME, _LONGEST_PATH = 255, 4095
"""Bytes, on every file system that a dub was written to."""


def expect_writable(folder: Path) -> None:
    """Make sure, before any work, that a dub can be written to a folder that may not be there yet.

    Raises:
        FolderNotWritable: it cannot, and why.
    """
    reason = ""
    if encodable(str(folder)) != str(folder):
        reason = "its name is not UTF-8, which media libraries need"
    elif _too_long(folder):
        reason = os.strerror(errno.ENAMETOOLONG)
    else:
        reason = _closed(folder)
    if reason:
        raise FolderNotWritable(folder=folder, reason=reason)


def _closed(folder: Path) -> str:
    """Why nothing can be made in the folder, or in the one it would be made in; empty if it can."""
    try:
        base = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    except OSError as error:
        return error.strerror or str(error)
    if not base.is_dir():
        return os.strerror(errno.ENOTDIR)
    return "" if os.access(base, os.W_OK | os.X_OK) else os.strerror(errno.EACCES)


def _too_long(folder: Path) -> bool:
    if os.name == "nt":
        return units(str(folder.absolute())) + _LONGEST_WITHIN > MOST_PATH_UNITS
    whole = len(os.fsencode(folder)) + _LONGEST_WITHIN
    longest = max((len(os.fsencode(part)) for part in folder.parts), default=0)
    return longest > _LONGEST_NAME or whole > _LONGEST_PATH


def need_room(folder: Path, needed_bytes: int) -> None:
    """Make sure that so much can be written to a folder that is there.

    Raises:
        NoRoom: it cannot.
    """
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise NoRoom(folder=folder, needed_mb=-(-needed_bytes // 10**6), free_mb=free // 10**6)


@contextmanager
def workspace(folder: Path) -> Iterator[Path]:
    """A scratch folder inside `folder`, which is made if need be and removed again if it stays
    empty. What an interrupted run had agreed to replace is replaced first, and the rest of what it
    left is removed.

    Raises:
        FolderNotWritable: the folder cannot be made or written to.
        FolderInUse: another process works in it.
    """
    made = _make(folder)
    scratch = _hidden(folder, made)
    lock = FileLock(scratch / "lock")
    try:
        scratch.mkdir(exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise FolderInUse(folder=folder) from None
    except OSError as error:
        _unmake(made)
        raise FolderNotWritable(folder=folder, reason=error.strerror or error) from None
    work, gone = scratch / "work", scratch / "gone"
    try:
        finish_replacing(folder)
        shutil.rmtree(work, ignore_errors=True)
        shutil.rmtree(gone, ignore_errors=True)
        work.mkdir(exist_ok=True)
        yield work
    finally:
        if work.exists():
            with suppress(PermissionError):  # Windows moves no folder in which a file is open
                work.rename(gone)  # who has not stopped yet finds no folder to write to
        shutil.rmtree(gone, ignore_errors=True)
        lock.release()
        if not is_replacing(folder):  # who is at it now goes on, or the next run does
            shutil.rmtree(scratch, ignore_errors=True)
        _unmake(made)


def settle(folder: Path) -> None:
    """Do what an interrupted run had agreed to replace in a finished dub.

    Raises:
        DubUnfinished: it is not done, since somebody works there or nothing can be written.
    """
    if not is_replacing(folder):
        return
    with suppress(FileInUse, FolderInUse, FolderNotWritable), workspace(folder):
        pass
    if is_replacing(folder):
        raise DubUnfinished(folder=folder)


def _make(folder: Path) -> list[Path]:
    """Make the folder; returns the folders that were not there before, innermost first."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _unmake(missing)
        raise FolderNotWritable(folder=folder, reason=error.strerror or error) from None
    return missing


def _hidden(folder: Path, made: list[Path]) -> Path:
    try:
        return hidden(folder)
    except FolderNotWritable:
        _unmake(made)
        raise


def _unmake(folders: list[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
