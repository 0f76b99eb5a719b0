"""Ranges, fractions, ordinals and telephone numbers in words."""

import re
from functools import cache

from ytdubber.domain.languages import language_of

from .numbers import word_letters
from .readings import reading_of
from .spellout import cardinal, digits

_RANGE = re.compile(r"(?<![\w-])(?!0\d)(\d+)\s?[-–]\s?(?=[$€£¥￥₹]?(\d+)(?![\w-]*-))")
_SIGNED_RANGE = re.compile(r"(?<=\d)\s?–\s?(?=[$€£¥₹]?\d)")
_SUMS = re.compile(r"([$€£¥￥₹])\s?(\d[\d.,]*)\s?[-–]\s?(?=\d)(\d*)")
_TELEPHONE = (
    r"(?<![{letters}.,/-])(?:\+\d{{1,3}}[ -]?(?:\d[ -])?|1-)?(?:\(\d{{2,4}}\) ?)?"
    r"\d{{2,5}}(?:[ -]\d{{2,8}}){{1,5}}(?![{letters}/-]|[.,]\d)"
)
_SCORE = r"(?<![{letters}:.,])(\d{{1,2}}):(\d)(?![{letters}:]|[.,]\d)"
_FRACTION = r"(?<![{letters}/.,])(?:(\d{{1,3}}) )?(\d{{1,2}})[/⁄](\d{{1,2}})(?![{letters}/]|[.,]\d)"
_AND_A_HALF = re.compile(r"(?<![\w/.,])(\d{1,3}) 1[/⁄]2(?![\w/]|[.,]\d)(?: ([^\W\d_]+))?")
_VULGAR = str.maketrans(
    {"½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4", "⅕": " 1/5", "⅛": " 1/8"}
)


@cache
def _pattern(pattern: str, language: str) -> re.Pattern[str]:
    """A pattern with the letters that may not touch it."""
    return re.compile(pattern.format(letters=word_letters(language)))


def with_ranges(text: str, language: str) -> str:
    """A text with `10-15` in words; `3-1` is a score and `555-1234` a telephone number."""
    through = reading_of(language).through
    space = " " if language_of(language).spaces else ""

    def said(match: re.Match[str]) -> str:
        first, last = match[1], match[2]
        rising = int(first) < int(last) and (len(first), len(last)) != (3, 4)
        if not rising:
            return f"{first} "
        return f"{first}{space}{through}{space}" if through else f"{first} – "

    text = _SUMS.sub(r"\2–\1\3", text)
    text = _RANGE.sub(said, text)
    return _SIGNED_RANGE.sub(f" {through} " if through else " – ", text)


def with_telephones(text: str, language: str) -> str:
    """A text with telephone numbers digit by digit, a pause between their groups."""

    own = reading_of(language).telephone

    def said(match: re.Match[str]) -> str:
        written = match[0]
        count = sum(letter.isdigit() for letter in written)
        spaced = not re.search(r"[-+(]", written)
        years = re.fullmatch(r"(1\d|20)\d\d-(1\d|20)\d\d", written)
        known = bool(own and re.fullmatch(own, written))
        if not known and (count < 7 or years or (spaced and not written.startswith("0"))):
            return written
        return ", ".join(digits(group, language) for group in re.findall(r"\d+", written))

    text = _pattern(_TELEPHONE, language).sub(said, text)
    letters = word_letters(language)
    pattern = rf"(?<![{letters}.,-])(?:{own})(?![{letters}-]|[.,]\d)"
    return re.sub(pattern, said, text) if own else text


def with_scores(text: str, language: str) -> str:
    """A text with `3:2` in words."""
    to = reading_of(language).score
    space = " " if language_of(language).spaces else ""
    return _pattern(_SCORE, language).sub(rf"\1{space}{to}{space}\2", text) if to else text


def with_fractions(text: str, language: str) -> str:
    """A text with `1/2` and `¾` in words, where the language's names are known."""
    reading = reading_of(language)
    names = reading.halves
    text = text.translate(_VULGAR)
    if reading.and_a_half is not None:
        half = reading.and_a_half
        text = _AND_A_HALF.sub(lambda match: half(int(match[1]), match[2] or ""), text)

    def said(match: re.Match[str]) -> str:
        above, below = int(match[2]), int(match[3])
        if reading.fraction is not None and 0 < above < below:
            return f"{match[1]} {reading.fraction(above, below)}".removeprefix("None ")
        if below not in names or not 0 < above < below:
            apart = f"{match[1]} " if match[1] else ""
            return f"{apart}{match[2]} {match[3]}"
        one, several = names[below]
        part = f"{_counted(above, language)} {one if above == 1 else several}"
        if not match[1]:
            return part
        if language == "en" and above == 1:
            part = f"{'an' if one[0] in 'aeiou' else 'a'} {one}"
        return f"{match[1]} {_joint(language)} {part}"

    return _pattern(_FRACTION, language).sub(said, text)


def _counted(number: int, language: str) -> str:
    if number == 1 and language == "en":
        return "one"
    feminine = language in _FEMININE_PARTS
    return reading_of(language).agreement(cardinal(number, language), feminine)


_FEMININE_PARTS = frozenset({"pl", "ru", "uk"})
"""Languages whose names of parts are feminine: `одна треть`."""


def _joint(language: str) -> str:
    return {"en": "and", "pt": "e", "es": "y", "fr": "et", "it": "e", "de": "und", "hi": "और"}.get(
        language, ""
    )


def with_ordinals(text: str, language: str) -> str:
    """A text with its ordinals in words."""
    reading = reading_of(language)
    words = reading.ordinal_words
    if not reading.ordinal or words is None:
        return text
    return re.sub(
        rf"(?<![\w.,]){reading.ordinal}(?!\w)", lambda match: words(int(match[1]), match[2]), text
    )
