"""Words longer than a line: addresses, compounds, strings of marks."""

import re
import unicodedata
from itertools import pairwise

from .clusters import clusters, width
from .phrasing import CLOSING, OPENING

AT_MARK, AT_SYLLABLE, ANYWHERE = 1.0, 2.0, 4.0
"""What the end of a line costs within a word: after a mark of an address or where the script
changes, between syllables, between characters."""

_MARKS = frozenset("/?&=#@_:;,.|+~-–—・·\u00ad")
_WORD_ENDS = frozenset(
    "、。，．！？；：」』）〕】〉》ー"
)  # many loanwords of Japanese end with a long mark
_VOWELS = frozenset("aeiouyæœøıаеиоуыэюяєαεηιουω")
_TOGETHER = re.compile(r"(?:sch|ch|ck|sh|th|ph|gh|qu|rh|sz|cz|rz|ny|gy|ty|lh|nh|ll|rr)", re.I)
_HYPHENATED = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN")
_FEWEST_BEFORE, _FEWEST_AFTER = 2, 3  # letters a hyphen leaves on either side


def parted(word: str, most: float, half: bool) -> list[tuple[str, float, bool]]:
    """A word in pieces no wider than `most`, each with the cost of a line's end after it and
    whether that takes a hyphen. The pieces joined are the word.

    It is parted at the marks of an address and between scripts; what is still too long between
    syllables, with a hyphen unless it is an address; then between characters.

    Args:
        word: What is to be parted.
        most: The most characters of a line, less one for the hyphen.
        half: Whether half-width characters count as a half.
    """
    address = any(mark in word.strip("".join(CLOSING)) for mark in "/@._:")
    found: list[tuple[str, float, bool]] = []
    for piece in _split(word, _marks(word)):
        if width(piece, half) <= most:
            found.append((piece, AT_MARK, False))
            continue
        for part in _split(piece, _syllables(piece)):
            hyphen = not address and _hyphenated(part)
            if width(part, half) <= most:
                found.append((part, AT_SYLLABLE, hyphen))
            else:
                found += [(each, ANYWHERE, hyphen) for each in _filled(part, most, half)]
        found[-1] = (found[-1][0], AT_MARK, False)
    return found


def _split(text: str, places: list[int]) -> list[str]:
    edges = [0, *places, len(text)]
    return [text[a:b] for a, b in pairwise(edges)]


def _marks(word: str) -> list[int]:
    """Places after marks, and between scripts, where no line would begin with a closing mark."""
    places = []
    for place in range(1, len(word)):
        before, after = word[place - 1], word[place]
        if after in CLOSING or before in OPENING or _glued(after):
            continue
        marked = before in _MARKS and after not in _MARKS
        scripts = {_script(before), _script(after), ""}
        if marked or before in _WORD_ENDS or len(scripts) > 2:
            places.append(place)
    return places


def _syllables(word: str) -> list[int]:
    """Places before a consonant that a vowel follows, once a vowel has come."""
    places, begun, vowel = [], 0, False
    for place in range(len(word)):
        is_vowel = _base(word[place]) in _VOWELS
        following = word[place + 1 : place + 2]
        if vowel and not is_vowel and word[place].isalpha() and _base(following) in _VOWELS:
            at = _before_digraph(word, place)
            if at - begun >= _FEWEST_BEFORE and len(word) - at >= _FEWEST_AFTER:
                places.append(at)
                begun = at
        vowel = vowel or is_vowel
    return places


def _before_digraph(word: str, place: int) -> int:
    """The place before the letters that make one sound with the consonant at `place`."""
    for length in (3, 2):
        begin = place + 1 - length
        if begin > 0 and _TOGETHER.fullmatch(word[begin : place + 1]):
            return begin
    return place


def _filled(word: str, most: float, half: bool) -> list[str]:
    """Pieces as wide as a line allows, no character a person sees parted. None begins with a
    closing mark or ends with an opening one unless it is nothing else.
    """
    pieces = [""]
    for cluster in clusters(word):
        if pieces[-1] and width(pieces[-1] + cluster, half) > most:
            kept, moved = _turned(pieces[-1], cluster)
            pieces[-1:] = [kept, moved]
        pieces[-1] += cluster
    return pieces


def _turned(line: str, following: str) -> tuple[str, str]:
    """A full line in what stays and what goes to the next one before `following`."""
    parts = clusters(line)
    keep = len(parts)
    while keep > 1 and (
        (parts[keep] if keep < len(parts) else following)[0] in CLOSING
        or parts[keep - 1][-1] in OPENING
    ):
        keep -= 1
    first = following[0] if keep == len(parts) else parts[keep][0]
    if first in CLOSING or parts[keep - 1][-1] in OPENING:
        keep = len(parts)
    return "".join(parts[:keep]), "".join(parts[keep:])


def _hyphenated(text: str) -> bool:
    return text[-1:].isalpha() and _script(text[-1]) in _HYPHENATED


def _glued(char: str) -> bool:
    return unicodedata.category(char)[0] in "MC"


def _script(char: str) -> str:
    """The script of a letter, kanji apart from kana; empty for what belongs to any."""
    if not char.isalpha() or char in "ーｰ":
        return ""
    return unicodedata.name(char, "").split(" ", 1)[0].split("-")[0]


def _base(char: str) -> str:
    return unicodedata.normalize("NFD", char.lower())[:1]
