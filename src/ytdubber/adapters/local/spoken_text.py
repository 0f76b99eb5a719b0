"""Text as it is said: abbreviations and signs that espeak-ng would spell or skip, written out."""

import re
from collections.abc import Mapping
from functools import cache

from .spoken_readings import READINGS, Clock, Reading

_NUMBER = r"\d+(?:[.,\u00a0\u202f]\d+)*"
_EDGE = r"(?![\w/])"
_CLOCK = re.compile(
    r"(?<![\d:.,])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])(\s*[ap]\.?m\b)?", re.IGNORECASE
)
_HOUR_MARK = re.compile(r"(?<![\d:.,])([01]?\d|2[0-3]) ?h ?([0-5]\d)?(?!\w)")
_RANGE = re.compile(r"(?<![\w-])(\d+)\s?[-–]\s?(\d+)(?![\w-])")
_YEAR = re.compile(r"(?<![\w.,:-])(1[1-9])(\d\d)(?![\w:]|[.,-]\d)")
_DECADE = re.compile(r"(?<!\d)(1[1-9]|20)([1-9])0'?s(?!\w)")
_DECADES = "tens twenties thirties forties fifties sixties seventies eighties nineties".split()


def spoken(text: str, language: str) -> str:
    """The text with what the language's voices would read wrong written as it is said."""
    reading = READINGS.get(language)
    if reading is None:
        return text
    for pattern, said in _abbreviations(language):
        text = pattern.sub(said, text)
    text = _money(text, reading)
    if reading.clock is not None:
        text = _clock(text, reading.clock, reading.hour_mark)
    text = _units(text, reading.units)
    if reading.through:
        text = _RANGE.sub(lambda match: _range(match, reading.through), text)
    return _english_years(text) if language == "en" else text


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
        for short, said in READINGS[language].abbreviations.items()
    )


def _clock(text: str, clock: Clock, hour_mark: bool) -> str:
    def said(match: re.Match[str]) -> str:
        hour, minute = int(match[1]), int(match[2] or 0)
        half = (match[3] or "") if match.re is _CLOCK else ""
        if half and not minute:
            return f"{hour}{half}"
        return clock(hour, minute) + half

    text = _CLOCK.sub(said, text)
    return _HOUR_MARK.sub(said, text) if hour_mark else text


def _units(text: str, units: Mapping[str, tuple[str, str]]) -> str:
    if not units:
        return text
    names = "|".join(map(re.escape, sorted(units, key=len, reverse=True)))
    pattern = rf"({_NUMBER})\s?({names}){_EDGE}(?:\.(?=\s[a-z]))?"

    def said(match: re.Match[str]) -> str:
        one, several = units[match[2]]
        return f"{match[1]} {one if match[1] == '1' else several}"

    return re.sub(pattern, said, text)


def _money(text: str, reading: Reading) -> str:
    """`$3.50` and `3,50 €` in words; a number word after it comes first: 5 million dollars."""
    signs = "|".join(map(re.escape, sorted(reading.money, key=len, reverse=True)))
    if not signs:
        return text
    signs = signs.replace(r"US\$", r"US\s?\$")
    before = rf"(?P<sign>{signs})\s?(?P<sum>{_NUMBER})(?P<more>\s+(?:mil|bil|tril|Mil|Mrd)\w+)?"
    after = rf"(?P<sum>{_NUMBER})(?P<more>)\s?(?P<sign>{signs})"

    def said(match: re.Match[str]) -> str:
        one, several = reading.money[re.sub(r"\s", "", match["sign"])]
        if more := match["more"]:
            return f"{match['sum']}{more} {reading.of_millions}{several}"
        cents = re.fullmatch(r"(.*\d)[.,](\d\d)", match["sum"])
        whole, hundredths = (cents[1], int(cents[2])) if cents else (match["sum"], 0)
        name = one if whole == "1" else several
        if not hundredths:
            return f"{whole} {name}"
        return " ".join(filter(None, [whole, name, reading.cents, str(hundredths)]))

    return re.sub(after, said, re.sub(before, said, text))


def _range(match: re.Match[str], through: str) -> str:
    """`10-15` in words; `3-1` is a score and `555-1234` a telephone number."""
    first, last = match[1], match[2]
    if int(first) >= int(last) or (len(first), len(last)) == (3, 4):
        return match[0]
    return f"{first} {through} {last}"


def _english_years(text: str) -> str:
    def year(match: re.Match[str]) -> str:
        if match[2] == "00":
            return f"{match[1]} hundred"
        return f"{match[1]} oh {match[2][1]}" if match[2][0] == "0" else f"{match[1]} {match[2]}"

    text = _DECADE.sub(lambda match: f"{match[1]} {_DECADES[int(match[2]) - 1]}", text)
    return _YEAR.sub(year, text)
