"""What a model is: files pinned by size and SHA-256, and where each may be had."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ytdubber.adapters.models.supplies import Supplies
from ytdubber.adapters.models.transfer import Tell


class Source(Protocol):
    """One place that may have a file."""

    @property
    def label(self) -> str:
        """What a person calls the place."""
        ...

    def fetch(self, file: "ModelFile", part: Path, supplies: Supplies, tell: Tell) -> Path:
        """Bring the file to this machine and return where it lies, not yet verified.

        Args:
            file: what is wanted.
            part: where a download that can be resumed belongs; it may stay there when broken off.
            supplies: the clients to fetch with, and a folder for what is thrown away afterwards.
            tell: told the bytes that are here as they come.

        Raises:
            SourceFailed: it is not to be had here.
        """
        ...


@dataclass(frozen=True)
class ModelFile:
    """One file of a model. The hash is what is trusted, whatever the source."""

    name: str
    size: int
    sha256: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Model:
    """A named set of files that are used together."""

    name: str
    purpose: str
    licence: str
    licence_url: str
    files: tuple[ModelFile, ...]

    @property
    def size_bytes(self) -> int:
        """The bytes of all its files."""
        return sum(file.size for file in self.files)

    @property
    def version(self) -> str:
        """The first twelve hex digits of the SHA-256 over its pinned hashes, in order of name."""
        pinned = sorted((file.name, file.sha256) for file in self.files)
        return hashlib.sha256("".join(digest for _, digest in pinned).encode()).hexdigest()[:12]
