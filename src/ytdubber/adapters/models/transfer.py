"""What every way of fetching shares: how it reports, and how it says that it cannot."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Protocol, TypeVar

Say = Callable[[str], None]
"""Told a sentence worth showing to a person."""

Progress = Callable[[str, int, int], None]
"""Told a model's name, the bytes of it that are here, and the bytes it has in all."""

Check = Callable[[], None]
"""Called often while work is under way; raises to stop it."""

Tell = Callable[[int], None]
"""Told how many bytes of one file are here; may raise to stop the work."""

CHUNK_BYTES = 1 << 18
_POLL_S = 0.1

T = TypeVar("T")


class Readable(Protocol):
    """A stream of bytes; no bytes mean its end."""

    def read(self, size: int, /) -> bytes:
        """At most `size` of its next bytes."""
        ...


class SourceFailed(Exception):
    """A source cannot give a file. Its text is the reason, in few words."""


def wait_for(queue: "SimpleQueue[T]", limit_s: float, check: Check) -> T:
    """The queue's next item, with `check` called while waiting.

    Raises:
        Empty: nothing came within the limit.
    """
    for _ in range(max(1, round(limit_s / _POLL_S))):
        check()
        try:
            return queue.get(timeout=_POLL_S)
        except Empty:
            continue
    raise Empty


def copy_bytes(source: Readable, target: IO[bytes], room: int, tell: Tell, done: int = 0) -> int:
    """Copy a stream to its end, reporting `done` plus what was copied; returns the bytes copied.

    Raises:
        SourceFailed: the stream holds more than `room` bytes.
    """
    copied = 0
    while chunk := source.read(CHUNK_BYTES):
        copied += len(chunk)
        if copied > room:
            raise SourceFailed("it is larger than it should be")
        target.write(chunk)
        tell(done + copied)
    return copied


def size_of(path: Path) -> int:
    """The bytes of a file; -1 when there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as hex digits."""
    with path.open("rb", buffering=0) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
