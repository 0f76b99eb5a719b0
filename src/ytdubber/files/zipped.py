"""A zip file made as it is read: its size is known before, and nothing of it is kept.

Files are stored as they are, since sound and pictures are compressed already. The layout is that of
PKWARE's APPNOTE 6.3.10; what is larger than 4 GiB, or lies behind as much, is written as its ZIP64
extension says (4.5.3).
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

MOST = 0xFFFF_FFFF
"""What a field of 32 bits holds is less than this."""
MIME_TYPE = "application/zip"

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s4B4H3I5H2I")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")
_END = struct.Struct("<4s4H2IH")
_VERSION, _VERSION_64 = 20, 45
_UNIX = 3
_UTF_8 = 1 << 11
_STORED = 0
_READABLE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class ZippedFile:
    """A file that is to be in it.

    Attributes:
        name: Its path in the zip.
        size_bytes: Its size.
        at: When it was made.
        open: Brings it: its CRC-32, and all its bytes.
    """

    name: str
    size_bytes: int
    at: datetime
    open: Callable[[], tuple[int, Iterable[bytes]]]


def zip_bytes(files: Sequence[ZippedFile], most: int = MOST) -> int:
    """How large the zip will be."""
    place = central = 0
    for file in files:
        central += len(_central(file, 0, place, most))
        place += len(_local(file, 0, most)) + file.size_bytes
    return place + central + len(_end(len(files), place, central, most))


def zipped(files: Sequence[ZippedFile], most: int = MOST) -> Iterator[bytes]:
    """The zip, in pieces. A file is opened when its turn comes.

    Args:
        files: What is in it, in order.
        most: From what size on the extension is used.

    Raises:
        EOFError: a file has another size than was said.
    """
    place, central = 0, b""
    for file in files:
        crc, pieces = file.open()
        central += _central(file, crc, place, most)
        head = _local(file, crc, most)
        yield head
        count = 0
        for piece in pieces:
            count += len(piece)
            yield piece
        if count != file.size_bytes:
            raise EOFError("a stored file has another size than its description says")
        place += len(head) + count
    yield central + _end(len(files), place, len(central), most)


def _local(file: ZippedFile, crc: int, most: int) -> bytes:
    name, large = file.name.encode(), file.size_bytes >= most
    size = MOST if large else file.size_bytes
    extra = _extra(file.size_bytes, file.size_bytes) if large else b""
    version = _VERSION_64 if large else _VERSION
    fields = version, _UTF_8, _STORED, *_moment(file.at), crc, size, size
    return _LOCAL.pack(b"PK\3\4", *fields, len(name), len(extra)) + name + extra


def _central(file: ZippedFile, crc: int, place: int, most: int) -> bytes:
    name, large, far = file.name.encode(), file.size_bytes >= most, place >= most
    size, at = MOST if large else file.size_bytes, MOST if far else place
    known = [*([file.size_bytes] * 2 if large else []), *([place] if far else [])]
    extra = _extra(*known) if known else b""
    version = _VERSION_64 if known else _VERSION
    made = version, _UNIX, version, 0
    fields = _UTF_8, _STORED, *_moment(file.at), crc, size, size
    lengths = len(name), len(extra), 0, 0, 0
    return _CENTRAL.pack(b"PK\1\2", *made, *fields, *lengths, _READABLE, at) + name + extra


def _end(count: int, place: int, central: int, most: int) -> bytes:
    if place < most and central < most:
        return _END.pack(b"PK\5\6", 0, 0, count, count, central, place, 0)
    size = _END64.size - 12  # without the signature and this field
    versions = _VERSION_64, _VERSION_64
    whole = _END64.pack(b"PK\6\6", size, *versions, 0, 0, count, count, central, place)
    locator = _LOCATOR64.pack(b"PK\6\7", 0, place + central, 1)
    return whole + locator + _END.pack(b"PK\5\6", 0, 0, count, count, MOST, MOST, 0)


def _extra(*values: int) -> bytes:
    return struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values)


def _moment(at: datetime) -> tuple[int, int]:
    """Time and day as DOS had them, to two seconds, from 1980 on."""
    clock = at.hour << 11 | at.minute << 5 | at.second // 2
    return clock, max(0, at.year - 1980) << 9 | at.month << 5 | at.day
