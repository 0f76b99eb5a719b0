"""Recordings that were decoded and heard, for when a dub of one is made anew."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class RecordingStore(Protocol):
    """Facts and sound under keys; a key is the SHA-256 of everything they depend on."""

    def load(self, key: str) -> tuple[bytes, Path] | None:
        """The facts, and the folder that the sound is in, which is only read; None where it is not
        there.
        """
        ...

    def save(self, key: str, facts: bytes, sound: Sequence[Path]) -> None:
        """Save them whole or not at all; not where there is no room. The files are consumed."""
        ...
