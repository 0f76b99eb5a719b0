"""Finished files, by key."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol


class BlobSink(Protocol):
    """Where deliverables are put. Keys look like `pt/mix.flac`."""

    def put(self, key: str, file: Path) -> None:
        """Take the file in under the key, whole or not at all; the file at the path is consumed."""
        ...


class BlobStore(Protocol):
    """Where deliverables stand, and are replaced together."""

    def read(self, key: str) -> bytes | None:
        """The bytes under the key, or None."""
        ...

    def sha256(self, key: str) -> str | None:
        """The hash of the bytes under the key, or None when there are none."""
        ...

    def path(self, key: str) -> Path:
        """Where the bytes under the key can be read on this machine."""
        ...

    def replace(self, files: Mapping[str, Path], gone: Collection[str], scratch: Path) -> None:
        """Take files in under their keys and remove others: all of it or nothing, also in a crash.

        Args:
            files: The file for each key; consumed.
            gone: Keys to remove; those that hold nothing are passed over.
            scratch: A folder for intermediate files, on the store's own file system.
        """
        ...
