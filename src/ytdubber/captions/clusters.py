"""Characters as a person sees them: what may not be parted, and how wide it is.

Python's own tables of Unicode say enough for both. Grapheme clusters (UAX #29) are kept whole, and
so is what that standard leaves to each script: Khmer's coeng and Indic viramas with the consonant
below, and the vowels that Thai and Lao write before and behind their consonant.
"""

import re
import unicodedata
from functools import lru_cache

_ZWJ = "\u200d"
_JOINERS = frozenset(("\u200c", _ZWJ, "\u2060", "\ufeff"))
_BEHIND = frozenset("ะาำๅະາຳຽ\uff9e\uff9f")  # Thai and Lao vowels, half-width voicing marks
_VOWELS_BEFORE = frozenset("เแโใไເແໂໃໄ")
_STAND_ALONE_VIRAMAS = frozenset("\u0bcd\u0e3a\u103a")  # Tamil, Thai, Burmese: nothing joins
_UNSEEN = frozenset(("Mn", "Me", "Cf", "Cc"))
_WIDE = frozenset("FWA")
_MYANMAR_LETTER = re.compile(r"[\u1000-\u1021\u1023-\u102a\u103f]")
_LAO_LETTER = re.compile(r"[\u0e81-\u0eae]")
_KHMER_LETTER = re.compile(r"[\u1780-\u17a2]")
_MYANMAR_FINAL = re.compile(r".[\u1037\u1038]*[\u1039\u103a]", re.DOTALL)


def clusters(text: str) -> list[str]:
    """The text in pieces none of which may be parted; joined they are the text."""
    found: list[str] = []
    for char in text:
        if found and _belongs(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def syllables(text: str) -> list[str]:
    """Clusters of Khmer, Lao or Burmese in what is likely a syllable: with the consonant that
    closes it. In Khmer one without a vowel may close or open one: it is parted from neither
    neighbour.
    """
    found: list[str] = []
    open_ended = False
    at = 0
    for cluster in clusters(text):
        bare = _KHMER_LETTER.fullmatch(cluster) is not None
        if found and (open_ended or bare or _closes(text, at, cluster)):
            found[-1] += cluster
        else:
            found.append(cluster)
        open_ended = bare
        at += len(cluster)
    return found


def _closes(text: str, at: int, cluster: str) -> bool:
    """Whether a cluster is a consonant that closes a syllable, as Lao and Burmese write it."""
    if _LAO_LETTER.fullmatch(cluster):
        return True
    letter = _MYANMAR_LETTER.match(cluster) is not None
    return letter and _MYANMAR_FINAL.match(text, at) is not None


def _belongs(before: str, char: str) -> bool:
    """Whether a character continues the cluster before it."""
    last = before[-1]
    if unicodedata.category(char).startswith("M") or char in _JOINERS or char in _BEHIND:
        return True
    if last == _ZWJ or last in _VOWELS_BEFORE or last == "\u2060":
        return not char.isspace()
    if unicodedata.combining(last) == 9 and last not in _STAND_ALONE_VIRAMAS:
        return char.isalpha()
    return _continues_symbol(before, char)


def _continues_symbol(before: str, char: str) -> bool:
    """Skin tones, flags, and the vowels and finals of Hangul written in letters."""
    if "\U0001f3fb" <= char <= "\U0001f3ff" or "\u1160" <= char <= "\u11ff":
        return True
    flags = "\U0001f1e6", "\U0001f1ff"
    return len(before) == 1 and all(flags[0] <= each <= flags[1] for each in (before, char))


@lru_cache(maxsize=65_536)
def width(text: str, half: bool) -> float:
    """How many characters a caption guide counts.

    Marks that take no room of their own (vowels and tones above and below in Thai and Hindi, Arabic
    and Hebrew vowel points) and invisible characters are none.

    Args:
        text: A piece of a line.
        half: Count by full-width characters, half-width ones as a half (the guides of Netflix for
            Chinese, Japanese and Korean).
    """
    if text.isascii():
        return len(text) / 2 if half else float(len(text))
    total = 0.0
    for char in text:
        if unicodedata.category(char) in _UNSEEN:
            continue
        wide = not half or unicodedata.east_asian_width(char) in _WIDE
        total += 1.0 if wide else 0.5
    return total
