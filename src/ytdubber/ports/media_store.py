"""Stems and finished files, wherever they are kept."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from ytdubber.domain.errors import NotFound

STORAGE_PATH = "/storage"
"""Where the API serves links that it signed itself."""
DOWNLOAD_LINK_S = 15 * 60
"""How long a link to download is good at most, whatever storage signs it."""

VIDEO_TYPES = (
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-matroska",
    "video/matroska",
    "video/x-m4v",
    "video/3gpp",
    "video/ogg",
    "video/x-ms-asf",
    "video/x-ms-wmv",
)
"""Films whose sound the decoder takes."""
ACCEPTED_TYPES = "audio, or video as MP4, MOV, WebM, MKV, OGG, 3GP or WMV"
"""What may be uploaded, in words."""

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_KEY = re.compile(f"{_UUID}/{_UUID}", re.ASCII)
_AUDIO = re.compile(r"audio/[a-z0-9][a-z0-9.+-]{0,63}", re.ASCII)


def checked_key(key: str) -> str:
    """The key as it is, when it is one: `<uuid>/<uuid>`, lower case.

    Raises:
        NotFound: it is anything else.
    """
    if not is_key(key):
        raise NotFound
    return key


def is_key(name: str) -> bool:
    """Whether it has the form of a key."""
    return _KEY.fullmatch(name) is not None


def accepted_type(content_type: str) -> str | None:
    """The media type without parameters, in lower case; None when it may not be uploaded."""
    essence = content_type.partition(";")[0].strip().lower()
    return essence if essence in VIDEO_TYPES or _AUDIO.fullmatch(essence) else None


@dataclass(frozen=True, slots=True)
class Stored:
    """What lies under a key.

    Attributes:
        bytes: Its size.
        content_type: Its media type.
        sha256: Its hash in hex, where the storage knows it.
    """

    bytes: int
    content_type: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class ResumableUpload:
    """Where a file can be sent in pieces, by TUS 1.0 (https://tus.io/protocols/resumable-upload).

    Attributes:
        url: Where the upload is created, by POST; it carries no credential.
        headers: What goes with every request, the credential among it.
        metadata: What goes, encoded as TUS says, into `Upload-Metadata` at creation.
        chunk_bytes: How much a PATCH should bring, but for the last one.
    """

    url: str
    headers: Mapping[str, str]
    metadata: Mapping[str, str]
    chunk_bytes: int


class MediaStore(Protocol):
    """Where files of jobs are kept, under keys `<uuid>/<uuid>`. Safe to use from several threads.

    Every method that takes a key raises `NotFound` for one of another form, and every one
    `StorageNotWorking` when the storage does not answer; those that only sign do not ask it where
    links can be signed here.
    """

    def upload_url(
        self,
        key: str,
        *,
        content_type: str | None,
        max_bytes: int,
        bytes: int | None,
        sha256: str | None,
        expires_in_s: int,
    ) -> str:
        """An absolute URL that takes one PUT and carries its own credential.

        Args:
            key: Where the file will lie.
            content_type: What must come, or None for any type that may be uploaded.
            max_bytes: The most that may come.
            bytes: How much must come, if it was announced.
            sha256: The hash that must come, if it was announced.
            expires_in_s: How long it can be used; an hour at most.

        Raises:
            WrongContentType: the type may not be uploaded.
            UploadTooLarge: the announced size is over the cap.
            UploadRefused: the announced size or hash cannot be one.
            AlreadyUploaded: the file is there, where the storage tells so beforehand.
        """
        ...

    def resumable_upload(
        self,
        key: str,
        *,
        content_type: str | None,
        max_bytes: int,
        bytes: int | None,
        sha256: str | None,
        expires_in_s: int,
    ) -> ResumableUpload | None:
        """The same right as `upload_url` gives, for an upload that outlives its connection.

        None where the storage takes none. Arguments and errors are those of `upload_url`.
        """
        ...

    def download_url(
        self, key: str, *, file_name: str, content_type: str, expires_at: datetime
    ) -> str:
        """An absolute URL for GET and HEAD, good until then but 15 minutes at most.

        The file is served as an attachment under the name, whatever characters it has. A link may
        have been given before and end sooner, but not before half of the time is over. One to a
        file that is not there leads nowhere.
        """
        ...

    def sign_ahead(self, keys: Sequence[str], expires_at: datetime) -> None:
        """`download_url` will be asked for these and that moment: a storage that signs links itself
        is asked once for all of them.
        """
        ...

    def stat(self, key: str) -> Stored | None:
        """What lies under the key, or None."""
        ...

    def fetch(self, key: str, into: Path, check: Callable[[], None]) -> str:
        """Copy the file to a path; returns the SHA-256 of what arrived there.

        `check` is called between pieces; when it raises, nothing is left at the path.

        Raises:
            MediaMissing: nothing lies under the key.
        """
        ...

    def put(self, key: str, file: Path, content_type: str) -> None:
        """Take a file in, whole or not at all, in place of what was there; the file is consumed."""
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Remove what lies under the keys; those that are not there are no error."""
        ...

    def keys(self, prefix: str) -> Iterable[str]:
        """The keys in use that begin so, in no order."""
        ...

    def sweep(self) -> None:
        """Remove what interrupted writers left; what is being written stays."""
        ...

    def check(self) -> None:
        """Return when files can be stored and read back.

        Raises:
            StorageNotWorking: they cannot; the message says why.
        """
        ...


@dataclass(frozen=True, slots=True)
class UploadHeaders:
    """What an upload's headers say of it.

    Attributes:
        content_type: The Content-Type, or None.
        bytes: The Content-Length, or None when the body comes in chunks.
    """

    content_type: str | None
    bytes: int | None


class UploadSession(Protocol):
    """An upload on its way in, for one thread at a time; it ends with `finish` or `abandon`."""

    @property
    def limit_bytes(self) -> int:
        """The most that may come."""
        ...

    def write(self, data: bytes) -> None:
        """Take the next piece.

        Raises:
            UploadTooLarge: it does not fit under the cap any more.
        """
        ...

    def finish(self) -> Stored:
        """Check the whole against what was announced and make it visible.

        Raises:
            UploadRefused: nothing came.
            UploadMismatch: something else came.
            AlreadyUploaded: another upload was whole before this one.
        """
        ...

    def abandon(self) -> None:
        """Remove what is not finished; does nothing after `finish`."""
        ...


@dataclass(frozen=True, slots=True)
class FileDownload:
    """A file to serve; whoever gets it closes `file`."""

    file: BinaryIO
    stored: Stored
    file_name: str
    content_type: str


class SignedFiles(Protocol):
    """A storage whose signed links the API serves itself."""

    def accept(self, key: str, query: str, headers: UploadHeaders) -> UploadSession:
        """Begin an upload under a link's key and query string.

        Raises:
            NotFound: no key has this form.
            BadSignature: we did not sign this.
            LinkExpired: the link's time is over.
            UploadRefused: the body is announced as empty.
            UploadTooLarge: it is announced as larger than the link allows.
            UploadMismatch: its announced size is not the link's.
            WrongContentType: its type is not the link's.
            AlreadyUploaded: the file is there.
            TooManyRequests: the link is in use several times over.
            StorageNotWorking: it cannot be written.
        """
        ...

    def present(self, key: str, query: str) -> FileDownload:
        """Open the file of a link.

        Raises:
            NotFound: no key has this form.
            BadSignature: we did not sign this.
            LinkExpired: the link's time is over.
            MediaMissing: the file is gone.
        """
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Remove what lies under the keys; those that are not there are no error."""
        ...
