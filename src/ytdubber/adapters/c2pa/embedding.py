"""Where a manifest stands in a file of each format (C2PA 2.2, annex A)."""

from collections.abc import Callable
from io import BufferedIOBase

from ytdubber.video.mp4 import move_media

Check = Callable[[], None]

_CHUNK = 1 << 20
_ID3_HEADER = 10
_DESCRIBED = b"\x03application/c2pa\0c2pa\0c2pa manifest store\0"
"""Of a general object in ID3v2.4: the texts' coding, media type, file name and description."""
_MOST = 0xFFFFFFFF
CHUNK_HEAD = 8
"""Bytes of a chunk's name and size; a manifest in RIFF is not bound to its own."""


class NoPlace(ValueError):
    """A file has no place for a manifest."""


def embed(
    file_format: str, source: BufferedIOBase, target: BufferedIOBase, manifest: bytes, check: Check
) -> int:
    """Copy a file with a manifest in it; where that begins.

    Args:
        file_format: Its extension.
        source: The file, at its beginning.
        target: Where it goes.
        manifest: What it gets, an even number of bytes.
        check: Called now and then; raises to stop.

    Raises:
        NoPlace: it cannot have one.
    """
    match file_format:
        case "flac" | "mp3":
            return _in_id3(source, target, manifest, check)
        case "wav":
            return _in_riff(source, target, manifest, check)
    return _after_type(source, target, manifest, check)


def _in_id3(source: BufferedIOBase, target: BufferedIOBase, manifest: bytes, check: Check) -> int:
    """The first frame of an ID3v2.4 tag, which is the file's own where it has one."""
    body = _DESCRIBED + manifest
    frame = b"GEOB" + _syncsafe(len(body)) + bytes(2) + body
    head = source.read(_ID3_HEADER)
    rest = 0
    if head[:3] != b"ID3":
        source.seek(0)
    elif head[3] != 4 or head[5]:
        raise NoPlace("its ID3 tag is of another version, or has an extended header")
    else:
        rest = int("".join(f"{each:07b}" for each in head[6:]), 2)
    target.write(b"ID3\x04\0\0" + _syncsafe(rest + len(frame)) + frame)
    begins = target.tell() - len(manifest)
    _copy(source, target, check)
    return begins


def _in_riff(source: BufferedIOBase, target: BufferedIOBase, manifest: bytes, check: Check) -> int:
    """A chunk at the end, which the file's own size counts."""
    if source.read(4) != b"RIFF":
        raise NoPlace("a file of over 4 GB (RF64) has none")
    source.seek(0)
    _copy(source, target, check)
    target.write(bytes(target.tell() % 2))
    chunk = b"C2PA" + len(manifest).to_bytes(4, "little") + manifest
    target.write(chunk)
    ends = target.tell()
    if ends - 8 > _MOST:
        raise NoPlace("with one it would have more than 4 GB")
    target.seek(4)
    target.write((ends - 8).to_bytes(4, "little"))
    return ends - len(chunk) + 8


def _after_type(
    source: BufferedIOBase, target: BufferedIOBase, manifest: bytes, check: Check
) -> int:
    """A box of its own right after the file's type; what follows stands so much later."""
    size = int.from_bytes(source.read(4))
    if source.read(4) != b"ftyp":
        raise NoPlace("it does not begin with its type")
    source.seek(0)
    target.write(source.read(size))
    target.write(manifest)
    _copy(source, target, check)
    if not move_media(target, len(manifest)):
        raise NoPlace("with one its media would stand beyond 4 GB")
    return size


def _copy(source: BufferedIOBase, target: BufferedIOBase, check: Check) -> None:
    while chunk := source.read(_CHUNK):
        check()
        target.write(chunk)


def _syncsafe(number: int) -> bytes:
    """Four bytes of seven bits each, as ID3v2.4 has sizes (6.2)."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
