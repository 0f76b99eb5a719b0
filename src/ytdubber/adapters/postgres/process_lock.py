"""Locks that processes hold for as long as they live."""

import os
from pathlib import Path


class ProcessLock:
    """A file that one process at a time holds, or several that share it.

    The kernel releases it when a process ends, however it ends. A process forked from a holder does
    not hold it, and does not keep it held.

    Args:
        file: What is locked; made at the first use.
        shared: Whether others that share it may hold it at the same time.
    """

    def __init__(self, file: Path, *, shared: bool = False) -> None:
        self._file = file
        self._shared = shared
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process holds it."""
        return self._descriptor is not None

    def take(self) -> bool:
        """Hold it, if nobody is in the way; whether this process does now."""
        if self.held:
            return True
        self._descriptor = _locked(self._file, shared=self._shared)
        if self.held:
            os.register_at_fork(after_in_child=self.release)
        return self.held

    def release(self) -> None:
        """Let others have it. In a forked child the parent keeps the lock."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def free(file: Path) -> bool:
    """Whether no process holds a file for itself alone."""
    return _could_be_locked(file, shared=True)


def unused(file: Path) -> bool:
    """Whether no process holds a file at all."""
    return _could_be_locked(file, shared=False)


def _could_be_locked(file: Path, *, shared: bool) -> bool:
    descriptor = _locked(file, shared=shared)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


def _locked(file: Path, *, shared: bool) -> int | None:
    """The file, open and locked; None when another process is in the way."""
    import fcntl  # Windows has none, and there no server is started.

    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
