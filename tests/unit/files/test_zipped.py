"""Zip files made as they are read: any reader opens them, and their size is known before."""

import io
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from ytdubber.files.zipped import MOST, ZippedFile, zip_bytes, zipped

AT = datetime(2026, 11, 30, 8, 15, 42, tzinfo=UTC)
CONTENT = {
    "talk/manifest.json": b"{}\n",
    "Söhne/pt/mix.flac": bytes(range(256)) * 20,
    "talk/empty.srt": b"",
}


def file(name: str, content: bytes, told: int | None = None) -> ZippedFile:
    def opened() -> tuple[int, Iterable[bytes]]:
        return zlib.crc32(content), (content[:100], content[100:])

    return ZippedFile(name, len(content) if told is None else told, AT, opened)


@pytest.mark.parametrize("most", [MOST, 5_000, 100, 0])
def test_what_goes_in_comes_out(most: int) -> None:
    """Also with the fields of files and places that are larger than 4 GiB."""
    files = [file(name, content) for name, content in CONTENT.items()]
    whole = b"".join(zipped(files, most))
    assert len(whole) == zip_bytes(files, most)
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert opened.testzip() is None
        assert {each.filename: opened.read(each) for each in opened.infolist()} == CONTENT
        for each in opened.infolist():
            assert each.compress_type == zipfile.ZIP_STORED
            assert each.date_time == (2026, 11, 30, 8, 15, 42)
            assert each.external_attr >> 16 == 0o100644
            assert each.file_size == len(CONTENT[each.filename])


def test_no_file_is_opened_before_its_turn() -> None:
    def gone() -> tuple[int, Iterable[bytes]]:
        raise FileNotFoundError

    pieces = zipped([file("one", b"1"), ZippedFile("two", 1, AT, gone)])
    assert b"one" in next(pieces)
    assert next(pieces) == b"1"
    with pytest.raises(FileNotFoundError):
        for _ in pieces:
            pass


def test_a_file_of_another_size_is_no_whole_zip() -> None:
    with pytest.raises(EOFError):
        list(zipped([file("one", b"12", told=3)]))
