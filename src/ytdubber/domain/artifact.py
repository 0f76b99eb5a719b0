"""A finished file of a job."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid5

from ytdubber.domain.file_names import portable

MIME_TYPES = {
    "flac": "audio/flac",
    "json": "application/json",
    "m4a": "audio/mp4",
    "mkv": "video/x-matroska",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "opus": "audio/ogg",
    "srt": "application/x-subrip",
    "txt": "text/plain",
    "ttml": "application/ttml+xml",
    "vtt": "text/vtt",
    "wav": "audio/wav",
}

FileKind = Literal[
    "transcript",
    "voice",
    "mix",
    "voice-stem",
    "background-stem",
    "captions",
    "captions-sdh",
    "captions-bilingual",
    "script",
    "translation",
    "video",
    "bundle",
]
"""What a file in a manifest holds."""

_SYNTHETIC = frozenset(("mix", "video", "voice", "voice-stem"))
"""The kinds of files in which a machine speaks."""

_RECORDINGS = frozenset(
    ("aac", "aif", "aiff", "flac", "m4a", "m4v", "mka", "mkv", "mov", "mp3", "mp4", "oga", "ogg")
) | {"opus", "wav", "webm", "wma"}
"""What the names of recordings end in."""
_MOST_TITLE_BYTES = 160
"""So much of a title is in the name of a file; file systems allow 255 bytes."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a job delivers, one file of it.

    Attributes:
        id: The artifact; the same for the same path and revision of the same job, however often it
            is made.
        job_id: The job.
        task_id: The language task that made it, or None for the job's own files.
        path: Its place in the dub, as in the manifest: `pt/mix.flac`.
        language: The target, or None for the job's own files.
        kind: `voice`, `mix`, `captions` (those of no language are the recording's), a variant of
            them (`captions-sdh`), `script`, `translation`, `transcript`, `manifest` or `video`.
        format: The file extension.
        key: Where it lies in storage.
        bytes: Its size.
        sha256: Its hash.
        mime: Its media type.
        duration_ms: How long it sounds; None for texts.
        expires_at: When it will be removed; None while the job runs.
        deleted_at: When it was removed.
        revision: Which dub of its language it is of, from 1.
        superseded: Whether another revision's is shown at its path.
    """

    id: UUID
    job_id: UUID
    task_id: UUID | None
    path: str
    language: str | None
    kind: str
    format: str
    key: str
    bytes: int
    sha256: str
    mime: str
    duration_ms: float | None = None
    expires_at: datetime | None = None
    deleted_at: datetime | None = None
    revision: int = 1
    superseded: bool = False


def is_synthetic(kind: str) -> bool:
    """Whether a machine speaks in files of a kind."""
    return kind in _SYNTHETIC


def artifact_id(job_id: UUID, path: str, revision: int = 1) -> UUID:
    """The id of the artifact at a path of a job, of one of its revisions."""
    return uuid5(job_id, path if revision == 1 else f"{path} {revision}")


def download_name(title: str, path: str) -> str:
    """What a file is saved as: the recording's name without its ending, then the file's place in
    the dub, as `talk.pt.mix.mp3`. Of a title that no file can be called, the place alone.
    """
    return ".".join(filter(None, (title_of_files(title), path.replace("/", "."))))


def title_of_files(title: str) -> str:
    """What the names of a job's files begin with; empty where no file can be called so."""
    bare = portable(without_ending(title), _MOST_TITLE_BYTES).strip(" ._")
    return portable(bare)  # which may be a device of Windows only now


def without_ending(title: str) -> str:
    """A title that is the name of a recording, without its ending."""
    stem, _, ending = title.rpartition(".")
    return stem if stem and ending.lower() in _RECORDINGS else title


def storage_key(job_id: UUID, path: str, maker: UUID) -> str:
    """Where it lies in storage: no text of a user's is part of it, and whoever makes the file of a
    path anew, as another attempt at the same work, has a place of their own for it.
    """
    return f"{job_id}/{uuid5(artifact_id(job_id, path), str(maker))}"
