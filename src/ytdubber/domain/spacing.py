"""Where words are joined with a space and where without, and where a text may be cut.

Chinese and Japanese write no spaces, but keep those of Latin words among them; Thai, Lao, Khmer and
Burmese write none between words and one between phrases.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from .languages import language_of

_EAST_ASIAN = (
    r"\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff9f\U00020000-\U0003ffff"
)
_SOUTHEAST_ASIAN = r"\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff"
EAST_ASIAN = re.compile(f"[{_EAST_ASIAN}]")
"""A letter or a mark of Chinese or Japanese."""
SOUTHEAST_ASIAN = re.compile(f"[{_SOUTHEAST_ASIAN}]")
"""A letter of Thai, Lao, Burmese or Khmer."""

_CLOSING = frozenset(",.!?;:%)]}…”’»")
_MARKS = (
    r"\u0300-\u036f\u0e31\u0e33-\u0e3a\u0e45-\u0e4e\u0eb1\u0eb3-\u0ebc\u0ec6-\u0ece"
    r"\u102b-\u103e\u1056-\u1060\u17b6-\u17d3\u3099\u309a"
    r"ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮー々〻、。，．！？：；・」』）］｝〕〉》】”’"
)
_PIECES = re.compile(
    rf"\s*(?:[^\s{_EAST_ASIAN}{_SOUTHEAST_ASIAN}]+"
    rf"|[เ-ไເ-ໄ「『（［｛〔〈《【“‘]*[{_EAST_ASIAN}{_SOUTHEAST_ASIAN}])[{_MARKS}]*"
)


def one_line(text: str) -> str:
    """The text with every run of spaces and line breaks as one space; no-break spaces stay."""
    return re.sub(r"[^\S\u00a0\u2007\u202f]+", " ", text).strip(" ")


def joined(texts: Iterable[str], language: str, *, phrases: bool = False) -> str:
    """The texts as one, with a space between where the language writes one.

    Args:
        texts: Words or sentences in order, without space around them; empty ones are left out.
        language: The language they are in.
        phrases: Whether each is more than a word: Thai has a space between those.
    """
    whole = ""
    for text in texts:
        if whole and text and _spaced(whole[-1], text[0], language, phrases):
            whole += " "
        whole += text
    return whole


def needs_space(before: str, after: str, language: str) -> bool:
    """Whether the language writes a space between the two words."""
    return bool(before and after) and _spaced(before[-1], after[0], language, phrases=False)


def _spaced(last: str, first: str, language: str, phrases: bool) -> bool:
    east = bool(EAST_ASIAN.match(last)), bool(EAST_ASIAN.match(first))
    southeast = bool(SOUTHEAST_ASIAN.match(last)), bool(SOUTHEAST_ASIAN.match(first))
    if all(east):
        return False
    if all(southeast):
        return phrases
    if language_of(language).spaces:
        return True
    return not (any(east) or first in _CLOSING)


def pieces(text: str, language: str) -> list[str]:
    """The smallest parts a text is cut into: words, or letters where words have no spaces.

    A letter keeps its marks, vowels and closing punctuation, and a word of another script is one
    piece. Every piece but the first begins with the space before it, so that they add up to the
    text without the space around it.
    """
    text = text.strip()
    if language_of(language).spaces:
        return re.findall(r"\s*\S+", text)
    ends = [match.end() for match in _PIECES.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends])]
