"""All finished files of a job in one zip, behind a one-time link."""

import hashlib
import secrets
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from ytdubber.app.downloads.downloads import LINK_LASTS, need_job
from ytdubber.app.dubs.manifest import NAME
from ytdubber.app.dubs.prepared_facts import PreparedFacts
from ytdubber.app.dubs.youtube_bundle import youtube_bundle
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
        notes: What a person should know of what is in it, in sentences.
    """

    token: str
    file_name: str
    files: int
    bytes: int
    expires_at: datetime
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Contents:
    """What is in a zip, by its place there; the zip's name, whose folder is called the same; and
    what a person should know of it.
    """

    file_name: str
    files: Mapping[str, Artifact]
    texts: Mapping[str, bytes]
    notes: tuple[str, ...] = ()


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

    def link(self, claims: Claims, job_id: UUID, *, youtube: bool = False) -> BundleLink:
        """A fresh link to a job's files.

        Args:
            claims: Who asks.
            job_id: The job.
            youtube: Whether to what goes to YouTube, under the names it has there.

        Raises:
            JobNotFound: the user has no such job, or not any more.
            NotFinished: it has no finished files, or not any more.
        """
        with self.as_user(claims) as work:
            title, files, manifest = _found(work, job_id)
            contents = _contents(work, job_id, title, files, youtube=youtube)
            token = secrets.token_urlsafe(32)
            ends = self.clock.now() + LINK_LASTS
            ends = min(ends, manifest.expires_at or ends)
            work.downloads.add_token(_sha256(token, youtube=youtube), manifest, ends)
            work.commit()
        planned = self._zipped(contents, Path(), self.clock.now())
        size, name = zip_bytes(planned), contents.file_name
        return BundleLink(token, name, len(planned), size, ends, contents.notes)

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
            digest, manifest = self._redeemable(work, token)
            try:
                title, files, _ = _found(work, manifest.job_id)
                youtube = digest == _sha256(token, youtube=True)
                contents = _contents(work, manifest.job_id, title, files, youtube=youtube)
            except NotFinished:
                raise LinkUsed from None
            if work.downloads.redeem(digest, now) is None:
                raise LinkUsed
            for file in contents.files.values():
                work.downloads.record(file, now)
            work.commit()
        folder = self.scratch()
        scratch = folder.__enter__()

        def closed() -> None:
            folder.__exit__(None, None, None)
            self._places.release()

        return Bundle(contents.file_name, self._zipped(contents, scratch, now), closed)

    def _redeemable(self, work: ServiceWork, token: str) -> tuple[str, Artifact]:
        """The hash a link is kept under, and the manifest it is of."""
        for youtube in (False, True):
            digest = _sha256(token, youtube=youtube)
            manifest = work.downloads.redeemable(digest, self.clock.now())
            if manifest is not None and manifest.deleted_at is None:
                return digest, manifest
        raise LinkUsed

    def _zipped(self, contents: _Contents, scratch: Path, at: datetime) -> list[ZippedFile]:
        """All of it, in a folder of its own."""
        folder = contents.file_name.removesuffix(".zip")
        copies = [
            ZippedFile(f"{folder}/{name}", file.bytes, at, partial(self._open, file, scratch))
            for name, file in contents.files.items()
        ]
        texts = [
            ZippedFile(f"{folder}/{name}", len(data), at, partial(_text, data))
            for name, data in contents.texts.items()
        ]
        return [*copies, *texts]

    def _open(self, file: Artifact, scratch: Path) -> tuple[int, Iterable[bytes]]:
        path = scratch / "file"
        came = self.media.fetch(file.key, path, lambda: None)
        if came != file.sha256:
            raise MediaChanged(expected=file.sha256, actual=came)
        crc = 0
        for piece in _pieces(path):
            crc = zlib.crc32(piece, crc)
        return crc, _pieces(path)


def _text(data: bytes) -> tuple[int, Iterable[bytes]]:
    return zlib.crc32(data), [data]


def _contents(
    work: ServiceWork, job_id: UUID, title: str, files: Sequence[Artifact], *, youtube: bool
) -> _Contents:
    """All files as the folder of a dub has them, or what goes to YouTube.

    Raises:
        NotFinished: nobody knows any more what was spoken.
    """
    name = title_of_files(title) or "dub"
    if not youtube:
        return _Contents(f"{name}.zip", {file.path: file for file in files}, {})
    transcript, state = work.transcripts.get(job_id), work.job_repository.state(job_id)
    prepared = work.job_repository.prepared(job_id)
    if transcript is None or state is None or prepared is None:
        raise NotFinished
    languages: dict[str, list[Artifact]] = {}
    for file in files:
        if file.language is not None:
            languages.setdefault(file.language, []).append(file)
    shared = [file for file in files if file.language is None]
    film_ms = PreparedFacts.model_validate(prepared).film_ms
    texts = state.job.options.youtube
    bundled = youtube_bundle(name, transcript.language, shared, languages, film_ms, texts)
    known = {file.path: file for file in files}
    copies = {to: known[path] for to, path in bundled.copies.items()}
    return _Contents(f"{name}.youtube.zip", copies, bundled.texts, bundled.notes)


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


def _sha256(token: str, *, youtube: bool = False) -> str:
    what = "bundle for youtube" if youtube else "bundle"
    return hashlib.sha256(f"{what} {token}".encode()).hexdigest()
