"""Times of day and dates in words."""

import re
from datetime import date
from functools import cache

from ytdubber.app.localization.number_format import cldr_locale
from ytdubber.domain.languages import language_of

from .readings import reading_of
from .spellout import cardinal

_CLOCK = re.compile(
    r"(?<![\d:.,])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?![\d:])((?:\s*[ap]\.?m\b)?)",
    re.IGNORECASE,
)
_HOUR_MARK = re.compile(r"(?<![\d:.,])([01]?\d|2[0-3]) ?h ?([0-5]\d)?(?!\w)")
_OCLOCK = re.compile(
    r"(?<![\d:.,])([01]?\d|2[0-3])[.:]([0-5]\d)(?=\s(?:Uhr|uur)\b)(?:\s(?:Uhr|uur))"
)
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,4})([./-])(\d{1,2})\2(\d{2,4})(?![\d/]|[.-]\d)")


def with_times(text: str, language: str) -> str:
    """A text with its times of day in words."""
    reading = reading_of(language)

    def said(match: re.Match[str]) -> str:
        hour, minute = int(match[1]), int(match[2] or 0)
        halves = match[4] if match.re is _CLOCK else ""
        second = match[3] if match.re is _CLOCK else None
        if halves and not minute:
            return f"{cardinal(hour, language)}{halves}"
        if second is not None:
            return " ".join(cardinal(int(each), language) for each in match.group(1, 2, 3))
        if reading.clock is not None:
            return reading.clock(hour, minute) + halves
        return _plain(hour, minute, language) + halves

    text = _OCLOCK.sub(said, text)
    text = re.sub(r"(\d:\d\d) (?:Uhr|uur)\b", r"\1", text) if language in ("de", "nl") else text
    text = _CLOCK.sub(said, text)
    return _HOUR_MARK.sub(said, text) if reading.hour_mark else text


def _plain(hour: int, minute: int, language: str) -> str:
    """The figures side by side."""
    parts = [cardinal(hour, language)]
    if minute:
        parts += [cardinal(0, language)] if minute < 10 else []
        parts.append(cardinal(minute, language))
    return " ".join(parts)


def with_dates(text: str, language: str) -> str:
    """A text with its dates in words: `3/10/2024` in the language's order, `3. Oktober`."""
    text = _NUMERIC.sub(lambda match: _long(match, language), text)
    return _days(text, language)


def _long(match: re.Match[str], language: str) -> str:
    """A date in figures as the language writes it with the month's name."""
    from babel.dates import format_date

    parts = [int(match[1]), int(match[3]), int(match[4])]
    if len(match[1]) == 4:
        order = "ymd"
    elif len(match[4]) not in (2, 4) or len(match[1]) > 2:
        return match[0]
    else:
        order = "mdy" if language_of(language).locale == "en-US" and match[2] != "." else "dmy"
    found = dict(zip(order, parts, strict=True))
    if found["m"] > 12 >= found["d"]:
        found["m"], found["d"] = found["d"], found["m"]
    year = found["y"] + (2000 if found["y"] < 100 else 0)
    try:
        day = date(year, found["m"], found["d"])
    except ValueError:
        return match[0]
    long = format_date(day, "long", locale=cldr_locale(language))
    return long.replace("\u00a0", " ")


@cache
def _months(language: str) -> str:
    """The names of the months within a date, as a regular expression."""
    names = cldr_locale(language).months["format"]["wide"].values()
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def _days(text: str, language: str) -> str:
    reading = reading_of(language)
    if reading.day is None:
        return text
    day_of = reading.day
    months = _months(language)

    def after(match: re.Match[str]) -> str:
        word, number = match[1] or "", int(match[2])
        if not 1 <= number <= 31:
            return match[0]
        said = day_of(number, word.strip())
        joint = re.sub(r"^[.\d]*(?:st|nd|rd|th|er|º|:[ea])?", "", match[3])
        return f"{word}{said}{joint}{match[4]}"

    mark = reading.day_mark
    text = re.sub(
        rf"((?<!\w)[^\W\d_]+[ \u00a0])?(?<![\d.,/-])(\d{{1,2}})({mark}[ \u00a0])({months})(?!\w)",
        after,
        text,
        flags=re.IGNORECASE,
    )
    if language != "en":
        return text
    return re.sub(
        rf"((?:{months})) (\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.]\d|\d)",
        lambda match: f"{match[1]} {day_of(int(match[2]), 'the').removesuffix(' of')}",
        text,
    )
