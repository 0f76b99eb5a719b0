"""Finished files under a folder: the key is the path within it."""

import hashlib
import os
from pathlib import Path


class FolderBlobStore:
    """A `BlobStore` in a folder. Files put in must lie on the folder's own file system."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, file: Path) -> None:
        target = self._root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as whole:
            os.fsync(whole.fileno())
        file.replace(target)

    def read(self, key: str) -> bytes | None:
        try:
            return (self._root / key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def sha256(self, key: str) -> str | None:
        try:
            with (self._root / key).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def delete(self, key: str) -> None:
        path = self._root / key
        path.unlink(missing_ok=True)
        if path.parent != self._root and path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()
