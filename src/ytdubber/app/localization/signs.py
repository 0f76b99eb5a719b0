"""The signs of money, and which money they may stand for."""

import re
from functools import cache

from ytdubber.domain.languages import language_of

from .number_format import cldr_locale

SIGNS: dict[str, str] = {
    "US$": "USD", "USD": "USD", "R$": "BRL", "BRL": "BRL", "A$": "AUD", "AU$": "AUD", "AUD": "AUD",
    "C$": "CAD", "CA$": "CAD", "CAD": "CAD", "HK$": "HKD", "HKD": "HKD", "NZ$": "NZD", "NZD": "NZD",
    "S$": "SGD", "SGD": "SGD", "NT$": "TWD", "TWD": "TWD", "MX$": "MXN", "MXN": "MXN", "$": "",
    "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "¥": "", "￥": "", "JP¥": "JPY",
    "CN¥": "CNY", "JPY": "JPY", "CNY": "CNY", "RMB": "CNY", "₹": "INR", "Rs.": "", "Rs": "",
    "INR": "INR", "₽": "RUB", "RUB": "RUB", "₩": "KRW", "KRW": "KRW", "₺": "TRY", "TL": "TRY",
    "TRY": "TRY", "₴": "UAH", "UAH": "UAH", "₪": "ILS", "ILS": "ILS", "฿": "THB", "THB": "THB",
    "₫": "VND", "VND": "VND", "₦": "NGN", "₱": "PHP", "PHP": "PHP", "₸": "KZT", "₾": "GEL",
    "৳": "BDT", "zł": "PLN", "PLN": "PLN", "Kč": "CZK", "CZK": "CZK", "CHF": "CHF", "Fr.": "CHF",
    "kr": "", "SEK": "SEK", "NOK": "NOK", "DKK": "DKK", "Ft": "HUF", "HUF": "HUF", "₿": "XBT",
    "₡": "CRC", "₲": "PYG", "₵": "GHS", "₭": "LAK", "₮": "MNT", "₼": "AZN", "֏": "AMD",
    "Rp": "IDR", "RM": "MYR", "¢": "", "AED": "AED", "SAR": "SAR", "﷼": "IRR",
}  # fmt: skip
"""What each sign stands for as an ISO 4217 code; nothing where that depends on the country."""

_SHARED: dict[str, frozenset[str]] = {
    "$": frozenset("USD AUD CAD HKD NZD SGD TWD MXN CLP COP ARS UYU".split()),
    "¥": frozenset({"JPY", "CNY"}),
    "￥": frozenset({"JPY", "CNY"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "Rs": frozenset({"INR", "PKR", "LKR", "NPR"}),
    "Rs.": frozenset({"INR", "PKR", "LKR", "NPR"}),
}


def sign_pattern() -> str:
    """Any sign, as a regular expression; `US $` is one too."""
    signs = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
    return "(?:" + signs.replace(re.escape("US$"), r"US ?\$") + ")"


def codes_of(sign: str) -> frozenset[str]:
    """Every money a sign may stand for."""
    sign = sign.replace(" ", "")
    return _SHARED.get(sign) or frozenset({SIGNS[sign]} - {""})


@cache
def names_of(code: str, language: str) -> frozenset[str]:
    """How the words of a money's names begin in a language, whatever their case and number."""
    from babel.numbers import get_currency_name

    locale = cldr_locale(language)
    known = language_of(language)
    names = {get_currency_name(code, count=count, locale=locale) for count in (1, 2, 5, 1.5)}
    found = {word.lower() for name in names for word in re.findall(r"[^\s()\d-]+", name)}
    return frozenset(
        word[: max(3, len(word) - 2)]
        for word in found - known.links - known.leads
        if len(word) > 2 or not known.spaces
    )


@cache
def multiples(language: str) -> frozenset[str]:
    """The words for thousands and more in a language, by the CLDR's compact forms."""
    found = {"lakh", "lakhs", "crore", "crores"}
    for forms in cldr_locale(language).compact_decimal_formats.values():
        for patterns in forms.values():
            for pattern in patterns.values():
                found.update(re.findall(r"[^\d\s\u00a0'.0¤]+", pattern.pattern))
    return frozenset(found)
