"""Resumable uploads to the media folder, under signatures that the API checks itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ytdubber.ports.clock import Clock
from ytdubber.ports.media_store import ResumableUpload, checked_key
from ytdubber.ports.resumable_uploads import CHUNK_BYTES, UploadCreation, UploadState

from .media_folder import Description, MediaFolder, storage_errors
from .media_links import LinkSigner
from .unfinished import FolderResumedUpload, Note, UnfinishedUploads
from .upload_rules import judge

PATH = "/upload/resumable/sign"
"""Where they are created, below the storage's address: as with Supabase Storage."""

_METHOD = "TUS"


class FolderResumableUploads:
    """`ResumableFiles` in the media folder.

    Args:
        folder: The media folder.
        links: Signs and verifies.
        base_url: The storage's address, as browsers see it.
        clock: Tells when uploads end.
    """

    def __init__(self, folder: MediaFolder, links: LinkSigner, base_url: str, clock: Clock) -> None:
        self._folder = folder
        self._unfinished = UnfinishedUploads(folder)
        self._links = links
        self._url = base_url + PATH
        self._clock = clock

    def target(
        self, key: str, fields: Mapping[str, str | None], expires_at: datetime
    ) -> ResumableUpload:
        """What a client needs to know to send this file."""
        signature = self._links.sign(_METHOD, key, fields, expires_at)
        metadata = {"objectName": key}
        if content_type := fields["type"]:
            metadata["contentType"] = content_type
        return ResumableUpload(self._url, {"x-signature": signature}, metadata, CHUNK_BYTES)

    def authorize(self, key: str, signature: str) -> None:
        """Return when the signature gives the right to send this file."""
        self._links.verify(_METHOD, checked_key(key), signature)

    def begin(self, key: str, signature: str, creation: UploadCreation) -> UploadState:
        """A new upload, in place of one to the same key that is not whole."""
        link = self._links.verify(_METHOD, checked_key(key), signature)
        note = Note(
            length=creation.bytes,
            content_type=judge(link, creation.content_type, creation.bytes),
            sha256=link.get("sha256"),
            metadata=creation.metadata,
            expires_s=int(link["expires"]),
        )
        with storage_errors():
            return self._state(self._unfinished.begin(key, note), note)

    def look(self, upload_id: str) -> UploadState:
        """Where it stands."""
        with storage_errors():
            return self._state(upload_id, self._unfinished.look(upload_id))

    def resume(self, upload_id: str, offset: int) -> FolderResumedUpload:
        """Go on at this place."""
        with storage_errors():
            return self._unfinished.resume(upload_id, offset)

    def end(self, upload_id: str) -> None:
        """Remove what came of an upload that is not whole."""
        with storage_errors():
            self._unfinished.end(upload_id)

    def delete(self, keys: Sequence[str]) -> None:
        """Remove what lies under the keys; those that are not there are no error."""
        with storage_errors():
            for key in keys:
                self._folder.remove(checked_key(key))

    def sweep(self) -> None:
        """Remove uploads whose time is over."""
        self._unfinished.sweep(self._clock.now().timestamp())

    def _state(self, upload_id: str, known: Note | Description) -> UploadState:
        url = f"{self._url}/{upload_id}"
        if isinstance(known, Description):
            return UploadState(upload_id, url, known.bytes, known.bytes, "", None)
        at, until = known.synced_bytes, datetime.fromtimestamp(known.expires_s, UTC)
        return UploadState(upload_id, url, at, known.length, known.metadata, until)
