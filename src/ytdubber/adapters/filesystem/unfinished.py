"""Uploads that outlive their connection, in the media folder.

    <uuid>.<uuid>.<token>               the bytes, locked while somebody sends
                         .unfinished    what was announced, and how many bytes are on the disk

A note says only what the disk is sure to have, after a loss of power too: the bytes are written
out before it is. What lies behind is cut off when the upload goes on. It never says that all is
there: whether it is, the description says that makes the file visible.
"""

import fcntl
import hashlib
import os
import secrets
from io import BufferedRandom
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from ytdubber.app.uploads.checks import judge_hash
from ytdubber.domain.errors import (
    AlreadyUploaded,
    NotFound,
    StorageNotWorking,
    UploadClosed,
    UploadInUse,
    UploadMismatch,
    UploadOffsetWrong,
    UploadTooLarge,
)
from ytdubber.ports.media_store import Stored
from ytdubber.ports.resumable_uploads import key_of

from .media_folder import (
    NOTE,
    Description,
    MediaFolder,
    in_use,
    locked,
    remove_bytes,
    storage_errors,
)

SYNC_BYTES = 8 * 2**20
"""After so much at the latest what came is written out: so much a killed process loses at most."""

_RETRY_AFTER_S = 5


class Note(BaseModel):
    """What is known of an upload that is not whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    length: int
    content_type: str
    sha256: str | None
    metadata: str
    expires_s: int
    synced_bytes: int = 0


class UnfinishedUploads:
    """What came of uploads that are not whole."""

    def __init__(self, folder: MediaFolder) -> None:
        self._folder = folder

    def begin(self, key: str, note: Note) -> str:
        """The id of a new upload, in place of one to the same key.

        Raises:
            AlreadyUploaded: the file is there.
        """
        shard = self._folder.shard(key)
        shard.mkdir(parents=True, exist_ok=True, mode=0o700)
        upload_id = f"{key.replace('/', '.')}.{secrets.token_hex(8)}"
        with locked(shard):
            if self._folder.describe(key):
                raise AlreadyUploaded
            self._folder.remove_unfinished(key)
            (shard / upload_id).touch(0o600, exist_ok=False)
            _write(shard / upload_id, note)
        return upload_id

    def look(self, upload_id: str) -> Note | Description:
        """What is known of an upload; the description of one that is whole.

        Raises:
            NotFound: there is no such upload.
        """
        key = key_of(upload_id)
        for _ in range(2):  # it may become whole between the two looks
            found = self._folder.describe(key)
            if found and found.file == upload_id:
                return found
            note = read_note(self._folder.shard(key) / upload_id)
            if note:
                return note
        raise NotFound

    def resume(self, upload_id: str, offset: int) -> "FolderResumedUpload":
        """Go on at this place.

        Raises:
            NotFound: there is no such upload.
            UploadInUse: another connection sends it.
            UploadOffsetWrong: it stands elsewhere.
            AlreadyUploaded: it is whole.
        """
        path = self._folder.shard(key_of(upload_id)) / upload_id
        try:
            file = path.open("r+b")
        except FileNotFoundError:
            raise NotFound from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            note = self.look(upload_id)
            if isinstance(note, Description):
                raise AlreadyUploaded
            if note.synced_bytes != offset:
                raise UploadOffsetWrong(offset=note.synced_bytes, given=offset)
            file.truncate(offset)
            file.seek(offset)
        except BaseException as error:
            file.close()
            if isinstance(error, BlockingIOError):
                raise UploadInUse(retry_after_s=_RETRY_AFTER_S) from None
            raise
        return FolderResumedUpload(self._folder, path, file, note)

    def end(self, upload_id: str) -> None:
        """Remove what came.

        Raises:
            NotFound: there is no such upload.
            AlreadyUploaded: it is whole.
        """
        shard = self._folder.shard(key_of(upload_id))
        if isinstance(self.look(upload_id), Description):
            raise AlreadyUploaded
        with locked(shard):
            remove_bytes(shard / upload_id)

    def sweep(self, now_s: float) -> None:
        """Remove those whose time is over, unless they are being sent."""
        for shard in self._folder.shards():
            with locked(shard):
                for note in list(shard.glob(f"*{NOTE}")):
                    _sweep(note, now_s)


def _sweep(note: Path, now_s: float) -> None:
    path = note.with_name(note.name.removesuffix(NOTE))
    if not path.exists():
        remove_bytes(path)
        return
    try:
        known = read_note(path)
        over = known is not None and known.expires_s <= now_s
    except StorageNotWorking:
        over = True
    if over and not in_use(path):
        note.unlink()  # bytes that are not visible are nobody's from now on


class FolderResumedUpload:
    """An upload that goes on; whoever has it has its lock."""

    def __init__(self, folder: MediaFolder, path: Path, file: BufferedRandom, note: Note) -> None:
        self._folder, self._path, self._file, self._note = folder, path, file, note
        self.key = key_of(path.name)
        self.offset = note.synced_bytes
        self.length = note.length

    @property
    def limit_bytes(self) -> int:
        """The most that may still come."""
        return self.length - self.offset

    def write(self, data: bytes) -> None:
        """Take the next piece."""
        if len(data) > self.limit_bytes:
            raise UploadTooLarge(limit_bytes=self.length)
        with storage_errors():
            self._file.write(data)
            self.offset += len(data)
            if self.offset - self._note.synced_bytes >= SYNC_BYTES:
                self._sync()

    def pause(self) -> None:
        """Have on the disk what came, and let go of it."""
        if self._file.closed:
            return
        with storage_errors(), self._file:
            self._sync()

    def finish(self) -> Stored:
        """Check the whole and make it visible."""
        with storage_errors(), self._file:
            self._file.flush()
            self._file.seek(0)
            sha256 = hashlib.file_digest(self._file, "sha256").hexdigest()
            os.fsync(self._file.fileno())
            content_type = self._note.content_type
            found = Description(
                file=self._path.name, bytes=self.offset, sha256=sha256, content_type=content_type
            )
            try:
                judge_hash(sha256, self._note.sha256)
                self._folder.publish(self.key, self._path, found, replace=False)
            except (AlreadyUploaded, UploadClosed, UploadMismatch):
                self._remove()
                raise
            _note(self._path).unlink(missing_ok=True)
        return Stored(found.bytes, content_type, sha256)

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        if self.offset == self.length:
            return
        with locked(self._path.parent):
            if not _note(self._path).exists():
                raise UploadClosed
            self._note = self._note.model_copy(update={"synced_bytes": self.offset})
            _write(self._path, self._note)

    def _remove(self) -> None:
        with locked(self._path.parent):
            remove_bytes(self._path)


def read_note(path: Path) -> Note | None:
    """What is known of the upload with its bytes at a path; None where there is none."""
    try:
        return Note.model_validate_json(_note(path).read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise StorageNotWorking(reason="the note of an upload is damaged") from error


def _note(path: Path) -> Path:
    return path.with_name(path.name + NOTE)


def _write(path: Path, note: Note) -> None:
    written = _note(path).with_name(path.name + ".tmp")
    with written.open("w", encoding="utf-8") as file:
        file.write(note.model_dump_json())
        file.flush()
        os.fsync(file.fileno())
    written.replace(_note(path))
