"""Engines' results under a folder, for two days."""

import os
import tempfile
import time
from pathlib import Path

KEPT_S = 48 * 3600
"""A result that nobody asked for this long is removed."""


class FolderResultStore:
    """A `ResultStore` in a folder; a file's time is that of its last use."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def load(self, key: str) -> bytes | None:
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)
        except FileNotFoundError:
            return None
        return data

    def save(self, key: str, data: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(part).replace(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise

    def prune(self) -> None:
        """Remove what has not been used for `KEPT_S`, and what an interrupted save left."""
        oldest = time.time() - KEPT_S
        for path in self._root.glob("*/*"):
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except (FileNotFoundError, PermissionError):  # gone, or in use on Windows
                continue

    def _path(self, key: str) -> Path:
        return self._root / key[:2] / key
