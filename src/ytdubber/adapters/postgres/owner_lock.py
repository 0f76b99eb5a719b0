"""Which process owns the server."""

import os
from pathlib import Path


class OwnerLock:
    """A file that one process at a time holds.

    The kernel releases it when that process ends, however it ends. A process forked from the owner
    does not hold it, and does not keep it held.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process is the owner."""
        return self._descriptor is not None

    def take(self) -> bool:
        """Become the owner, if there is none; whether this process is now."""
        import fcntl  # Windows has none, and there no server is started.

        if self.held:
            return True
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        os.register_at_fork(after_in_child=self.release)
        return True

    def release(self) -> None:
        """Let another process become the owner. In a forked child the parent keeps the lock."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)
