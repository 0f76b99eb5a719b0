"""Frames of FLAC files (RFC 9639), taken over from one file into another as they are.

A frame is decoded by itself, and has its number in its header: what of a file is encoded anew is
numbered as what it replaces. The MD5 of all samples in the first block cannot be known without
decoding them all, and is zero then: not known.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedIOBase
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

Opened = BinaryIO | BufferedIOBase

_ID3_BYTES = 10
_STREAMINFO_BYTES = 34
_CRC8, _CRC16 = (8, 0x07), (16, 0x8005)
"""Degree and polynomial of a header's checksum (RFC 9639, 9.1.8) and of a frame's (9.3)."""


@dataclass(frozen=True, slots=True)
class Frames:
    """The frames of a file.

    Attributes:
        samples: Of each but the last, a channel.
        sizes: Each one's bytes: uint64[n].
    """

    samples: int
    sizes: NDArray[np.uint64]

    def spliced(self, first: int, middle: "Frames") -> "Frames":
        """With some of them replaced, from `first` on."""
        after = self.sizes[first + len(middle.sizes) :]
        return Frames(self.samples, np.concatenate([self.sizes[:first], middle.sizes, after]))

    def place(self, number: int) -> int:
        """Where a frame begins, from the first on."""
        return int(self.sizes[:number].sum())


def header(file: Opened) -> bytes:
    """All before the first frame, without what is before the file's own mark.

    Raises:
        ValueError: it is no FLAC file.
    """
    start = file.read(_ID3_BYTES)
    if start[:3] == b"ID3":
        size = functools.reduce(lambda sum_, byte: sum_ << 7 | byte, start[6:10], 0)
        file.seek(size + _ID3_BYTES)
    else:
        file.seek(0)
    blocks = [file.read(4)]
    if blocks[0] != b"fLaC":
        raise ValueError("it is no FLAC file")
    last = False
    while not last:
        head = file.read(4)
        last = bool(head[0] & 0x80)
        blocks += [head, file.read(int.from_bytes(head[1:], "big"))]
    return b"".join(blocks)


def with_stream_info(head: bytes, frames: Frames, samples: int) -> bytes:
    """A header that says how long a file is and how large its frames are, and no MD5."""
    info = bytearray(head[8 : 8 + _STREAMINFO_BYTES])
    info[4:7] = int(frames.sizes.min()).to_bytes(3, "big")
    info[7:10] = int(frames.sizes.max()).to_bytes(3, "big")
    packed = int.from_bytes(info[10:18], "big") >> 36 << 36 | samples
    info[10:18] = packed.to_bytes(8, "big")
    info[18:34] = bytes(16)
    return head[:8] + bytes(info) + head[8 + _STREAMINFO_BYTES :]


def renumbered(frame: bytes, number: int) -> bytes:
    """A frame of a stream of frames of one length with another number."""
    old_number_bytes = _utf8_bytes(frame[4])
    sizes = {6: 1, 7: 2}.get(frame[2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(frame[2] & 15, 0)
    rest = frame[4 + old_number_bytes : 4 + old_number_bytes + sizes]
    before = frame[: 4 + old_number_bytes + sizes + 1]
    after = frame[:4] + chr(number).encode("utf-8", "surrogatepass") + rest
    after += _remainder(after, *_CRC8).to_bytes(1, "big")
    body = frame[len(before) : -2]
    checksum = int.from_bytes(frame[-2:], "big")
    checksum ^= _followed(_remainder(before, *_CRC16), len(body))
    checksum ^= _followed(_remainder(after, *_CRC16), len(body))
    return after + body + checksum.to_bytes(2, "big")


def _utf8_bytes(first: int) -> int:
    """How long a number is that begins so."""
    return 1 if first < 0x80 else 8 - (first ^ 0xFF).bit_length()


def _remainder(data: Sequence[int], degree: int, polynomial: int) -> int:
    top, mask, found = 1 << (degree - 1), (1 << degree) - 1, 0
    for byte in data:
        found ^= byte << (degree - 8)
        for _ in range(8):
            found = (found << 1 ^ polynomial) & mask if found & top else found << 1 & mask
    return found


def _followed(remainder: int, count: int) -> int:
    """The checksum of a frame's beginning with so many zero bytes after it.

    Checksums add up, so a frame's is that of its header and that of its body.
    """
    factor, power = 1, 0x100  # x to the power of 8
    while count:
        if count & 1:
            factor = _product(factor, power)
        power, count = _product(power, power), count >> 1
    return _product(remainder, factor)


def _product(one: int, other: int) -> int:
    """Of two polynomials, modulo that of a frame's checksum."""
    degree, polynomial = _CRC16
    found = 0
    for bit in range(degree - 1, -1, -1):
        carry, found = found >> (degree - 1) & 1, found << 1 & 0xFFFF
        found ^= polynomial if carry else 0
        found ^= other if one >> bit & 1 else 0
    return found
