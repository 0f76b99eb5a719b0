"""What FFmpeg leaves out of an MP4 file: languages as BCP 47, captions off, the index first.

ISO/IEC 14496-12: a box is its size, its kind and its body; 'moov' says where in 'mdat' media are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BufferedIOBase

import numpy as np

_TREES = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl"))
"""Boxes that are made of boxes, on the way to what is changed."""
_OFFSETS = {b"stco": (">u4", (1 << 32) - 1), b"co64": (">u8", (1 << 64) - 1)}
"""Tables of places in the file, the type of their numbers and the greatest of those."""
_ENABLED = 1
"""The flag of a track that is heard or shown unless somebody chooses another."""
_CHUNK = 1 << 22


@dataclass(slots=True)
class _Box:
    kind: bytes
    body: bytes = b""
    boxes: "list[_Box]" = field(default_factory=list)

    def find(self, *path: bytes) -> "_Box | None":
        """The first box on a path below this one."""
        box: _Box | None = self
        for kind in path:
            box = next((each for each in box.boxes if each.kind == kind), None) if box else None
        return box

    def under(self) -> "Iterator[_Box]":
        """All boxes below this one."""
        for box in self.boxes:
            yield box
            yield from box.under()

    def to_bytes(self) -> bytes:
        body = self.body + b"".join(box.to_bytes() for box in self.boxes)
        return (len(body) + 8).to_bytes(4) + self.kind + body


def finish(file: BufferedIOBase, languages: Mapping[int, str]) -> None:
    """Complete an MP4 file that FFmpeg has written with its index last.

    Args:
        file: It, to be read and written.
        languages: The language of a track as BCP 47, by the track's id.
    """
    media_at, index_at, end = _places(file)
    file.seek(index_at)
    moov = _parsed(file.read(end - index_at))[0]
    for track in moov.boxes:
        if track.kind == b"trak":
            _complete(track, languages)
    size = len(moov.to_bytes())
    if _moved(moov, size):
        _shift(file, media_at, index_at, size)
        file.seek(media_at)
    else:
        file.seek(index_at)
    file.write(moov.to_bytes())


def move_media(file: BufferedIOBase, by: int) -> bool:
    """Have an MP4 file's index say that all media stand so many bytes later.

    Returns:
        False, and nothing changed, where a place would be beyond what the index can hold.
    """
    index_at = _places(file)[1]
    file.seek(index_at)
    size = int.from_bytes(file.read(4))
    file.seek(index_at)
    moov = _parsed(file.read(size))[0]
    if not _moved(moov, by):
        return False
    file.seek(index_at)
    file.write(moov.to_bytes())
    return True


def _places(file: BufferedIOBase) -> tuple[int, int, int]:
    """Where what follows the file's type begins, where its index does, and where it ends."""
    at, first, index = 0, 0, -1
    file.seek(0)
    while header := file.read(8):
        size, kind = int.from_bytes(header[:4]), header[4:]
        if size == 1:
            size = int.from_bytes(file.read(8))
        if kind == b"ftyp":
            first = at + size
        if kind == b"moov":
            index = at
        at += size
        file.seek(at)
    return first, index, at


def _parsed(data: bytes) -> list[_Box]:
    boxes, at = [], 0
    while at < len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + size]
        boxes.append(_Box(kind, boxes=_parsed(body)) if kind in _TREES else _Box(kind, body))
        at += size
    return boxes


def _complete(track: _Box, languages: Mapping[int, str]) -> None:
    head, media, kind = track.find(b"tkhd"), track.find(b"mdia"), track.find(b"mdia", b"hdlr")
    if head is None or media is None or kind is None:
        return
    wide = head.body[0] == 1  # its times have eight bytes each
    number = int.from_bytes(head.body[20:24] if wide else head.body[12:16])
    if kind.body[8:12] in (b"sbtl", b"subt", b"text"):
        flags = int.from_bytes(head.body[1:4]) & ~_ENABLED
        head.body = head.body[:1] + flags.to_bytes(3) + head.body[4:]
    if language := languages.get(number):
        after = [each.kind for each in media.boxes].index(b"mdhd") + 1
        extended = _Box(b"elng", bytes(4) + language.encode("ascii") + b"\0")
        media.boxes.insert(after, extended)


def _moved(moov: _Box, by: int) -> bool:
    """Have all media stand so much later; False, and nothing changed, where that has no place."""
    tables = [box for box in moov.under() if box.kind in _OFFSETS]
    moved = []
    for box in tables:
        kind, most = _OFFSETS[box.kind]
        found = np.frombuffer(box.body[8:], kind).astype(np.uint64) + np.uint64(by)
        if found.size and int(found.max()) > most:
            return False
        moved.append(box.body[:8] + found.astype(kind).tobytes())
    for box, body in zip(tables, moved, strict=True):
        box.body = body
    return True


def _shift(file: BufferedIOBase, begin: int, end: int, by: int) -> None:
    """Move a part of a file towards its end."""
    at = end
    while at > begin:
        size = min(_CHUNK, at - begin)
        at -= size
        file.seek(at)
        data = file.read(size)
        file.seek(at + by)
        file.write(data)
