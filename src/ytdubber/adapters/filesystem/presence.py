"""Which processes of a home are there: each holds the lock of a file for as long as it lives."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOTE_LIMIT_BYTES = 1000


@contextmanager
def present(file: Path, note: str) -> Iterator[str | None]:
    """Be the process of this file while this is open.

    Args:
        file: Made where there is none, and readable for others, who may want the note.
        note: What others read that want to be it, too.

    Yields:
        None, or the note of the process that is it already.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _opened(file)
    try:
        while (mine := _locked(descriptor)) and not _still(file, descriptor):
            os.close(descriptor)  # it was removed as its process's that had ended
            descriptor = _opened(file)
        if not mine:
            yield os.pread(descriptor, NOTE_LIMIT_BYTES, 0).decode(errors="replace")
            return
        _write(descriptor, note)
        yield None
        file.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def gone(folder: Path) -> Iterator[str]:
    """The names in a folder whose process has ended without a word; each is forgotten when the
    next is asked for.
    """
    for file in sorted(folder.glob("*")):
        descriptor = _opened(file)
        try:
            if _locked(descriptor) and _still(file, descriptor):
                yield file.name
                file.unlink(missing_ok=True)
        finally:
            os.close(descriptor)


def _opened(file: Path) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    except PermissionError:  # another user's: its lock and its note can be seen
        return os.open(file, os.O_RDONLY)


def _locked(descriptor: int) -> bool:
    import fcntl  # Windows has none, and there no service runs.

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _still(file: Path, descriptor: int) -> bool:
    """Whether the open file is the one of that name."""
    try:
        return os.path.samestat(file.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _write(descriptor: int, note: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, note.encode()[:NOTE_LIMIT_BYTES], 0)
