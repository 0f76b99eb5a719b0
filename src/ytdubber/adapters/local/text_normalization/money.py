"""Sums of money in words: `$3.50`, `3,50 €`, `R$ 5 mil`, `$5M`, `₹5 करोड़`."""

import re
from decimal import Decimal
from functools import cache

from ytdubber.app.localization.number_format import (
    NUMBER,
    Quantity,
    cldr_locale,
    number_format,
)
from ytdubber.app.localization.signs import SIGNS, codes_of, multiples, sign_pattern
from ytdubber.domain.languages import language_of

from .numbers import gender_before, number_words, word_letters
from .plural import form
from .readings import reading_of

_SHORT = {
    "k": 3, "K": 3, "M": 6, "m": 6, "mn": 6, "mln": 6, "Mio": 6, "B": 9, "b": 9, "bn": 9,
    "mld": 9, "Mrd": 9, "T": 12, "tn": 12,
}  # fmt: skip
"""Multiples written short, and their power of ten."""

_SPACE = "[\\s\u00a0\u202f]"


@cache
def _pattern(language: str) -> re.Pattern[str]:
    sign, letters = sign_pattern(), word_letters(language)
    words = sorted({*multiples(language), *_SHORT}, key=len, reverse=True)
    more = rf"(?:{_SPACE}?(?P<more>{'|'.join(map(re.escape, words))})\.?(?![^\W\d_]))?"
    return re.compile(
        rf"(?<![{letters}])(?P<before>{sign}){_SPACE}?(?P<sum>{NUMBER}){more}"
        rf"|(?P<number>{NUMBER}){more.replace('more', 'times')}"
        rf"{_SPACE}?(?P<after>{sign})(?![{letters}])"
    )


def with_money(text: str, language: str) -> str:
    """A text with its sums of money in words."""

    def said(match: re.Match[str]) -> str:
        sign = (match["before"] or match["after"]).replace(" ", "")
        more = match["more"] or match["times"] or ""
        spaced = " " if language_of(language).spaces else ""
        before = spaced if match.start() and text[match.start() - 1].isalnum() else ""
        return before + _sum(match["sum"] or match["number"], sign, more, language)

    return _pattern(language).sub(said, text)


def _sum(written: str, sign: str, more: str, language: str) -> str:
    quantity = number_format(language).read(written)
    if quantity is None:
        return f"{number_words(written, language)} {_name(sign, Decimal(10), language)}"
    if more:
        return _many(written, quantity, sign, more, language)
    whole = int(quantity.value)
    cents = int((quantity.value - whole) * 100) if quantity.decimals in (1, 2) else 0
    if cents and not whole and sign in reading_of(language).hundredths:
        return _joined(language, *_hundredths(sign, cents, language)[1:])
    if quantity.decimals not in (0, 1, 2) or (quantity.decimals and not whole):
        return _joined(
            language, number_words(written, language), _name(sign, quantity.value, language)
        )
    name = _name(sign, Decimal(whole), language)
    counted = number_words(str(whole), language, gender_before(f" {name}", language) or False)
    if whole and whole % 10**6 == 0:
        name = _of(name, language)
    parts = [counted, name]
    return _joined(language, *parts, *_hundredths(sign, cents, language))


def _hundredths(sign: str, cents: int, language: str) -> list[str]:
    if not cents:
        return []
    reading = reading_of(language)
    forms = reading.hundredths.get(sign)
    name = form(forms, Decimal(cents), language) if forms else ""
    gender = gender_before(f" {name}", language) if name else None
    return [reading.joint, number_words(str(cents), language, gender), name]


def _many(written: str, quantity: Quantity, sign: str, more: str, language: str) -> str:
    """`5 million dollars`, `5 milhões de dólares`."""
    power = _SHORT.get(more)
    if power is not None and more not in _long_words(language):
        full = quantity.value.scaleb(power)
        more = _word(power, quantity.value, language)
        if not more:
            return _sum(str(int(full)), sign, "", language)
    named = _name(sign, Decimal(10**6), language)
    if _MILLIONS.match(more.lower()):
        named = _of(named, language)
    number = number_words(written, language, gender_before(f" {more}", language) or False)
    return _joined(language, number, more, named)


def _of(name: str, language: str) -> str:
    """The money's name after millions: `de reais`, `d'euros`."""
    of = reading_of(language).of_millions
    if language == "fr" and name[0] in "aeiouyéh":
        of = of.replace("de ", "d'")
    return f"{of}{name}"


_MILLIONS = re.compile(r"mil(?:h|i|li|l[oó])|bil|tril|mil mil|milion")


@cache
def _long_words(language: str) -> frozenset[str]:
    """The language's full words for thousands and more."""
    return frozenset(word for word in multiples(language) if len(word) > 3)


def _word(power: int, value: Decimal, language: str) -> str:
    """The word for a power of ten; none where the language counts otherwise."""
    forms = cldr_locale(language).compact_decimal_formats["long"]
    category = cldr_locale(language).plural_form(value)
    pattern = forms.get(category, forms["other"])[str(10**power)].pattern
    found = re.fullmatch(r"0[\s\u00a0]?(\D+)", pattern.replace("'", ""))
    return found[1] if found else ""


def _name(sign: str, value: Decimal, language: str) -> str:
    """What money is called before a number."""
    from babel.numbers import get_currency_name

    forms = reading_of(language).money.get(sign)
    if forms is not None:
        return form(forms, value, language)
    code = SIGNS[sign] or min(codes_of(sign) & {"USD", "JPY", "SEK", "INR"}, default="USD")
    by_code = {SIGNS[known]: forms for known, forms in reading_of(language).money.items()}
    if SIGNS[sign] and SIGNS[sign] in by_code:
        return form(by_code[SIGNS[sign]], value, language)
    count = int(value) if value == int(value) else float(value)
    name = get_currency_name(code, count=count, locale=cldr_locale(language))
    return name[:1].lower() + name[1:] if language in ("pt", "sv") else name


def with_lone_signs(text: str, language: str) -> str:
    """A text with the signs of money that stand at no number named."""
    pattern = re.compile(r"[$€£¥￥₹₽₩₺₴₪฿₫₦₱₸₾৳₡₲₵₭₮₼֏¢﷼₿]")

    def said(match: re.Match[str]) -> str:
        return f" {_name(match[0], Decimal(10), language)} "

    return pattern.sub(said, text)


def _joined(language: str, *parts: str) -> str:
    joint = " " if language_of(language).spaces else ""
    return joint.join(part for part in parts if part)
