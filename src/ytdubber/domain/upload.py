"""A stem on its way from a user's machine to storage."""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LINK_LASTS = timedelta(hours=1)
"""How long a link to upload is good."""


class Track(enum.StrEnum):
    """Which stem it is."""

    VOICE = "voice"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Length:
    """How long a stem lasts by a full decode: all of it, and its sound. A film's picture may last
    longer than its sound.
    """

    duration_ms: int
    sound_ms: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A stem as announced, and as it arrived.

    Attributes:
        id: The upload.
        job_id: The job it belongs to.
        track: Which stem.
        key: Where it lies in storage.
        file_name: What its user calls it.
        content_type: As announced, and after arrival as stored.
        declared_bytes: The size announced, if any.
        declared_sha256: The hash announced, if any.
        bytes: The size that arrived, or None before.
        sha256: The hash of what arrived, where the storage tells it.
        deleted_at: When it was removed from storage, or None.
        length: How long it lasts, or None before that was found out.
    """

    id: UUID
    job_id: UUID
    track: Track
    key: str
    file_name: str
    content_type: str | None = None
    declared_bytes: int | None = None
    declared_sha256: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    deleted_at: datetime | None = None
    length: Length | None = None
