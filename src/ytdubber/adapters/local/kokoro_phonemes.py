"""From text to the phonemes Kokoro was trained on, and to their numbers.

Kokoro learned from the phonemes of misaki (https://github.com/hexgrad/misaki), which takes them
from espeak-ng for every language but English and writes diphthongs and affricates as one letter.
For English misaki has a dictionary, and takes the words that are not in it from espeak-ng by the
table repeated here.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from .espeak_library import TIE, phonemes

LONGEST = 300
"""Phonemes spoken at once, some 13 s. The model takes 510, but hurries from 400 on, and two callers
would need 1.1 GB instead of 0.7."""

_MARKS = re.compile(
    r"""( (?:^|(?<=\s)) ["“«(¿¡]+            # opening, before a word
        | (?<!\b[A-Z])[.]+["”»)]* (?=\s|$)    # a full stop, but not after an initial
        | [;:,!?…"”»)][;:,!?….\"”»)]* (?=\s|$)  # closing, after a word
        | \s+[—–-]+(?=\s)                     # a dash between words
        )""",
    re.VERBOSE,
)
_LOOSE = re.compile(r"\s+([;:,.!?…”)])|([“(])\s+")
_AS_MARK = str.maketrans({"«": "“", "»": "”", "–": "—", "-": "—", "¿": None, "¡": None})

_MISAKI = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q",
    "s^s": "S", "t^s": "ʦ", "t^ʃ": "ʧ", "ɔ^ɪ": "Y", "-": "",
}  # fmt: skip
_MISAKI_ENGLISH = {
    "ʔˌn\u0329": "tᵊn", "ʔn\u0329": "tᵊn", "ʔn": "tᵊn", "ʔ": "t", "a^ɪ": "I", "a^ʊ": "W",
    "d^ʒ": "ʤ", "e^ɪ": "A", "t^ʃ": "ʧ", "ɔ^ɪ": "Y", "ə^l": "ᵊl", "ʲo": "jo", "ʲə": "jə", "ʲ": "",
    "ɚ": "əɹ", "r": "ɹ", "x": "k", "ç": "k", "ɐ": "ə", "ɬ": "l", "\u0303": "",
}  # fmt: skip
_MISAKI_AMERICAN = {
    "o^ʊ": "O", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": "", "e": "A", "o": "ɔ", "ɾ": "T",
}  # fmt: skip
_MISAKI_BRITISH = {"e^ə": "ɛː", "iə": "ɪə", "ə^ʊ": "Q", "e": "A", "o": "ɔ"}
_TABLES: Mapping[str, Sequence[Mapping[str, str]]] = {
    "en-us": (_MISAKI_ENGLISH, _MISAKI_AMERICAN),
    "en": (_MISAKI_ENGLISH, _MISAKI_BRITISH),
}
_SYLLABIC = re.compile("(\\S)\u0329")


def phonemes_of(text: str, accent: str) -> str:
    """The phonemes of a text with its punctuation, only such as the model knows."""
    pieces = _MARKS.split(" ".join(text.replace("—", " — ").split()))
    said = []
    for index, piece in enumerate(pieces):
        if index % 2:
            opens = pieces[index - 1][-1:] in ("", " ")
            said.append(piece.translate(_AS_MARK).replace('"', "“" if opens else "”"))
        else:
            said.append(_as_learned(phonemes(piece, accent), accent))
    known = "".join(letter for letter in " ".join(said) if letter in vocabulary())
    return _LOOSE.sub(r"\1\2", " ".join(known.split()))


def _as_learned(text: str, accent: str) -> str:
    """espeak-ng's phonemes as misaki writes them."""
    for table in _TABLES.get(accent, (_MISAKI,)):
        for old, new in table.items():
            text = text.replace(old, new)
    return _SYLLABIC.sub(r"ᵊ\1", text).replace("\u0329", "").replace(TIE, "")


def parts_of(text: str, longest: int = LONGEST) -> list[str]:
    """Phonemes in as few parts as the model can take, of even length, cut where it hurts least.

    A short remainder would be spoken faster and louder than the parts before it.
    """
    if len(text) <= longest:
        return [text] if text else []
    ideal = len(text) / math.ceil(len(text) / longest)
    cut = min(range(1, longest + 1), key=lambda at: abs(at - ideal) / longest + _harm(text, at))
    return [text[:cut].strip(), *parts_of(text[cut:].strip(), longest)]


def _harm(text: str, at: int) -> float:
    """What a cut before this position costs, in shares of the longest part."""
    if text[at] != " ":
        return 2.0
    if text[at - 1] in ".!?…":
        return 0.0
    return 0.2 if text[at - 1] in ",;:—" else 0.6


@cache
def vocabulary() -> dict[str, int]:
    """Kokoro's numbers of phonemes, from its published configuration (Apache-2.0)."""
    text = files(__package__).joinpath("kokoro_vocabulary.json").read_text(encoding="utf-8")
    numbers: dict[str, int] = json.loads(text)
    return numbers
