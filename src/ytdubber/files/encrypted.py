"""Intermediate files that nobody else can read: encrypted under a key that only this process has.

Whatever is opened under an encrypted folder is AES-256 in XTS mode (NIST SP 800-38E), one tweak for
each page and file, so that pages may be read and written in any order and again. The key is never
stored: when the process dies, what it left is noise.
"""

import contextlib
import io
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Literal

import soundfile
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE_BYTES = 64 * 1024
KEY_BYTES = 64
"""Two AES-256 keys, as XTS takes them."""
_HEADER_BYTES = 16  # the file's own part of its tweaks, and its length, XORed with part of the key

_keys: dict[Path, bytes] = {}
_lock = threading.Lock()


@contextlib.contextmanager
def encrypted(folder: Path, key: bytes | None = None) -> Iterator[None]:
    """Files opened under the folder by `open_file` are encrypted, with a key made for the purpose.

    Args:
        folder: The folder, for as long as this is open.
        key: The key of the process that encrypts it, in a child of that process.
    """
    place = folder.resolve()
    with _lock:
        _keys[place] = key or secrets.token_bytes(KEY_BYTES)
    try:
        yield
    finally:
        with _lock:
            del _keys[place]


def key_of(path: Path) -> bytes | None:
    """The key of the encrypted folder that a path lies in, or None."""
    if not _keys:
        return None
    place = path.resolve()
    with _lock:
        return next((_keys[each] for each in place.parents if each in _keys), None)


def open_file(path: Path, mode: Literal["rb", "wb", "w+b"] = "rb") -> io.BufferedIOBase:
    """Open a file for bytes; encrypted when it lies in an encrypted folder."""
    key = key_of(path)
    if key is None:
        if mode == "rb":
            return path.open("rb")
        return path.open("wb") if mode == "wb" else path.open("w+b")
    page_file = EncryptedFile(path, key, new="w" in mode)
    if mode == "rb":
        return io.BufferedReader(page_file, PAGE_BYTES)
    return io.BufferedRandom(page_file, PAGE_BYTES)


@contextlib.contextmanager
def open_sound(path: Path) -> Iterator[soundfile.SoundFile]:
    """Open a sound file to read."""
    with open_file(path) as file, soundfile.SoundFile(file) as sound:
        yield sound


def read_bytes(path: Path) -> bytes:
    """All of a file."""
    with open_file(path) as file:
        return file.read()


def write_bytes(path: Path, data: bytes) -> None:
    """Make a file of the bytes."""
    with open_file(path, "wb") as file:
        file.write(data)


def ram_file(name: str) -> IO[bytes]:
    """A file in memory; an unlinked one on disk where the system has no such thing."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create(name), "w+b")
    return tempfile.TemporaryFile()


def open_decrypted(path: Path) -> IO[bytes]:
    """A file that another program can read through its descriptor, its text in memory only.

    One that is not encrypted is opened as it is, without waiting for whoever writes to a pipe.
    """
    if key_of(path) is None:
        return open(path, "rb", opener=_at_once)
    plain = ram_file(path.name)
    with open_file(path) as file:
        shutil.copyfileobj(file, plain, PAGE_BYTES)
    plain.flush()
    plain.seek(0)
    return plain


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class EncryptedFile(io.RawIOBase):
    """The encrypted file, one page of it in memory.

    What cannot be written is raised once, and nothing is written after it: whoever closes such a
    file, FFmpeg among them, would meet the same error at every step.
    """

    def __init__(self, path: Path, key: bytes, *, new: bool) -> None:
        self._file = path.open("w+b" if new else "rb", buffering=0)
        self._new = new
        self._lost = False
        self._key = key
        self._place = 0
        self._page = bytearray(PAGE_BYTES)
        self._number = -1
        self._changed = False
        mask = key[:8]
        if new:
            self._tweak, self._bytes = secrets.token_bytes(8), 0
        else:
            header = self._file.read(_HEADER_BYTES)
            self._tweak = header[:8]
            size = bytes(a ^ b for a, b in zip(header[8:], mask, strict=True))
            self._bytes = int.from_bytes(size, "little")

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return self._new

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._bytes}[whence]
        if base + offset < 0:
            raise OSError("a place before the beginning")
        self._place = base + offset
        return self._place

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        count = max(0, min(len(view), self._bytes - self._place))
        done = 0
        while done < count:
            number, start = divmod(self._place, PAGE_BYTES)
            self._load(number)
            size = min(count - done, PAGE_BYTES - start)
            view[done : done + size] = self._page[start : start + size]
            done += size
            self._place += size
        return count

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        if self._place > self._bytes and len(view):
            place, self._place = self._place, self._bytes
            while self._place < place:  # no page may be missing
                self._put(memoryview(bytes(min(PAGE_BYTES, place - self._place))))
        return self._put(view)

    def _put(self, view: memoryview) -> int:
        done = 0
        while done < len(view):
            number, start = divmod(self._place, PAGE_BYTES)
            self._load(number)
            size = min(len(view) - done, PAGE_BYTES - start)
            self._page[start : start + size] = view[done : done + size]
            self._changed = True
            done += size
            self._place += size
            self._bytes = max(self._bytes, self._place)
        return done

    def truncate(self, size: int | None = None) -> int:
        self._bytes = self._place if size is None else size
        return self._bytes

    def close(self) -> None:
        if not self.closed:
            try:
                if self._new:
                    self._store()
                    self._write_header()
            finally:
                self._file.close()
                super().close()

    def _write_header(self) -> None:
        size = self._bytes.to_bytes(8, "little")
        masked = bytes(a ^ b for a, b in zip(size, self._key[:8], strict=True))
        self._write_at(0, self._tweak + masked)

    def _load(self, number: int) -> None:
        """Have a page in memory."""
        if number == self._number:
            return
        self._store()
        self._file.seek(_HEADER_BYTES + number * PAGE_BYTES)
        stored = self._file.read(PAGE_BYTES)
        if len(stored) == PAGE_BYTES:
            self._page[:] = self._cipher(number).decryptor().update(stored)
        else:
            self._page[:] = bytes(PAGE_BYTES)
        self._number = number

    def _store(self) -> None:
        """Have the page in memory on disk, too."""
        if self._changed:
            page = self._cipher(self._number).encryptor().update(bytes(self._page))
            self._write_at(_HEADER_BYTES + self._number * PAGE_BYTES, page)
            self._changed = False

    def _write_at(self, place: int, data: bytes) -> None:
        if self._lost:
            return
        self._file.seek(place)
        left = memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            self._lost = True
            raise

    def _cipher(self, number: int) -> Cipher[modes.XTS]:
        return Cipher(algorithms.AES(self._key), modes.XTS(self._tweak + number.to_bytes(8, "big")))
