"""A finished file of a job."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

MIME_TYPES = {
    "flac": "audio/flac",
    "json": "application/json",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "wav": "audio/wav",
}


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a job delivers, one file of it.

    Attributes:
        id: The artifact; the same for the same path of the same job, however often it is made.
        job_id: The job.
        task_id: The language task that made it, or None for the job's own files.
        path: Its place in the dub, as in the manifest: `pt/mix.flac`.
        language: The target, or None for the job's own files.
        kind: `voice`, `mix`, `captions`, `translation`, `transcript` or `manifest`.
        format: The file extension.
        key: Where it lies in storage.
        bytes: Its size.
        sha256: Its hash.
        mime: Its media type.
        duration_ms: How long it sounds; None for texts.
        expires_at: When it will be removed; None while the job runs.
        deleted_at: When it was removed.
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


def artifact_id(job_id: UUID, path: str) -> UUID:
    """The id of the artifact at a path of a job."""
    return uuid5(job_id, path)


def storage_key(job_id: UUID, path: str) -> str:
    """Where it lies in storage: no text of a user's is part of it."""
    return f"{job_id}/{artifact_id(job_id, path)}"
