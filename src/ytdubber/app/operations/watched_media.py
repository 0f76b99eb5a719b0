"""A storage that is watched: one line when it stops to answer, and one when it does again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ytdubber.domain.errors import StorageNotWorking
from ytdubber.log import Outage
from ytdubber.ports.media_store import MediaStore, ResumableUpload, Stored


@dataclass(frozen=True, slots=True)
class WatchedMedia:
    """A `MediaStore`.

    Attributes:
        inner: The storage.
        outage: Is told what becomes of it.
    """

    inner: MediaStore
    outage: Outage

    def upload_url(
        self,
        key: str,
        *,
        content_type: str | None,
        max_bytes: int,
        bytes: int | None,  # the port's
        sha256: str | None,
        expires_in_s: int,
    ) -> str:
        """As the inner one."""
        with self._signing():
            return self.inner.upload_url(
                key,
                content_type=content_type,
                max_bytes=max_bytes,
                bytes=bytes,
                sha256=sha256,
                expires_in_s=expires_in_s,
            )

    def resumable_upload(
        self,
        key: str,
        *,
        content_type: str | None,
        max_bytes: int,
        bytes: int | None,  # the port's
        sha256: str | None,
        expires_in_s: int,
    ) -> ResumableUpload | None:
        """As the inner one."""
        with self._signing():
            return self.inner.resumable_upload(
                key,
                content_type=content_type,
                max_bytes=max_bytes,
                bytes=bytes,
                sha256=sha256,
                expires_in_s=expires_in_s,
            )

    def download_url(
        self, key: str, *, file_name: str, content_type: str, expires_at: datetime
    ) -> str:
        """As the inner one."""
        with self._signing():
            return self.inner.download_url(
                key, file_name=file_name, content_type=content_type, expires_at=expires_at
            )

    def sign_ahead(self, keys: Sequence[str], expires_at: datetime) -> None:
        """As the inner one."""
        with self._signing():
            self.inner.sign_ahead(keys, expires_at)

    def stat(self, key: str) -> Stored | None:
        """As the inner one."""
        with self._asking():
            return self.inner.stat(key)

    def fetch(self, key: str, into: Path, check: Callable[[], None]) -> str:
        """As the inner one."""
        with self._asking():
            return self.inner.fetch(key, into, check)

    def put(self, key: str, file: Path, content_type: str) -> None:
        """As the inner one."""
        with self._asking():
            self.inner.put(key, file, content_type)

    def delete(self, keys: Sequence[str]) -> None:
        """As the inner one."""
        with self._asking():
            self.inner.delete(keys)

    def keys(self, prefix: str) -> Iterable[str]:
        """As the inner one."""
        with self._asking():
            yield from self.inner.keys(prefix)

    def sweep(self) -> None:
        """As the inner one."""
        with self._asking():
            self.inner.sweep()

    def check(self) -> None:
        """As the inner one."""
        with self._asking():
            self.inner.check()

    @contextmanager
    def _signing(self) -> Iterator[None]:
        """Where links are signed here, the storage is not asked: nothing tells that it is back."""
        try:
            yield
        except StorageNotWorking as error:
            self.outage.begun(error=error)
            raise

    @contextmanager
    def _asking(self) -> Iterator[None]:
        with self._signing():
            yield
        self.outage.over()
