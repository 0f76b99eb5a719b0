"""The index of an MP4 file in front of its media, and every place in it still right."""

import io

import pytest

from ytdubber.video.mp4 import finish

MEDIA = b"".join(bytes([number]) * 1_000 for number in range(9))


def box(kind: bytes, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return (len(body) + 8).to_bytes(4) + kind + body


def track(number: int, places: list[int], wide: bool, handler: bytes = b"soun") -> bytes:
    table = [len(places).to_bytes(4), *(each.to_bytes(8 if wide else 4) for each in places)]
    chunks = box(b"co64" if wide else b"stco", bytes(4), *table)
    head = box(b"tkhd", b"\0\0\0\3", bytes(8), number.to_bytes(4), bytes(68))
    kind = box(b"hdlr", bytes(8), handler, bytes(13))
    media = box(b"mdia", box(b"mdhd", bytes(24)), kind, box(b"minf", box(b"stbl", chunks)))
    return box(b"trak", head, media)


def found(data: bytes, wide: bool) -> list[int]:
    """The places in all tables."""
    size, kind = (8, b"co64") if wide else (4, b"stco")
    places = []
    at = data.find(kind)
    while at >= 0:
        count = int.from_bytes(data[at + 8 : at + 12])
        starts = range(at + 12, at + 12 + count * size, size)
        places += [int.from_bytes(data[each : each + size]) for each in starts]
        at = data.find(kind, at + 1)
    return places


@pytest.mark.parametrize("wide", [False, True])
def test_media_are_where_the_index_says(wide: bool) -> None:
    front = box(b"ftyp", b"isom", bytes(4)) + box(b"free")
    begin = len(front) + 8
    chunks = [
        [begin + 1_000 * each for each in (0, 2, 4)],
        [begin + 1_000 * each for each in (1, 8)],
    ]
    tracks = [track(n, places, wide) for n, places in enumerate(chunks, start=1)]
    file = io.BytesIO(front + box(b"mdat", MEDIA) + box(b"moov", box(b"mvhd", bytes(4)), *tracks))
    finish(file, {1: "pt-BR", 2: ""})
    data = file.getvalue()
    assert data.index(b"moov") < data.index(b"mdat")
    assert [data[place] for place in found(data, wide)] == [0, 2, 4, 1, 8]
    assert data.count(b"elng") == 1
    assert b"elng\0\0\0\0pt-BR\0" in data
    assert sum(_sizes(data)) == len(data)


def test_places_that_would_be_past_four_gigabytes_leave_the_index_last() -> None:
    front = box(b"ftyp", b"isom", bytes(4))
    moov = box(b"moov", track(1, [2**32 - 10], wide=False))
    file = io.BytesIO(front + box(b"mdat", MEDIA) + moov)
    finish(file, {1: "pt-BR"})
    data = file.getvalue()
    assert data.index(b"mdat") < data.index(b"moov")
    assert found(data, wide=False) == [2**32 - 10]
    assert b"pt-BR" in data


def test_captions_are_off() -> None:
    tracks = [track(1, [], False), track(2, [], False, b"sbtl")]
    file = io.BytesIO(box(b"ftyp", b"isom") + box(b"mdat") + box(b"moov", *tracks))
    finish(file, {})
    data = file.getvalue()
    flags = [data[at + 7] for at in _all(data, b"tkhd")]
    assert flags == [3, 2]


def _sizes(data: bytes) -> list[int]:
    """Of the outermost boxes."""
    sizes, at = list[int](), 0
    while at < len(data):
        sizes.append(int.from_bytes(data[at : at + 4]))
        at += sizes[-1]
    return sizes


def _all(data: bytes, kind: bytes) -> list[int]:
    places, at = list[int](), data.find(kind)
    while at >= 0:
        places.append(at)
        at = data.find(kind, at + 1)
    return places
