"""Stems and finished files in a folder, with links that the API serves itself."""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from ytdubber.app.uploads.checks import (
    judge_hash,
    judge_length,
)
from ytdubber.domain.errors import (
    MediaMissing,
    StorageNotWorking,
    UploadTooLarge,
)
from ytdubber.domain.printable import encodable
from ytdubber.files.encrypted import open_file
from ytdubber.ports.clock import Clock
from ytdubber.ports.media_store import (
    DOWNLOAD_LINK_S,
    STORAGE_PATH,
    FileDownload,
    ResumableUpload,
    Stored,
    UploadHeaders,
    checked_key,
    is_key,
)

from .media_folder import Description, Draft, MediaFolder, storage_errors
from .media_links import LinkSigner
from .resumable import FolderResumableUploads
from .upload_rules import announced, judge, size_of

UPLOAD_LINK_S = 3600
LEAST_FREE_BYTES = 64 * 2**20
"""With less room than this the storage counts as not working."""

_PIECE_BYTES = 2**20
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?", re.ASCII)


class FolderMediaStore:
    """A `MediaStore`, and the `SignedFiles` behind its links.

    Args:
        root: The folder, on a file system that knows locks; it is made if need be.
        secret: What links are signed with, 32 bytes or more; the same in every process.
        base_url: Where the API is reached, as browsers see it.
        clock: Tells when links end.
        second_secret: What links may have been signed with, too, before it was changed.

    Attributes:
        resumable: Serves uploads that outlive their connection.
    """

    def __init__(
        self,
        root: Path,
        secret: bytes,
        base_url: str,
        clock: Clock,
        *,
        second_secret: bytes | None = None,
    ) -> None:
        self._root = root
        self._folder = MediaFolder(root)
        self._links = LinkSigner(secret, clock, second_secret)
        self._base_url = base_url.rstrip("/") + STORAGE_PATH
        self._clock = clock
        self.resumable = FolderResumableUploads(self._folder, self._links, self._base_url, clock)
        self.sweep()

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
        """An absolute URL that takes one PUT and carries its own credential."""
        fields = announced(content_type, max_bytes, bytes, sha256)
        expires_at = self._upload_until(expires_in_s)
        return self._url("PUT", key, fields, expires_at)

    def resumable_upload(
        self,
        key: str,
        *,
        content_type: str | None,
        max_bytes: int,
        bytes: int | None,
        sha256: str | None,
        expires_in_s: int,
    ) -> ResumableUpload:
        """The same right for an upload that outlives its connection."""
        fields = announced(content_type, max_bytes, bytes, sha256)
        return self.resumable.target(checked_key(key), fields, self._upload_until(expires_in_s))

    def download_url(
        self, key: str, *, file_name: str, content_type: str, expires_at: datetime
    ) -> str:
        """An absolute URL for GET and HEAD, good for 15 minutes at most."""
        if not _MEDIA_TYPE.fullmatch(content_type):
            raise ValueError(f"{content_type!r} is not a media type")
        latest = self._clock.now() + timedelta(seconds=DOWNLOAD_LINK_S)
        fields = {"type": content_type, "name": encodable(file_name)}
        return self._url("GET", key, fields, min(expires_at, latest))

    def sign_ahead(self, keys: Sequence[str], expires_at: datetime) -> None:
        """Nothing: links are signed here, when they are asked for."""

    def stat(self, key: str) -> Stored | None:
        """What lies under the key, or None."""
        checked_key(key)
        with storage_errors():
            description = self._folder.describe(key)
        return _stored(description) if description else None

    def fetch(self, key: str, into: Path, check: Callable[[], None]) -> str:
        """Copy the file to a path; returns the SHA-256 of what arrived there."""
        checked_key(key)
        sha256 = hashlib.sha256()
        with storage_errors():
            found = self._folder.open(key)
            if found is None:
                raise MediaMissing
            try:
                with found[1] as source, open_file(into, "wb") as target:
                    while piece := source.read(_PIECE_BYTES):
                        check()
                        sha256.update(piece)
                        target.write(piece)
            except BaseException:
                into.unlink(missing_ok=True)
                raise
        return sha256.hexdigest()

    def put(self, key: str, file: Path, content_type: str) -> None:
        """Take a file in, whole or not at all, in place of what was there; it is consumed."""
        checked_key(key)
        with storage_errors():
            draft = self._folder.begin(key, replace=True)
            try:
                with open_file(file) as source:
                    while piece := source.read(_PIECE_BYTES):
                        draft.write(piece)
                draft.publish(content_type, replace=True)
            finally:
                draft.discard()
            file.unlink()

    def delete(self, keys: Sequence[str]) -> None:
        """Remove what lies under the keys; those that are not there are no error."""
        with storage_errors():
            for key in keys:
                self._folder.remove(checked_key(key))

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys in use that begin so, in no order."""
        with storage_errors():
            yield from filter(is_key, self._folder.keys(prefix))

    def check(self) -> None:
        """Write a file, read it back and remove it."""
        probe = uuid4().bytes
        with storage_errors():
            draft = self._folder.begin(f"{uuid4()}/{uuid4()}", replace=False)
            try:
                draft.write(probe)
                draft.sync()
                same = draft.path.read_bytes() == probe
            finally:
                draft.discard()
            free_bytes = shutil.disk_usage(self._root).free
        if not same:
            raise StorageNotWorking(reason="it does not give back what was written")
        if free_bytes < LEAST_FREE_BYTES:
            raise StorageNotWorking(reason="the disk is full")

    def sweep(self) -> None:
        """Remove what interrupted uploads left. Done at start, and by maintenance now and then."""
        with storage_errors():
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.resumable.sweep()
            self._folder.sweep()

    def accept(self, key: str, query: str, headers: UploadHeaders) -> "FolderUpload":
        """Begin an upload under a link's key and query string."""
        link = self._links.verify("PUT", checked_key(key), query)
        content_type = judge(link, headers.content_type, headers.bytes)
        with storage_errors():
            draft = self._folder.begin(key, replace=False)
        limit_bytes, sha256 = int(link["max"]), link.get("sha256")
        return FolderUpload(draft, content_type, limit_bytes, size_of(link), sha256)

    def present(self, key: str, query: str) -> FileDownload:
        """Open the file of a link."""
        link = self._links.verify("GET", checked_key(key), query)
        with storage_errors():
            found = self._folder.open(key)
        if found is None:
            raise MediaMissing
        description, file = found
        return FileDownload(file, _stored(description), link["name"], link["type"])

    def _upload_until(self, expires_in_s: int) -> datetime:
        return self._clock.now() + timedelta(seconds=min(expires_in_s, UPLOAD_LINK_S))

    def _url(
        self, method: str, key: str, fields: Mapping[str, str | None], expires_at: datetime
    ) -> str:
        query = self._links.sign(method, checked_key(key), fields, expires_at)
        return f"{self._base_url}/{key}?{query}"


class FolderUpload:
    """An upload on its way into the folder."""

    def __init__(
        self,
        draft: Draft,
        content_type: str,
        limit_bytes: int,
        expected_bytes: int | None,
        expected_sha256: str | None,
    ) -> None:
        self._draft = draft
        self._content_type = content_type
        self.limit_bytes = limit_bytes
        self._expected_bytes = expected_bytes
        self._expected_sha256 = expected_sha256

    def write(self, data: bytes) -> None:
        """Take the next piece."""
        if self._draft.bytes + len(data) > self.limit_bytes:
            raise UploadTooLarge(limit_bytes=self.limit_bytes)
        with storage_errors():
            self._draft.write(data)

    def finish(self) -> Stored:
        """Check the whole against what was announced and make it visible."""
        judge_length(self._draft.bytes, self.limit_bytes, self._expected_bytes)
        judge_hash(self._draft.sha256, self._expected_sha256)
        with storage_errors():
            return _stored(self._draft.publish(self._content_type, replace=False))

    def abandon(self) -> None:
        """Remove what is not finished."""
        with storage_errors():
            self._draft.discard()


def _stored(description: Description) -> Stored:
    return Stored(description.bytes, description.content_type, description.sha256)
