"""What the store says about its models."""

import enum
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ModelStatus:
    """One line of `ytdubber models list`."""

    name: str
    purpose: str
    licence: str
    licence_url: str
    size_bytes: int
    present: bool
    path: Path


class FileState(enum.StrEnum):
    """What is true of a file on this machine."""

    OK = "ok"
    MISSING = "missing"
    CORRUPT = "corrupt"


@dataclass(frozen=True)
class FileReport:
    """One file as `ytdubber models verify` found it. `actual` is None when it is missing."""

    model: str
    file: str
    path: Path
    state: FileState
    expected: str
    actual: str | None
