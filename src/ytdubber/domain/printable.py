"""Names and messages as people and programs can be shown them."""

import re
import unicodedata

_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the text after them around."""
_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"Halves of characters that stand for no byte of a file name."
_KEPT = "\n\t"
MOST_CHARS = 255
"""The longest name, in characters."""
_MOST_ENDING = 10


def encodable(name: str) -> str:
    r"""A name that any text can hold: bytes of a file name that are no UTF-8 are written `\xe9`,
    halves of a character `\ud800`.
    """
    paired = _LONE.sub(lambda found: found[0].encode("unicode_escape").decode(), name)
    return paired.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def printable(text: str, kept: str = "") -> str:
    r"""A text that does nothing to a terminal: control characters, line ends and marks that turn
    text around are written out, as in `\x1b`, `\n` and `\u202e`.

    Args:
        text: What a person is to see.
        kept: Characters that stay as they are.
    """
    return "".join(
        letter.encode("unicode_escape").decode() if _acts(letter) and letter not in kept else letter
        for letter in encodable(text)
    )


def file_name(text: str) -> str:
    """What a file or a recording is called, as others wrote it: printable, no longer than most file
    systems allow, its ending kept.
    """
    name = printable(text.strip())
    if len(name) <= MOST_CHARS:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = f"{dot}{ending}" if stem and len(ending) <= _MOST_ENDING else ""
    return f"{name[: MOST_CHARS - 1 - len(tail)]}…{tail}"


def printable_message(text: str) -> str:
    """The same for a message, which may have lines."""
    return printable(text, _KEPT)


def _acts(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in _DIRECTIONS
