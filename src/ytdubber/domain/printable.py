"""Names and messages as people and programs can be shown them."""

import unicodedata

_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the text after them around."""
_KEPT = "\n\t"


def encodable(name: str) -> str:
    r"""A name that any text can hold: bytes of a file name that are no UTF-8 are written `\xe9`."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


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


def printable_message(text: str) -> str:
    """The same for a message, which may have lines."""
    return printable(text, _KEPT)


def _acts(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in _DIRECTIONS
