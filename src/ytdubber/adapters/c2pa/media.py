"""Where the media of a file of boxes (ISO/IEC 14496-12) lie."""

from dataclasses import dataclass
from io import BufferedIOBase

_LEAF_BYTES = 1 << 20
_MOST_LEAVES = 1024
"""Each is a hash in the manifest; longer files have longer leaves."""


@dataclass(frozen=True, slots=True)
class Media:
    """The one box with media that a file has.

    Attributes:
        begins: Where what is in it begins.
        bytes: How much that is.
        wide: Whether its size has eight bytes.
    """

    begins: int
    bytes: int
    wide: bool

    @property
    def leaf_kb(self) -> int:
        """How long the parts of it are that are hashed one by one, in KiB."""
        return _LEAF_BYTES // 1024 * max(1, -(-self.bytes // (_LEAF_BYTES * _MOST_LEAVES)))


def media_of(file: BufferedIOBase) -> Media | None:
    """The box with media; None where there is none, or another one: what is bound to a file with
    several is not found again by the C2PA project's library (0.91).
    """
    found, at = list[Media](), 0
    file.seek(0)
    while len(header := file.read(8)) == 8:
        size, head = int.from_bytes(header[:4]), 8
        if size == 1:
            size, head = int.from_bytes(file.read(8)), 16
        if size < head:  # to the end of the file, or none of a box
            return None
        if header[4:] == b"mdat":
            found.append(Media(at + head, size - head, head == 16))
        at += size
        file.seek(at)
    return found[0] if len(found) == 1 and found[0].bytes else None
