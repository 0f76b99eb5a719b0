"""Results of engines, kept so that none is made or paid for twice."""

from typing import Protocol


class ResultStore(Protocol):
    """Bytes under keys; a key is the SHA-256 of everything the result depends on."""

    def load(self, key: str) -> bytes | None:
        """The bytes saved under the key, or None."""
        ...

    def save(self, key: str, data: bytes) -> None:
        """Save them whole or not at all; saving again under the same key is harmless."""
        ...
