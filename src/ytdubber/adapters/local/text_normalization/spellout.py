"""Whole numbers in words, and what Roman numerals are worth."""

import re
from functools import cache

IN_WORDS = {
    "de": "de", "en": "en", "es": "es", "fi": "fi", "fr": "fr", "hu": "hu", "id": "id", "it": "it",
    "ko": "ko", "nl": "nl", "pl": "pl", "pt": "pt_BR", "ru": "ru", "tr": "tr", "uk": "uk",
}  # fmt: skip
"""Languages for which num2words says what the CLDR's spellout rules say, and its name for each.

In the others espeak-ng gets figures and reads them itself, but for Nepali (see `_NEPALI`)."""

_NEPALI = str.maketrans("0123456789", "०१२३४५६७८९")
"""espeak-ng reads Nepali's own digits in Nepali and others in English."""

_ONES = "bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz"
_TENS = "on|yirmi|otuz|kırk|elli|altmış|yetmiş|seksen|doksan|yüz|bin|milyon|milyar"
_TURKISH = re.compile(rf"({_TENS}|{_ONES})(?=(?:{_ONES}|dörd|on(?!uncu)|{_TENS[3:]}))")
"""The words of a number stand apart in Turkish (TDK); num2words joins them."""

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


@cache
def cardinal(number: int, language: str) -> str:
    """A whole number in words; in figures where the voice reads them itself."""
    name = IN_WORDS.get(language)
    if name is None:
        return str(number).translate(_NEPALI) if language == "ne" else str(number)
    from num2words import num2words

    words: str = num2words(number, lang=name)
    if language == "en":
        return words.replace(" and ", " ").replace(",", "").replace("-", " ")
    if language == "pt":
        return words.replace(",", "")
    if language == "it":
        return re.sub(r"(?<=\w)tre$", "tré", words)
    if language == "es":
        return re.sub(r"uno(?= mil\b)", "un", words.replace("veintiuno mil", "veintiún mil"))
    return _TURKISH.sub(r"\1 ", words) if language == "tr" else words


@cache
def ordinal(number: int, language: str) -> str:
    """An ordinal in words, masculine and in the nominative, where num2words has it."""
    from num2words import num2words

    words: str = num2words(number, lang=IN_WORDS[language], to="ordinal")
    return _TURKISH.sub(r"\1 ", words) if language == "tr" else words


def digits(text: str, language: str) -> str:
    """Digits one by one."""
    return " ".join(cardinal(int(digit), language) for digit in text if digit.isdigit())


def roman_value(numeral: str) -> int | None:
    """What a Roman numeral is worth; None for letters that are none."""
    if not numeral or not re.fullmatch(
        r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})", numeral
    ):
        return None
    values = [_ROMAN[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True)) or None
