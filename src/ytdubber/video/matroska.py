"""What FFmpeg leaves out of a Matroska file: languages as BCP 47, and how late a decoder is.

A track is written with a name that no other has and that is longer than what is wanted; its bytes
then become its name, its language, its decoder's delay and a void (RFC 9559, RFC 8794).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedIOBase

_NAME, _LANGUAGE, _DELAY, _VOID = b"\x53\x6e", b"\x22\xb5\x9d", b"\x56\xaa", b"\xec"
"""Name, LanguageBCP47, CodecDelay and Void."""
_HEADER_BYTES = 1 << 22
"""Tracks stand before the first cluster, behind at most an index and the attachments' places."""
_ROOM = 48
"""What the other elements take at most."""


@dataclass(frozen=True, slots=True)
class Named:
    """What is said of a track.

    Attributes:
        title: For people.
        language: As BCP 47; empty where it is not known.
        delay_ns: What its decoder gives before time 0.
    """

    title: str
    language: str
    delay_ns: int = 0


def placeholder(number: int, title: str) -> str:
    """The name that track `number` is written with, to be replaced by a title."""
    token = f"ytdubber:track:{number}:"
    return token + "." * (max(len(title.encode()), len(token)) + _ROOM)


def finish(file: BufferedIOBase, tracks: Mapping[int, Named]) -> None:
    """Name the tracks of a file that was written with placeholders.

    Args:
        file: It, to be read and written.
        tracks: By their number.
    """
    file.seek(0)
    head = file.read(_HEADER_BYTES)
    for number, named in tracks.items():
        old = _element(_NAME, placeholder(number, named.title).encode())
        at = head.find(old)
        if at < 0:
            raise ValueError(f"track {number} is not in the file")
        new = _element(_NAME, named.title.encode())
        if named.language:
            new += _element(_LANGUAGE, named.language.encode("ascii"))
        if named.delay_ns:
            new += _element(_DELAY, named.delay_ns.to_bytes(8))
        file.seek(at)
        file.write(new + _void(len(old) - len(new)))


def _element(name: bytes, body: bytes) -> bytes:
    return name + _size(len(body)) + body


def _size(size: int) -> bytes:
    """A size, in as few bytes as FFmpeg takes for it."""
    for count in range(1, 9):
        if size < (1 << 7 * count) - 1:
            return (size | 1 << 7 * count).to_bytes(count)
    raise ValueError(size)


def _void(size: int) -> bytes:
    """A void element of so many bytes, at least nine."""
    return _VOID + (size - 9 | 1 << 56).to_bytes(8) + bytes(size - 9)
