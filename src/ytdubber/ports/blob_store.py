"""Finished files, by key."""

from pathlib import Path
from typing import Protocol


class BlobStore(Protocol):
    """Where deliverables are put. Keys look like `pt/mix.flac`."""

    def put(self, key: str, file: Path) -> None:
        """Take the file in under the key, whole or not at all; the file at the path is consumed."""
        ...

    def read(self, key: str) -> bytes | None:
        """The bytes under the key, or None."""
        ...

    def sha256(self, key: str) -> str | None:
        """The hash of the bytes under the key, or None when there are none."""
        ...

    def delete(self, key: str) -> None:
        """Remove it if it is there."""
        ...
