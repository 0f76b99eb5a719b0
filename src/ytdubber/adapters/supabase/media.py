"""Stems and finished files in a bucket of Supabase Storage."""

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from ytdubber.app.uploads.checks import judge_announcement
from ytdubber.domain.errors import AlreadyUploaded, MediaMissing, StorageNotWorking
from ytdubber.domain.file_names import portable
from ytdubber.domain.printable import file_name as printable_name
from ytdubber.files.encrypted import open_file
from ytdubber.ports.clock import Clock
from ytdubber.ports.media_store import (
    DOWNLOAD_LINK_S,
    ResumableUpload,
    Stored,
    checked_key,
    is_key,
)

from .connection import StorageConnection
from .refusals import Refused

CHUNK_BYTES = 6 * 2**20
"""What Supabase takes in one PATCH (https://supabase.com/docs/guides/storage/uploads)."""
KEYS_AT_ONCE = 500
PAGE = 1_000
"""How many names are asked for at once. A server may list fewer."""

_LEFT_ALONE_S = 5.0
"""How long nobody asks a storage to sign downloads after it did not."""
_PIECE_BYTES = 2**20
_KEPT_LINKS = 20_000


class SupabaseMediaStore:
    """A `MediaStore` in a private bucket, as whoever holds the project's secret key.

    How long an upload link lasts is the server's to say: two hours at supabase.com. Its token takes
    one file, since it may not replace what is there.

    Args:
        connection: The project's Storage API.
        bucket: The bucket's name.
        clock: Tells when links end.
    """

    def __init__(self, connection: StorageConnection, bucket: str, clock: Clock) -> None:
        self._api = connection
        self._bucket = bucket
        self._clock = clock
        self._links = _SignedPaths()
        self._signs_again_s = 0.0

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
        del expires_in_s  # the server's own holds
        checked_key(key)
        judge_announcement(content_type, max_bytes, bytes, sha256)
        return self._api.base_url + str(self._signed_upload(key)["url"])

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
        """The same right, for TUS."""
        del expires_in_s
        checked_key(key)
        essence, _ = judge_announcement(content_type, max_bytes, bytes, sha256)
        metadata = {"bucketName": self._bucket, "objectName": key}
        if essence:
            metadata["contentType"] = essence
        return ResumableUpload(
            url=f"{self._api.base_url}/upload/resumable/sign",
            headers={"x-signature": str(self._signed_upload(key)["token"])},
            metadata=metadata,
            chunk_bytes=CHUNK_BYTES,
        )

    def download_url(
        self, key: str, *, file_name: str, content_type: str, expires_at: datetime
    ) -> str:
        """An absolute URL for GET and HEAD, good for 15 minutes at most."""
        del content_type  # it is served as what it was put in as
        path = self._signed([key], expires_at).get(key)
        # Where there is nothing to sign, the link leads nowhere.
        path = path or f"/object/sign/{self._path(key)}?token=none"
        name = portable(printable_name(file_name)) or "download"
        name = quote(name, safe="", errors="replace")
        return f"{self._api.base_url}{path}&download={name}"

    def sign_ahead(self, keys: Sequence[str], expires_at: datetime) -> None:
        """Have links signed by one request, and keep them."""
        self._signed(keys, expires_at)

    def _signed(self, keys: Sequence[str], expires_at: datetime) -> dict[str, str]:
        """Signed paths by key; those that are known and fresh enough are not asked for again."""
        now_s = self._clock.now().timestamp()
        ends_s = min(expires_at.timestamp(), now_s + DOWNLOAD_LINK_S)
        lasts_s = max(1, int(ends_s - now_s))
        wanted = list(dict.fromkeys(checked_key(key) for key in keys))
        paths = self._links.fresh(wanted, now_s, ends_s)
        missing = [key for key in wanted if key not in paths]
        for begin in range(0, len(missing), KEYS_AT_ONCE):
            some = missing[begin : begin + KEYS_AT_ONCE]
            found = self._signed_downloads(some, lasts_s)
            self._links.keep(found, now_s + lasts_s, now_s)
            paths |= found
        return paths

    def stat(self, key: str) -> Stored | None:
        """What lies under the key, or None. The storage knows no hash."""
        with self._refusals():
            try:
                found = self._api.ask_soon("GET", f"/object/info/{self._path(key)}")
            except Refused as error:
                if error.missing:
                    return None
                raise
        size = found.get("size")
        if not isinstance(size, int):
            raise StorageNotWorking(reason="Supabase Storage does not tell a file's size")
        return Stored(size, str(found.get("content_type") or ""), None)

    def fetch(self, key: str, into: Path, check: Callable[[], None]) -> str:
        """Copy the file to a path; returns the SHA-256 of what arrived there."""

        def read(pieces: Iterator[bytes]) -> str:
            sha256 = hashlib.sha256()
            with open_file(into, "wb") as target:
                for piece in pieces:
                    check()
                    sha256.update(piece)
                    target.write(piece)
            return sha256.hexdigest()

        path = f"/object/authenticated/{self._path(key)}"
        with self._refusals():
            try:
                return self._api.download(path, read)
            except BaseException as error:
                into.unlink(missing_ok=True)
                if isinstance(error, Refused) and error.missing:
                    raise MediaMissing from error
                raise

    def put(self, key: str, file: Path, content_type: str) -> None:
        """Take a file in, whole or not at all, in place of what was there; it is consumed."""
        path = f"/object/{self._path(key)}"
        with self._refusals():
            with open_file(file) as source:
                size = source.seek(0, os.SEEK_END)

                def pieces() -> Iterator[bytes]:
                    source.seek(0)
                    while piece := source.read(_PIECE_BYTES):
                        yield piece

                self._api.upload(path, _headers(content_type, size), pieces)
            file.unlink()

    def delete(self, keys: Sequence[str]) -> None:
        """Remove what lies under the keys; those that are not there are no error."""
        checked = [checked_key(key) for key in keys]
        with self._refusals():
            for begin in range(0, len(checked), KEYS_AT_ONCE):
                prefixes = checked[begin : begin + KEYS_AT_ONCE]
                self._api.ask("DELETE", f"/object/{self._bucket}", {"prefixes": prefixes})

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys in use that begin so, in no order."""
        folder, within, name = prefix.partition("/")
        with self._refusals():
            pages = _Pages(self._page)
            folders = [folder] if within else list(pages.names("", folder))
            for each in folders:
                for found in pages.names(each, name if within else ""):
                    if is_key(f"{each}/{found}"):
                        yield f"{each}/{found}"

    def check(self) -> None:
        """Write a file, read it back and remove it."""
        key, probe = f"{uuid4()}/{uuid4()}", uuid4().bytes
        path = self._path(key)
        headers = _headers("audio/wav", len(probe))
        with self._refusals():
            self._api.upload(f"/object/{path}", headers, lambda: iter([probe]))
            try:
                same = self._api.download(f"/object/authenticated/{path}", b"".join) == probe
            finally:
                self.delete([key])
        if not same:
            raise StorageNotWorking(reason="Supabase Storage does not give back what was written")

    def sweep(self) -> None:
        """Nothing: Supabase removes unfinished uploads itself."""

    def _path(self, key: str) -> str:
        return f"{self._bucket}/{checked_key(key)}"

    def _signed_upload(self, key: str) -> Any:
        with self._refusals():
            try:
                return self._api.ask_soon("POST", f"/object/upload/sign/{self._path(key)}", {})
            except Refused as error:
                if error.exists:
                    raise AlreadyUploaded from error
                raise

    def _signed_downloads(self, keys: Sequence[str], lasts_s: int) -> dict[str, str]:
        """Whoever looks at jobs does not wait for a storage that just did not sign."""
        body = {"expiresIn": lasts_s, "paths": list(keys)}
        now_s = self._clock.now().timestamp()
        # More than that ahead, and the clock was turned back since.
        if 0 < self._signs_again_s - now_s <= _LEFT_ALONE_S:
            raise StorageNotWorking(reason="Supabase Storage signed nothing a moment ago")
        try:
            with self._refusals():
                rows = self._api.ask_soon("POST", f"/object/sign/{self._bucket}", body)
        except StorageNotWorking:
            self._signs_again_s = self._clock.now().timestamp() + _LEFT_ALONE_S
            raise
        self._signs_again_s = 0.0
        return {row["path"]: row["signedURL"] for row in rows if row.get("signedURL")}

    def _page(self, folder: str, offset: int) -> list[str]:
        """Some of what is listed in a folder, in order."""
        order = {"column": "name", "order": "asc"}
        wanted = {"prefix": folder, "limit": PAGE, "offset": offset, "sortBy": order}
        return [
            row["name"] for row in self._api.ask("POST", f"/object/list/{self._bucket}", wanted)
        ]

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Tell what was refused, and the system's errors, as `StorageNotWorking`."""
        try:
            yield
        except Refused as error:
            raise error.not_working() from error
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise StorageNotWorking(reason=reason) from error


def _headers(content_type: str, size: int) -> dict[str, str]:
    """Of an upload that may be sent again when nobody knows whether it arrived."""
    return {"content-type": content_type, "content-length": str(size), "x-upsert": "true"}


class _Pages:
    """Lists folders to their ends, page by page, with no more requests than that takes.

    How much a server lists at once is its own to say. A page shorter than one before is its
    folder's last, and so is an empty one.

    Args:
        page: The names in a folder from an offset on, some of them.
    """

    def __init__(self, page: Callable[[str, int], list[str]]) -> None:
        self._page = page
        self._longest = 1

    def names(self, folder: str, beginning: str) -> Iterator[str]:
        """What is in a folder and begins so: keys' last parts, or folders at the top."""
        offset = 0
        while True:
            page = self._page(folder, offset)
            yield from (name for name in page if name.startswith(beginning))
            offset += len(page)
            if len(page) < self._longest:
                return
            self._longest = len(page)


class _SignedPaths:
    """Signed paths of files, until half of their time is over."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def fresh(self, keys: Sequence[str], now_s: float, ends_s: float) -> dict[str, str]:
        """Those that last no longer than asked, and at least half as long."""
        with self._lock:
            kept = {key: self._kept[key] for key in keys if key in self._kept}
        return {
            key: path
            for key, (path, until_s) in kept.items()
            if now_s + (ends_s - now_s) / 2 <= until_s <= ends_s
        }

    def keep(self, paths: dict[str, str], until_s: float, now_s: float) -> None:
        """Remember them, when they last for minutes."""
        if until_s - now_s < DOWNLOAD_LINK_S / 2:
            return
        with self._lock:
            for key, path in paths.items():
                self._kept[key] = (path, until_s)
                self._kept.move_to_end(key)
            while len(self._kept) > _KEPT_LINKS:
                self._kept.popitem(last=False)
