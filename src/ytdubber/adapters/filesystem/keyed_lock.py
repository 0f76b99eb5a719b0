"""A lock for each key, across the processes of a machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from ytdubber.engines.keyed_lock import ThreadKeyedLock


class FileKeyedLock:
    """`KeyedLock` by a lock file for each key; the system frees those of a process that dies.

    Args:
        root: A folder of results, whose lock files go with the results.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._threads = ThreadKeyedLock()

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Alone with the key inside the `with`."""
        path = self._root / key[:2] / f"{key}.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._threads.hold(key), FileLock(path):
            yield
