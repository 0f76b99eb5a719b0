"""Finished files: fetched, checked against their hashes, and there whole or not at all."""

import hashlib
from collections.abc import Collection
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from ytdubber.client.asking import Retries, asked
from ytdubber.client.effects import Blocking, Fetch, Flow
from ytdubber.client.errors import BadDownload, NotFound, NotSignedIn, ServiceError, Unavailable
from ytdubber.client.uploads import OnTransfer
from ytdubber.client.values import File, Job, Transfer
from ytdubber.client.watching import looked_at

_ATTEMPTS = 3
_UNSAFE = frozenset('\\:*?"<>|\0')
"""What no name of a file of ours has, and some systems take for something else."""


def downloaded(
    job_id: str,
    out: Path,
    languages: Collection[str] | None,
    kinds: Collection[str] | None,
    on_transfer: OnTransfer,
    retries: Retries,
) -> Flow[tuple[Path, ...]]:
    """Where a job's files are; those that are there already stay as they are.

    Raises:
        BadDownload: a file came otherwise than the service names it, also when asked again.
        NotFound: the job has no such files, or not any more.
        ServiceError: as `asked`.
    """
    job = yield from looked_at(job_id, retries)
    wanted = [file for file in job.files if _chosen(file, languages, kinds)]
    if not wanted:
        raise NotFound("The job has no such files.", code="file_not_there")
    places = [_place(out, file) for file in wanted]
    for file, place in zip(wanted, places, strict=True):
        if not (yield Blocking(partial(_is_there, file, place))):
            job = yield from _fetched(file, place, job, on_transfer, retries)
    return tuple(places)


def _chosen(file: File, languages: Collection[str] | None, kinds: Collection[str] | None) -> bool:
    """Files of all languages, such as the manifest, come with any language."""
    spoken = languages is None or file.language is None or file.language in languages
    return spoken and (kinds is None or file.kind in kinds)


def _place(out: Path, file: File) -> Path:
    """Where a file belongs.

    Raises:
        BadDownload: that would be outside of the folder.
    """
    path = PurePosixPath(file.path)
    if path.is_absolute() or ".." in path.parts or not path.parts or _UNSAFE & {*file.path}:
        raise BadDownload(
            f"The service names a file that belongs into no folder: {file.path!r}.",
            code="bad_path",
        )
    return out.joinpath(*path.parts)


def _is_there(file: File, place: Path) -> bool:
    if not place.is_file() or place.stat().st_size != file.bytes:
        return False
    with place.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


def _fetched(
    file: File, place: Path, job: Job, on_transfer: OnTransfer, retries: Retries
) -> Flow[Job]:
    """The job as it was seen last: links are over after a while, and are asked for again."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            yield from _one(file, place, job, on_transfer, retries)
        except (BadDownload, NotFound, NotSignedIn, Unavailable):
            if attempt == _ATTEMPTS:
                raise
            job = yield from looked_at(job.id, retries)
        else:
            break
    return job


def _one(
    file: File, place: Path, job: Job, on_transfer: OnTransfer, retries: Retries
) -> Flow[None]:
    url = next((each.url for each in job.files if each.path == file.path), None)
    if url is None:
        raise Unavailable(f"There is no link to {file.path} just now.", code="no_link")
    part = _Part(file, place, on_transfer)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        yield from asked(Fetch(url, part), retries)
        part.accept()
    except OSError as error:
        raise ServiceError(
            f"{place} cannot be written: {error.strerror}.", code="unwritable"
        ) from None
    finally:
        part.remove()


class _Part:
    """A file that comes, beside the place where it belongs."""

    def __init__(self, file: File, place: Path, on_transfer: OnTransfer) -> None:
        self._file, self._place, self._on_transfer = file, place, on_transfer
        self._path = place.with_name(f".{place.name}.part")
        self._stream: IO[bytes] | None = None
        self._hash = hashlib.sha256()
        self._done_bytes = 0

    def begin(self) -> None:
        self.close()
        self._stream = self._path.open("wb")
        self._hash = hashlib.sha256()
        self._done_bytes = 0

    def write(self, piece: bytes) -> None:
        self._done_bytes += len(piece)
        if self._done_bytes > self._file.bytes:
            raise self._bad()
        if self._stream is not None:
            self._stream.write(piece)
        self._hash.update(piece)
        self._on_transfer(Transfer(self._place, self._done_bytes, self._file.bytes))

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def accept(self) -> None:
        """Put it in its place, if it is what it should be."""
        if self._hash.hexdigest() != self._file.sha256:
            raise self._bad()
        self._path.replace(self._place)

    def remove(self) -> None:
        self.close()
        self._path.unlink(missing_ok=True)

    def _bad(self) -> BadDownload:
        return BadDownload(
            f"{self._file.path} did not come as the service names it: its hash or size is another.",
            code="bad_download",
        )
