"""Files under keys in a folder, each with a description beside it.

    <first two digits>/<uuid>.<uuid>.json                 the description; what it names is there
                       <uuid>.<uuid>.<token>              the bytes
                       <uuid>.<uuid>.<token>.unfinished   says that they may go on; see there
                       lock                               held while descriptions change

Bytes become visible when a description that names them is renamed into place, and never otherwise.
While they are written their file is locked; bytes that no description names, that may not go on and
that nobody has locked are what an interrupted process left. The locks end with the process that
holds them.
"""

import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from ytdubber.domain.errors import (
    AlreadyUploaded,
    StorageNotWorking,
    TooManyRequests,
    UploadClosed,
)

NOTE = ".unfinished"
"""How the note's name ends that lies beside the bytes of an upload that may go on."""

MOST_DRAFTS = 4
"""How many files may be on their way to one key at once."""

_AWAY = frozenset(
    {
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.EIO,
        errno.ENXIO,
        errno.ENODEV,
        errno.ESTALE,
        errno.ENOTCONN,
        errno.ETIMEDOUT,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
    }
)
"""What a disk or a server of files answers that is away, or lets nobody in."""
_RETRY_AFTER_S = 5
_TRIES = 8


class Description(BaseModel):
    """What lies beside the bytes: which file they are in, and what they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    bytes: int
    sha256: str
    content_type: str


@contextmanager
def storage_errors() -> Iterator[None]:
    """Tell the system's errors as `StorageNotWorking`, without the paths they name."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise StorageNotWorking(reason, away=error.errno in _AWAY) from error


class Draft:
    """A file on its way in: locked, invisible, hashed as it grows."""

    def __init__(self, folder: "MediaFolder", key: str, path: Path, file: BinaryIO) -> None:
        self._folder = folder
        self._key = key
        self._file = file
        self._hash = hashlib.sha256()
        self.path = path
        self.bytes = 0

    @property
    def sha256(self) -> str:
        """The hash of what was written so far."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> None:
        """Append."""
        self._hash.update(data)
        self._file.write(data)
        self.bytes += len(data)

    def sync(self) -> None:
        """Return when what was written is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def publish(self, content_type: str, *, replace: bool) -> Description:
        """Make it visible, in place of what was there or, without `replace`, only as the first.

        Raises:
            AlreadyUploaded: something is there.
        """
        self.sync()
        description = Description(
            file=self.path.name, bytes=self.bytes, sha256=self.sha256, content_type=content_type
        )
        self._folder.publish(self._key, self.path, description, replace=replace)
        self._file.close()
        return description

    def discard(self) -> None:
        """Remove it unless it was published."""
        if self._file.closed:
            return
        self._folder.drop(self._key, self.path)
        with suppress(OSError):  # what could not be written is gone anyway
            self._file.close()


class MediaFolder:
    """Files under keys `<uuid>/<uuid>`; whoever calls has checked the form of the key."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def describe(self, key: str) -> Description | None:
        """The description, or None when nothing lies under the key."""
        try:
            text = self._description(key).read_bytes()
        except FileNotFoundError:
            return None
        try:
            return Description.model_validate_json(text)
        except ValidationError as error:
            raise StorageNotWorking(reason="the description of a file is damaged") from error

    def open(self, key: str) -> tuple[Description, BinaryIO] | None:
        """The description and the bytes it names, open for reading; None when nothing is there."""
        for _ in range(_TRIES):
            description = self.describe(key)
            if description is None:
                return None
            try:
                return description, (self.shard(key) / description.file).open("rb")
            except FileNotFoundError:
                continue  # it was replaced or removed between the two reads
        raise StorageNotWorking(reason="the bytes of a file are gone")

    def begin(self, key: str, *, replace: bool) -> Draft:
        """A draft for the key.

        Raises:
            AlreadyUploaded: something is there, and it is not to be replaced.
            TooManyRequests: too many drafts for it are under way.
        """
        shard = self.shard(key)
        shard.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(shard):
            if not replace:
                self._expect_room(key)
            path = shard / f"{_stem(key)}.{secrets.token_hex(8)}"
            file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return Draft(self, key, path, file)

    def publish(self, key: str, path: Path, description: Description, *, replace: bool) -> None:
        """Put a description in place that names the bytes at the path, which are on the disk.

        Raises:
            AlreadyUploaded: something is there.
            UploadClosed: the bytes were removed meanwhile.
        """
        shard = self.shard(key)
        written = path.with_name(path.name + ".tmp")
        with written.open("w", encoding="utf-8") as file:
            file.write(description.model_dump_json())
            file.flush()
            os.fsync(file.fileno())
        with locked(shard):
            before = self.describe(key)
            if before and not replace:
                raise AlreadyUploaded
            if not path.exists():
                raise UploadClosed
            written.replace(self._description(key))
            if before:
                (shard / before.file).unlink(missing_ok=True)
        _sync_folder(shard)

    def drop(self, key: str, path: Path) -> None:
        """Remove bytes on their way to the key, unless a description names them already."""
        with locked(self.shard(key)):
            named = self.describe(key)
            if named is None or named.file != path.name:
                remove_bytes(path)

    def remove(self, key: str) -> None:
        """Remove what lies under the key, if anything does."""
        shard = self.shard(key)
        if not shard.is_dir():
            return
        with locked(shard):
            self.remove_unfinished(key)
            before = self.describe(key)
            if before:
                self._description(key).unlink()
                (shard / before.file).unlink(missing_ok=True)

    def remove_unfinished(self, key: str) -> None:
        """Remove what came of uploads to the key that are not whole; the caller has the lock."""
        named = self.describe(key)
        for note in self.shard(key).glob(f"{_stem(key)}.*{NOTE}"):
            path = note.with_name(note.name.removesuffix(NOTE))
            if named and named.file == path.name:
                note.unlink(missing_ok=True)
            else:
                remove_bytes(path)

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys in use that begin so, those of uploads that are not whole among them."""
        for shard in self.shards(prefix[:2]):
            ends = [path.name.removesuffix(".json") for path in shard.glob("*.json")]
            ends += [path.name.rsplit(".", 2)[0] for path in shard.glob(f"*{NOTE}")]
            yield from (k for k in {e.replace(".", "/") for e in ends} if k.startswith(prefix))

    def sweep(self) -> None:
        """Remove what interrupted processes left. Safe beside others that work in the folder."""
        for shard in self.shards():
            with locked(shard):
                self._sweep_shard(shard)

    def _sweep_shard(self, shard: Path) -> None:
        by_key: dict[str, list[Path]] = {}
        for path in shard.iterdir():
            stem, _, kind = path.name.rpartition(".")
            if stem and kind not in ("json", "tmp", NOTE.removeprefix(".")):
                by_key.setdefault(stem.replace(".", "/"), []).append(path)
        for key, paths in by_key.items():
            if len(paths) == 1 and self._description(key).exists():
                continue  # a description never outlives the bytes it names
            named = self.describe(key)
            for path in paths:
                if named is not None and path.name == named.file:
                    continue
                if not _may_go_on(path) and not in_use(path):
                    remove_bytes(path)

    def _expect_room(self, key: str) -> None:
        if self._description(key).exists():
            raise AlreadyUploaded
        drafts = [
            p for p in self.shard(key).glob(f"{_stem(key)}.*") if p.suffix not in (".tmp", NOTE)
        ]
        if len(drafts) >= MOST_DRAFTS:
            raise TooManyRequests(retry_after_s=_RETRY_AFTER_S)

    def shards(self, prefix: str = "") -> Iterator[Path]:
        """Every part of the folder whose name begins so."""
        folders = (path for path in self._root.iterdir() if path.is_dir())
        return (folder for folder in folders if folder.name.startswith(prefix))

    def shard(self, key: str) -> Path:
        """The part of the folder where the key's files lie."""
        return self._root / key[:2]

    def _description(self, key: str) -> Path:
        return self.shard(key) / f"{_stem(key)}.json"


def _stem(key: str) -> str:
    return key.replace("/", ".")


def remove_bytes(path: Path) -> None:
    """Remove bytes and what lies beside them; the caller has the lock."""
    for end in (NOTE, ".tmp", ""):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _may_go_on(path: Path) -> bool:
    return path.with_name(path.name + NOTE).exists()


def in_use(path: Path) -> bool:
    """Whether somebody has the lock of these bytes."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def locked(shard: Path) -> Iterator[None]:
    """One at a time in this part of the folder, among threads and processes alike."""
    with (shard / "lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
