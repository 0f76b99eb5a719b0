"""One process at a time changes a model."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ytdubber.adapters.models.transfer import Check, Say

_POLL_S = 0.2


class ModelLocks:
    """A lock file for each model, in a hidden folder of the store."""

    def __init__(self, root: Path, say: Say, check: Check) -> None:
        self._folder = root / ".locks"
        self._say = say
        self._check = check

    @contextmanager
    def held(self, model: str) -> Iterator[None]:
        """Hold a model's lock; while another process holds it, say so once and wait."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / f"{model}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            self._say(f"waiting for another ytdubber that is fetching {model} ...")
            self._wait(lock)
        try:
            yield
        finally:
            lock.release()

    def _wait(self, lock: FileLock) -> None:
        while True:
            self._check()
            try:
                lock.acquire(timeout=_POLL_S)
            except Timeout:
                continue
            return
