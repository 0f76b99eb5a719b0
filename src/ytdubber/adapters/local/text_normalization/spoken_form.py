"""Text as it is said: numbers, signs and abbreviations that espeak-ng would spell or skip."""

import re
from functools import cache

from ytdubber.app.localization.number_format import cldr_locale

from .electronic import with_addresses
from .figures import with_fractions, with_ordinals, with_ranges, with_scores, with_telephones
from .measures import with_lone_units, with_measures
from .money import with_lone_signs, with_money
from .numbers import with_numbers
from .readings import reading_of
from .roman import with_numerals
from .signs import SIGNS
from .times import with_dates, with_times

_MINUS = re.compile(r"(?<![\w.,)\]])[-−](?=\d|[$€£¥₹]\s?\d|[A-Z]{1,2}\$)")
_NUMBERED = re.compile(r"(?<!\w)(?:[Nn](?:\.?[º°]|[or]\.)|№|#|[Nn]úm\.|č\.|[Nn]r\.)\s?(?=\d)")
_DROPPED = re.compile(r"[\\*^~<>|§©®™°²³_•→]+")


def spoken_form(text: str, language: str) -> str:
    """The text with what the language's voices would read wrong written as it is said.

    No digit is left but plain whole numbers in languages whose voice reads them itself
    (`spellout.IN_WORDS` has the others), no sign of money or unit in any.
    """
    if language not in SIGNS:
        return text
    reading = reading_of(language)
    text = with_addresses(text, language)
    for pattern, said in _abbreviations(language):
        text = pattern.sub(said, text)
    if reading.number:
        text = _NUMBERED.sub(f"{reading.number} ", text)
    text = with_numerals(text, language)
    text = with_dates(with_times(text, language), language)
    text = reading.own(text) if reading.own is not None else text
    text = with_fractions(with_telephones(text, language), language)
    text = with_scores(text, language)
    text = _with_minus(with_ranges(text, language), language)
    text = with_measures(with_money(text, language), language)
    text = with_ordinals(text, language)
    text = _with_signs(text, language)
    return _spaced(with_numbers(text, language))


@cache
def _abbreviations(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The language's table as patterns of whole words; one that looks around sets its own edge."""
    return tuple(
        (
            re.compile(
                ("" if short.startswith("(?<=") else r"(?<!\w)")
                + f"(?:{short})"
                + ("" if "(?=" in short else r"(?!\w)")
            ),
            said,
        )
        for short, said in reading_of(language).abbreviations.items()
    )


def _with_minus(text: str, language: str) -> str:
    return _MINUS.sub(f"{SIGNS[language].minus} ", text)


def _with_signs(text: str, language: str) -> str:
    """What signs there still are, named or left out."""
    signs = SIGNS[language]
    text = re.sub(r"(?<=\d)\s?[×x]\s?(?=\d)", " x ", text)
    text = with_lone_units(with_lone_signs(text, language), language) if _ODD.search(text) else text
    text = re.sub(r"\s*\+\s*", f" {signs.plus} ", text)
    text = re.sub(r"\s*=\s*", f" {signs.equals} ", text)
    text = re.sub(r"\s*@\s*", f" {signs.at} ", text)
    text = re.sub(r"\s*&\s*", f" {_and(language)} ", text)
    text = re.sub(r"[#/]|(?<=\d):(?=\d)", " ", text)
    return _DROPPED.sub(" ", text.replace("²", " 2 ").replace("³", " 3 "))


_ODD = re.compile(r"[%٪$€£¥￥₹₽₩₺₴₪฿₫₦₱₸₾৳₡₲₵₭₮₼֏¢﷼₿]")


@cache
def _and(language: str) -> str:
    """The word between the last two of a list."""
    pattern: str = cldr_locale(language).list_patterns["standard"]["2"]
    return pattern.replace("{0}", "").replace("{1}", "").strip()


def _spaced(text: str) -> str:
    """Single spaces, and none before a mark or at the ends; what was there at a mark stays."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    return re.sub(r" +(?=[,.;)](?:\s|$))", "", text).strip()
