"""Finished files as the manifest has them."""

import hashlib
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from ytdubber.domain.artifact import FileKind, is_synthetic


class FileEntry(BaseModel):
    """A finished file; sound has samples, duration and loudness, and the loudness it was to have,
    which is the dialogue's under a profile that levels by it. A stem is not levelled by itself.
    `synthetic`: a machine speaks in it; `signed`: it holds signed metadata that says so (C2PA);
    `watermark`: the voice in it carries the watermark.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    kind: FileKind
    format: str
    bytes: int
    sha256: str
    samples: int | None
    sample_rate_hz: int | None
    channels: int | None
    duration_ms: float | None
    integrated_lufs: float | None
    true_peak_dbtp: float | None
    target_lufs: float | None = None
    synthetic: bool = False
    signed: bool = False
    watermark: bool = False


class VideoEntry(FileEntry):
    """A video: the recording's picture with its own sound and dubs.

    `languages` are the dubs in it; `default` is what is heard unless somebody chooses another
    track, the language of the recording or of one of the dubs; `source_sha256` is the file the
    picture is from; `notes` are sentences for its user.
    """

    languages: list[str]
    default: str
    fingerprint: str
    source_sha256: str
    notes: list[str] = []


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text that is to be a file of a dub: its place there, what it is, and what it holds."""

    path: str
    kind: str
    data: bytes

    @property
    def format(self) -> str:
        """What its name ends in."""
        return self.path.rpartition(".")[2]

    @property
    def bytes(self) -> int:
        """Its size."""
        return len(self.data)

    @property
    def sha256(self) -> str:
        """Its digest, in hex."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def duration_ms(self) -> None:
        """It does not sound."""

    @property
    def entry(self) -> FileEntry:
        """It as the manifest has it."""
        return FileEntry(
            path=self.path,
            kind=self.kind,  # type: ignore[arg-type]  # checked by the model
            format=self.format,
            bytes=self.bytes,
            sha256=self.sha256,
            samples=None,
            sample_rate_hz=None,
            channels=None,
            duration_ms=None,
            integrated_lufs=None,
            true_peak_dbtp=None,
            synthetic=is_synthetic(self.kind),
        )
