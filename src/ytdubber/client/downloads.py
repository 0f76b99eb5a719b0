"""Finished files: fetched, checked against their hashes, and there whole or not at all."""

import hashlib
from collections.abc import Collection
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from ytdubber.client.asking import Retries, asked
from ytdubber.client.effects import Blocking, Fetch, Flow
from ytdubber.client.errors import BadDownload, NotFound, NotSignedIn, ServiceError, Unavailable
from ytdubber.client.values import File, Job, OnTransfer, Transfer
from ytdubber.client.watching import looked_at

ATTEMPTS = 3
"""So often a file is fetched that does not come as it should, each time by a fresh link."""
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
    for attempt in range(1, ATTEMPTS + 1):
        try:
            yield from _one(file, place, job, on_transfer, retries)
        except (BadDownload, NotFound, NotSignedIn, Unavailable):
            if attempt == ATTEMPTS:
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
    part = Part(place, file.bytes, file.sha256, on_transfer, file.path)
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


class Part:
    """A file that comes, beside the place where it belongs.

    Args:
        place: Where that is.
        size: Its bytes.
        sha256: Its hash, where it is known.
        on_transfer: Told how far it is.
        name: What the service calls it.
    """

    def __init__(
        self, place: Path, size: int, sha256: str | None, on_transfer: OnTransfer, name: str = ""
    ) -> None:
        self.path = place.with_name(f".{place.name}.part")
        self._place, self._size, self._sha256 = place, size, sha256
        self._on_transfer, self._name = on_transfer, name or place.name
        self._stream: IO[bytes] | None = None
        self._hash = hashlib.sha256()
        self._done_bytes = 0

    def begin(self) -> None:
        """Forget what came."""
        self.close()
        self._stream = self.path.open("wb")
        self._hash = hashlib.sha256()
        self._done_bytes = 0

    def write(self, piece: bytes) -> None:
        """Take what comes next.

        Raises:
            BadDownload: that is more than there is.
        """
        self._done_bytes += len(piece)
        if self._done_bytes > self._size:
            raise self.bad()
        if self._stream is not None:
            self._stream.write(piece)
        self._hash.update(piece)
        self._on_transfer(Transfer(self._place, self._done_bytes, self._size))

    def close(self) -> None:
        """Nothing comes any more."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def accept(self) -> None:
        """Put it in its place.

        Raises:
            BadDownload: it is not what it should be.
        """
        self.close()
        if self._done_bytes != self._size or self._sha256 not in (None, self._hash.hexdigest()):
            raise self.bad()
        self.path.replace(self._place)

    def remove(self) -> None:
        """Leave nothing beside its place."""
        self.close()
        self.path.unlink(missing_ok=True)

    def bad(self) -> BadDownload:
        """It is another file."""
        return BadDownload(
            f"{self._name} did not come as the service names it: its hash or size is another.",
            code="bad_download",
        )
