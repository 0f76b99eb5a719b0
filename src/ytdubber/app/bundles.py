"""All finished files of a job in one zip, behind a one-time link."""

import hashlib
import secrets
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from ytdubber.app.downloads import LINK_LASTS, need_job
from ytdubber.app.manifest import NAME
from ytdubber.domain.artifact import Artifact, title_of_files
from ytdubber.domain.errors import LinkUsed, MediaChanged, NotFinished, TooManyRequests
from ytdubber.files.encrypted import open_file
from ytdubber.files.zipped import ZippedFile, zip_bytes, zipped
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.service_work import AsService, AsUser, ServiceWork

AT_ONCE = 8
"""How many zips are sent at once: each has a file of its own in scratch, one at a time."""
RETRY_AFTER_S = 30
_CHUNK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class BundleLink:
    """A zip that can be fetched once.

    Attributes:
        token: The secret that fetches it.
        file_name: What it is saved as.
        files: How many files are in it.
        bytes: Its size.
        expires_at: When the link ends.
    """

    token: str
    file_name: str
    files: int
    bytes: int
    expires_at: datetime


class Bundle:
    """A zip on its way out: its name, its size, and its bytes; whoever gets it closes it.

    Args:
        file_name: What it is saved as.
        files: What is in it.
        closed: Called once at the end.
    """

    def __init__(
        self, file_name: str, files: Sequence[ZippedFile], closed: Callable[[], None]
    ) -> None:
        self.file_name = file_name
        self.bytes = zip_bytes(files)
        self._pieces, self._closed = zipped(files), closed

    def read(self) -> bytes:
        """The next piece; empty at the end.

        Raises:
            MediaChanged: a file is not the one that was made.
            MediaMissing: one is gone.
            StorageNotWorking: the storage does not answer.
        """
        return next(self._pieces, b"")

    def close(self) -> None:
        """Send no more."""
        closed, self._closed = self._closed, lambda: None
        self._pieces.close()  # type: ignore[attr-defined]  # it is a generator
        closed()


@dataclass(frozen=True, slots=True)
class Bundles:
    """The use cases over their ports. A link is kept as one of the manifest, which every finished
    job has, under a hash of its own: neither fetches what the other is for.

    Attributes:
        as_user: Begins a user's transaction.
        service: Begins a transaction for a link, which carries its own right.
        media: Where files are kept.
        clock: Tells the time.
        scratch: A folder that is gone afterwards, encrypted.
    """

    as_user: AsUser
    service: AsService
    media: MediaStore
    clock: Clock
    scratch: Callable[[], AbstractContextManager[Path]]
    _places: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(AT_ONCE)
    )

    def link(self, claims: Claims, job_id: UUID) -> BundleLink:
        """A fresh link to a job's files.

        Raises:
            JobNotFound: the user has no such job, or not any more.
            NotFinished: it has no finished files, or not any more.
        """
        with self.as_user(claims) as work:
            title, files, manifest = _found(work, job_id)
            token = secrets.token_urlsafe(32)
            ends = self.clock.now() + LINK_LASTS
            ends = min(ends, manifest.expires_at or ends)
            work.downloads.add_token(_sha256(token), manifest, ends)
            work.commit()
        planned = [self._zipped(file, title, Path(), self.clock.now()) for file in files]
        return BundleLink(token, _name(title), len(files), zip_bytes(planned), ends)

    def need(self, claims: Claims, job_id: UUID) -> None:
        """Look whether there would be a link.

        Raises:
            JobNotFound, NotFinished: as `link`.
        """
        with self.as_user(claims) as work:
            _found(work, job_id)

    def need_token(self, token: str) -> None:
        """Look whether a link would still work.

        Raises:
            LinkUsed: it would not.
        """
        with self.service() as work:
            self._redeemable(work, token)

    def redeem(self, token: str) -> Bundle:
        """The zip behind a link, once.

        Raises:
            LinkUsed: it was used, has expired, or never was one.
            TooManyRequests: as many are sent as may be; the link can be used later.
        """
        if not self._places.acquire(blocking=False):
            raise TooManyRequests(retry_after_s=RETRY_AFTER_S)
        try:
            return self._opened(token)
        except BaseException:
            self._places.release()
            raise

    def _opened(self, token: str) -> Bundle:
        now = self.clock.now()
        with self.service() as work:
            manifest = self._redeemable(work, token)
            try:
                title, files, _ = _found(work, manifest.job_id)
            except NotFinished:
                raise LinkUsed from None
            if work.downloads.redeem(_sha256(token), now) is None:
                raise LinkUsed
            for file in files:
                work.downloads.record(file, now)
            work.commit()
        folder = self.scratch()
        scratch = folder.__enter__()

        def closed() -> None:
            folder.__exit__(None, None, None)
            self._places.release()

        return Bundle(_name(title), [self._zipped(f, title, scratch, now) for f in files], closed)

    def _redeemable(self, work: ServiceWork, token: str) -> Artifact:
        manifest = work.downloads.redeemable(_sha256(token), self.clock.now())
        if manifest is None or manifest.deleted_at is not None:
            raise LinkUsed
        return manifest

    def _zipped(self, file: Artifact, title: str, scratch: Path, at: datetime) -> ZippedFile:
        """As the folder of a dub has it, in a folder of its own."""
        name = f"{title_of_files(title) or 'dub'}/{file.path}"
        return ZippedFile(name, file.bytes, at, partial(self._open, file, scratch))

    def _open(self, file: Artifact, scratch: Path) -> tuple[int, Iterable[bytes]]:
        path = scratch / "file"
        came = self.media.fetch(file.key, path, lambda: None)
        if came != file.sha256:
            raise MediaChanged(expected=file.sha256, actual=came)
        crc = 0
        for piece in _pieces(path):
            crc = zlib.crc32(piece, crc)
        return crc, _pieces(path)


def _pieces(path: Path) -> Iterator[bytes]:
    with open_file(path) as opened:
        while piece := opened.read(_CHUNK_BYTES):
            yield piece


def _found(work: ServiceWork, job_id: UUID) -> tuple[str, Sequence[Artifact], Artifact]:
    """A job's title, its files, and its manifest among them."""
    title, files = need_job(work, job_id), work.artifacts.of_job(job_id)
    manifest = next((file for file in files if file.path == NAME), None)
    if manifest is None:
        raise NotFinished
    return title, files, manifest


def _name(title: str) -> str:
    return f"{title_of_files(title) or 'dub'}.zip"


def _sha256(token: str) -> str:
    return hashlib.sha256(f"bundle {token}".encode()).hexdigest()
