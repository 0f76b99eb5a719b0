"""Numbers as they stand in a text, in words."""

import re
from decimal import Decimal

from ytdubber.app.localization.number_format import NUMBER, ascii_digits, number_format
from ytdubber.domain.languages import language_of

from .readings import reading_of
from .signs import SIGNS
from .spellout import cardinal, digits

LONGEST = 12
"""Digits of the longest number read as one; longer ones are read digit by digit."""

AS_A_NUMBER = frozenset({"es", "fr", "it", "pt", "pl"})
"""Languages that read two decimals as one number: `3,14` is three comma fourteen."""

_WHOLE = re.compile(r"\d+")


def number_words(written: str, language: str, feminine: bool | None = None) -> str:
    """A number as its language writes it, in words.

    Args:
        written: Digits and marks.
        language: Which language.
        feminine: The gender of the noun it stands before; None where there is none.
    """
    quantity = number_format(language).read(written)
    if quantity is None:
        return _parts(written, language)
    whole = int(quantity.value)
    if not quantity.decimals:
        return _whole(written, whole, language, feminine)
    fraction = f"{quantity.value:.{quantity.decimals}f}".partition(".")[2]
    return _decimal(whole, fraction, language)


def _whole(written: str, number: int, language: str, feminine: bool | None) -> str:
    plain = ascii_digits(written) if written.isdecimal() else str(number)
    if len(plain) > LONGEST or (plain[0] == "0" and len(plain) > 1):
        return digits(plain, language)
    words = cardinal(number, language)
    return words if feminine is None else reading_of(language).agreement(words, feminine)


def _decimal(whole: int, fraction: str, language: str) -> str:
    if language == "ru":
        return _russian(whole, fraction)
    short = language in AS_A_NUMBER and len(fraction) <= 2 and fraction[0] != "0"
    after = cardinal(int(fraction), language) if short else digits(fraction, language)
    joint = "" if not language_of(language).spaces else " "
    return joint.join([cardinal(whole, language), SIGNS[language].point, after])


def _russian(whole: int, fraction: str) -> str:
    """`семь целых пять десятых`, as the CLDR's spellout rules have it."""
    from num2words import num2words

    if len(fraction) > 3:
        return f"{cardinal(whole, 'ru')} целых {digits(fraction, 'ru')}"
    words: str = num2words(Decimal(f"{whole}.{fraction}"), lang="ru")
    return words


def _parts(written: str, language: str) -> str:
    """A version, an address: its numbers, and the name of the mark between them."""
    dot = reading_of(language).dot or SIGNS[language].point
    named = re.sub(r"(?<=\d)\.(?=\d)", f" {dot} ", written)
    spaced = re.sub(r"[^\w ]", " ", named)
    return _WHOLE.sub(lambda found: _whole(found[0], int(found[0]), language, None), spaced)


def with_numbers(text: str, language: str) -> str:
    """A text with its numbers in words; such as stand at letters (`A4`) are set apart."""
    joint = " " if language_of(language).spaces else ""
    led = reading_of(language).feminine_before

    def said(match: re.Match[str]) -> str:
        before, after = text[: match.start()], text[match.end() :]
        gender = gender_before(after, language)
        if gender is False and led and re.search(rf"(?<!\w)(?:{led})\s$", before, re.IGNORECASE):
            gender = True
        words = number_words(match[0], language, gender)
        left = joint if before[-1:].isalpha() else ""
        right = joint if after[:1].isalpha() else ""
        return f"{left}{words}{right}"

    return re.sub(NUMBER, said, text)


def word_letters(language: str) -> str:
    """What a symbol may not touch, as characters of a regular expression: letters and digits; in
    languages that write words and particles together, Latin ones.
    """
    return r"\w" if language_of(language).spaces and language != "ko" else r"A-Za-z\d"


def gender_before(after: str, language: str) -> bool | None:
    """Whether the noun a text begins with is feminine; None where it begins with no noun."""
    noun = re.match(r"[\s\u00a0]+([^\W\d_]+)", after)
    known = language_of(language)
    if noun is None or noun[1].lower() in known.links or noun[1].lower() in known.leads:
        return None
    if noun[1][0].isupper() and not known.capital_nouns:
        return None
    pattern = reading_of(language).feminine
    return bool(pattern and re.match(pattern, noun[1], re.IGNORECASE))
