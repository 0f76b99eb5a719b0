"""Uploads that outlive their connection, as TUS 1.0 has them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ytdubber.domain.errors import NotFound

from .media_store import Stored

CHUNK_BYTES = 6 * 2**20
"""How much a PATCH should bring: what Supabase Storage demands, so that clients have one way."""

_ID = re.compile(r"([0-9a-f-]{36})\.([0-9a-f-]{36})\.[0-9a-f]{16}", re.ASCII)


def key_of(upload_id: str) -> str:
    """The key that an upload's id is for.

    Raises:
        NotFound: no id has this form.
    """
    found = _ID.fullmatch(upload_id)
    if found is None:
        raise NotFound
    return f"{found[1]}/{found[2]}"


@dataclass(frozen=True, slots=True)
class UploadCreation:
    """What a creation says of a file.

    Attributes:
        bytes: Its size.
        content_type: Its media type, or None.
        metadata: `Upload-Metadata` as it was sent.
    """

    bytes: int
    content_type: str | None
    metadata: str


@dataclass(frozen=True, slots=True)
class UploadState:
    """Where an upload stands.

    Attributes:
        id: Its id.
        url: Where it goes on, absolute.
        offset: How many bytes are on the disk.
        length: How many there are to be.
        metadata: `Upload-Metadata` as it was sent.
        expires_at: When what came of it goes; None once it is whole.
    """

    id: str
    url: str
    offset: int
    length: int
    metadata: str
    expires_at: datetime | None


class ResumedUpload(Protocol):
    """An upload that goes on, for one thread at a time; it ends with `finish` or `pause`."""

    key: str
    offset: int
    length: int

    @property
    def limit_bytes(self) -> int:
        """The most that may still come."""
        ...

    def write(self, data: bytes) -> None:
        """Take the next piece.

        Raises:
            UploadTooLarge: it does not fit into what is to come.
            UploadClosed: the upload was ended meanwhile.
        """
        ...

    def pause(self) -> None:
        """Have on the disk what came, and let go of it. Does nothing after `finish`.

        Raises:
            UploadClosed: the upload was ended meanwhile.
        """
        ...

    def finish(self) -> Stored:
        """Check the whole against what was announced and make it visible.

        Raises:
            UploadMismatch: something else came; nothing stays of it.
            AlreadyUploaded: another upload was whole before this one.
            UploadClosed: the upload was ended meanwhile.
        """
        ...


class ResumableFiles(Protocol):
    """A storage whose resumable uploads the API serves itself.

    Every method raises `NotFound` for an id that no upload has, and `StorageNotWorking` when the
    storage cannot be read or written.
    """

    def authorize(self, key: str, signature: str) -> None:
        """Return when the signature gives the right to send this file.

        Raises:
            NotFound: no key has this form.
            BadSignature: we did not sign this.
            LinkExpired: its time is over.
        """
        ...

    def begin(self, key: str, signature: str, creation: UploadCreation) -> UploadState:
        """A new upload, in place of one to the same key that is not whole.

        Raises:
            UploadRefused: the file has no bytes.
            UploadTooLarge: it is larger than may come.
            UploadMismatch: its size is not the announced one.
            WrongContentType: its type is not the announced one, or may not be uploaded.
            AlreadyUploaded: the file is there.
        """
        ...

    def look(self, upload_id: str) -> UploadState:
        """Where it stands."""
        ...

    def resume(self, upload_id: str, offset: int) -> ResumedUpload:
        """Go on at this place.

        Raises:
            UploadInUse: another connection sends it.
            UploadOffsetWrong: it stands elsewhere.
            AlreadyUploaded: it is whole.
        """
        ...

    def end(self, upload_id: str) -> None:
        """Remove what came of an upload that is not whole.

        Raises:
            AlreadyUploaded: it is whole.
        """
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Remove what lies under the keys; those that are not there are no error."""
        ...
