"""A job's files in storage: its stems, what it delivers, and what its engines made on the way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4, uuid5

from ytdubber.app.full_disk import written_when_there_is_room
from ytdubber.app.pipeline.artifacts import Stem
from ytdubber.app.pipeline.file_entry import FileEntry, TextFile
from ytdubber.app.uploads.checks import judge_hash
from ytdubber.domain.artifact import MIME_TYPES, Artifact, artifact_id, storage_key
from ytdubber.domain.errors import MediaChanged, MediaMissing
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.printable import file_name
from ytdubber.domain.upload import Track, Upload
from ytdubber.files.encrypted import read_bytes, write_bytes
from ytdubber.ports.media_store import MediaStore


def artifact_of(
    job_id: UUID,
    file: FileEntry | TextFile,
    task: LanguageTask | None = None,
    revision: int = 1,
    attempt: UUID | None = None,
) -> Artifact:
    """A finished file as it is stored.

    Args:
        job_id: The job.
        file: It.
        task: The language it is of; None for the job's own files.
        revision: Of which of that language's dubs, from 1.
        attempt: Who put it into storage, as `JobBlobs` does; nobody did yet where it is not given.
    """
    return Artifact(
        id=artifact_id(job_id, file.path, revision),
        job_id=job_id,
        task_id=task.id if task else None,
        path=file.path,
        language=task.language if task else None,
        kind=file.kind,
        format=file.format,
        key=storage_key(job_id, file.path, attempt or uuid4()),
        bytes=file.bytes,
        sha256=file.sha256,
        mime=MIME_TYPES[file.format],
        duration_ms=file.duration_ms,
        revision=revision,
    )


@dataclass(frozen=True, slots=True)
class JobBlobs:
    """A `BlobSink` of one attempt at a job: `pt/mix.flac` lies under a key that holds no user's
    text. What another attempt delivers, and somebody may just be fetching, stays as it is.
    """

    media: MediaStore
    job_id: UUID
    attempt: UUID

    def put(self, key: str, file: Path) -> None:
        """Take the file in."""
        mime = MIME_TYPES[file.suffix.removeprefix(".")]
        self.media.put(storage_key(self.job_id, key, self.attempt), file, mime)


@dataclass(frozen=True, slots=True)
class JobResults:
    """A `ResultStore` of one job, removed with it."""

    media: MediaStore
    job_id: UUID
    scratch: Path

    def load(self, key: str) -> bytes | None:
        """The bytes saved under the key, or None."""
        return _read(self.media, self._key(key), self.scratch)

    def save(self, key: str, data: bytes) -> None:
        """Save them whole or not at all; where a disk is full, as soon as it has room."""
        written_when_there_is_room(lambda: self._save(key, data), self.scratch)

    def _save(self, key: str, data: bytes) -> None:
        path = self.scratch / f"{uuid4()}"
        try:
            write_bytes(path, data)
            self.media.put(self._key(key), path, "application/octet-stream")
        finally:
            path.unlink(missing_ok=True)

    def _key(self, key: str) -> str:
        return f"{self.job_id}/{uuid5(self.job_id, f'result {key}')}"


def fetch_stems(
    media: MediaStore, uploads: Sequence[Upload], scratch: Path, check: Callable[[], None]
) -> tuple[Stem, Stem | None]:
    """The voice and, if there is one, the background, as they were uploaded.

    Raises:
        MediaMissing: one is not in storage.
        MediaChanged: what is there is not what was uploaded.
        UploadMismatch: what was uploaded is not what was announced.
    """
    stems: dict[Track, Stem] = {}
    for upload in uploads:
        stems[upload.track], _ = fetch_stem(media, upload, scratch, check)
    if Track.VOICE not in stems:
        raise MediaMissing
    return stems[Track.VOICE], stems.get(Track.BACKGROUND)


def fetch_stem(
    media: MediaStore, upload: Upload, scratch: Path, check: Callable[[], None]
) -> tuple[Stem, str]:
    """One of them and its SHA-256; it raises the same."""
    path = scratch / upload.track.value
    came = media.fetch(upload.key, path, check)
    if upload.sha256 is None:  # this storage tells no hashes: it is the first to look
        judge_hash(came, upload.declared_sha256)
    elif came != upload.sha256:
        raise MediaChanged(expected=upload.sha256, actual=came)
    return Stem(path, file_name(upload.file_name)), came


def _read(media: MediaStore, key: str, scratch: Path) -> bytes | None:
    path = scratch / f"{uuid4()}"
    try:
        media.fetch(key, path, lambda: None)
    except MediaMissing:
        return None
    data = read_bytes(path)
    path.unlink()
    return data
