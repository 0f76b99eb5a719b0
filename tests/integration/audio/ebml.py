"""Matroska files whose tracks say that they are encrypted (RFC 9559, 5.1.4.1.31)."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SEGMENT, TRACKS, TRACK, KIND = 0x18538067, 0x1654AE6B, 0xAE, 0x83
PICTURE, SOUND = 1, 2


class Element(NamedTuple):
    """An element: where it begins, where its body does, and where that ends."""

    name: int
    at: int
    body: int
    end: int


def encrypted(path: Path, kinds: set[int]) -> Path:
    """Have its tracks of these kinds say that a key is needed for them. The file has no index: it
    was written as a live stream.
    """
    data = path.read_bytes()
    segment = next(each for each in _elements(data, 0, len(data)) if each.name == SEGMENT)
    tracks = next(each for each in _elements(data, segment.body, len(data)) if each.name == TRACKS)
    body = b""
    for track in _elements(data, tracks.body, tracks.end):
        if track.name != TRACK:
            body += data[track.at : track.end]
            continue
        kept = data[track.body : track.end]
        kind = next(each for each in _elements(data, track.body, track.end) if each.name == KIND)
        if int.from_bytes(data[kind.body : kind.end]) in kinds:
            kept += _encoding()
        body += _written(TRACK, kept)
    path.write_bytes(data[: tracks.at] + _written(TRACKS, body) + data[tracks.end :])
    return path


def _encoding() -> bytes:
    key = _written(0x47E1, b"\x05") + _written(0x47E2, bytes(range(16)))
    order, scope, kind = _written(0x5031, b"\0"), _written(0x5032, b"\1"), _written(0x5033, b"\1")
    encoding = order + scope + kind + _written(0x5035, key)
    return _written(0x6D80, _written(0x6240, encoding))


def _written(name: int, body: bytes) -> bytes:
    length = (name.bit_length() + 7) // 8
    return name.to_bytes(length) + (len(body) | 1 << 56).to_bytes(8) + body


def _elements(data: bytes, at: int, end: int) -> Iterator[Element]:
    while at < end:
        length = 9 - data[at].bit_length()
        name, place = int.from_bytes(data[at : at + length]), at + length
        length = 9 - data[place].bit_length()
        size = int.from_bytes(data[place : place + length]) & (1 << 7 * length) - 1
        body = place + length
        unknown = size == (1 << 7 * length) - 1
        stop = end if unknown else body + size
        yield Element(name, at, body, stop)
        at = stop
