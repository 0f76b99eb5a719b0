"""Stems on their way in that outlive their connection."""

from dataclasses import dataclass

from ytdubber.app.uploads.receive_uploads import ReceiveUploads
from ytdubber.ports.media_store import Stored
from ytdubber.ports.resumable_uploads import (
    ResumableFiles,
    ResumedUpload,
    UploadCreation,
    UploadState,
    key_of,
)


@dataclass(frozen=True, slots=True)
class ResumeUploads:
    """The use case over its ports. Every method first asks whether the signature is right and the
    job waits for the file; it raises `BadSignature`, `LinkExpired`, `NotFound` and `UploadClosed`.

    Attributes:
        files: Where they go.
        receive: Which uploads are open; told of what comes.
    """

    files: ResumableFiles
    receive: ReceiveUploads

    def begin(self, key: str, signature: str, creation: UploadCreation) -> UploadState:
        """A new upload.

        Raises:
            TooManyUploads: the user has sent as much as they may in a day.
        """
        self.files.authorize(key, signature)
        self.receive.expected_more(key)
        return self.files.begin(key, signature, creation)

    def look(self, upload_id: str, signature: str) -> UploadState:
        """Where it stands."""
        self._expected(upload_id, signature)
        return self.files.look(upload_id)

    def resume(self, upload_id: str, signature: str, offset: int) -> ResumedUpload:
        """Go on at this place.

        Raises:
            TooManyUploads: the user has sent as much as they may in a day.
        """
        key = key_of(upload_id)
        self.files.authorize(key, signature)
        self.receive.expected_more(key)
        return self.files.resume(upload_id, offset)

    def pause(self, upload: ResumedUpload, came_bytes: int) -> None:
        """Let go of one that is not whole, after so many bytes came.

        Raises:
            TooManyUploads: with them the user has sent more than they may in a day.
        """
        try:
            upload.pause()
        finally:
            self.receive.came(upload.key, came_bytes, upload.offset)

    def finish(self, upload: ResumedUpload, came_bytes: int) -> Stored:
        """One is whole: check it, make it visible and record it; else nothing stays of it.

        Raises:
            TooManyUploads: with it the user has sent more than they may in a day.
        """
        try:
            stored = upload.finish()
        finally:
            self.receive.came(upload.key, came_bytes, upload.offset)
        try:
            self.receive.arrived(upload.key, stored)
        except BaseException:
            self.files.delete([upload.key])
            raise
        return stored

    def end(self, upload_id: str, signature: str) -> None:
        """Remove what came of one that is not whole."""
        self._expected(upload_id, signature)
        self.files.end(upload_id)

    def _expected(self, upload_id: str, signature: str) -> None:
        key = key_of(upload_id)
        self.files.authorize(key, signature)
        self.receive.expected(key)
