"""How a language writes numbers: what the Unicode CLDR says, read and written."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from ytdubber.domain.languages import language_of

if TYPE_CHECKING:
    from babel import Locale

SPACES = " \u00a0\u202f"
"""What stands between groups of digits where no sign does."""

NUMBER = rf"\d++(?:[.,٫٬'’]\d++|[{SPACES}]\d{{3}}(?!\d))*+"
"""Digits and all that may stand between them."""

_BOTH_MARKS = frozenset({"es"})
"""Languages whose decimal mark is a point or a comma, by country: `1,299` is either."""

_FIVE_DIGITS = frozenset({"bg", "es", "et", "lv", "pl"})
"""Languages that group from five digits on (`minimumGroupingDigits` 2 in the CLDR)."""

_CLDR_NAMES = {"tl": "fil", "no": "nb"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that was read.

    Attributes:
        value: What it is worth.
        decimals: Digits after the decimal mark.
        grouped: Whether its digits stand in groups.
    """

    value: Decimal
    decimals: int
    grouped: bool


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """The marks of one language.

    Attributes:
        decimal: Between whole and fraction.
        group: Between groups of digits.
        group_sizes: Digits of the last group, and of those before it.
        least_grouped: The fewest digits that are grouped.
        both_marks: Whether a single mark before three digits may mean either.
    """

    decimal: str
    group: str
    group_sizes: tuple[int, int] = (3, 3)
    least_grouped: int = 4
    both_marks: bool = False

    def read(self, text: str) -> Quantity | None:
        """What a number is worth here; None for what is no number here, a date or a version."""
        plain = ascii_digits(text).translate(_MARKS)
        marks = [mark for mark in plain if not mark.isdigit()]
        if not marks:
            return Quantity(Decimal(plain), 0, grouped=False)
        decimal = self._decimal_mark(marks)
        whole, _, fraction = plain.rpartition(decimal) if decimal else (plain, "", "")
        groups = re.split(r"\D", whole)
        if len(groups) > 1 and not (self._groups_by(whole, marks) and _well_grouped(groups)):
            return None
        if self.both_marks and marks == [","] and len(fraction) == 3:
            return None
        digits = "".join(groups) + (f".{fraction}" if decimal else "")
        return Quantity(Decimal(digits), len(fraction), grouped=len(groups) > 1)

    def _decimal_mark(self, marks: list[str]) -> str:
        """The mark before the fraction, or nothing where all marks stand between groups."""
        last = marks[-1]
        if len(marks) == 1:
            return last if last in (self.decimal, "٫") else ""
        alone = marks.count(last) == 1 and last in ".,٫"
        return last if alone else ""

    def _groups_by(self, whole: str, marks: list[str]) -> bool:
        """Whether digits are grouped by one mark, which does so here or can do nothing else."""
        between = {mark for mark in whole if not mark.isdigit()}
        if len(between) != 1:
            return False
        mark = between.pop()
        return mark in (self.group, " ", "'", "٬") or len(marks) > 1

    def write(self, number: Quantity) -> str:
        """The number as it is written here, with as many decimals as it had."""
        digits = f"{number.value:.{number.decimals}f}"
        whole, _, fraction = digits.partition(".")
        if number.grouped and len(whole) >= self.least_grouped:
            whole = self.group.join(self._groups(whole))
        return f"{whole}{self.decimal}{fraction}" if fraction else whole

    def _groups(self, whole: str) -> list[str]:
        last, others = self.group_sizes
        rest, groups = whole[:-last], [whole[-last:]]
        while rest:
            rest, group = rest[:-others], rest[-others:]
            groups.insert(0, group)
        return groups


_MARKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'"})


def _well_grouped(groups: list[str]) -> bool:
    """Whether digits stand in thousands, or in India's lakhs."""
    first, *between, last = groups
    by_three = 1 <= len(first) <= 3 and all(len(group) == 3 for group in between)
    by_two = 1 <= len(first) <= 2 and all(len(group) == 2 for group in between)
    return len(last) == 3 and first[0] != "0" and (by_three or by_two)


def ascii_digits(text: str) -> str:
    """The text with the digits of any script written 0 to 9."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text
    )


@cache
def number_format(language: str) -> NumberFormat:
    """The marks of a language, in Latin digits."""
    locale = cldr_locale(language)
    symbols = locale.number_symbols["latn"]
    last, others = locale.decimal_formats[None].grouping
    return NumberFormat(
        decimal=symbols["decimal"],
        group=symbols["group"],
        group_sizes=(last, others),
        least_grouped=5 if language in _FIVE_DIGITS else 4,
        both_marks=language in _BOTH_MARKS,
    )


@cache
def cldr_locale(language: str) -> "Locale":
    """The CLDR's data on a language; English where it has none."""
    from babel import Locale, UnknownLocaleError

    code = language_of(language).locale.replace("-", "_")
    base, _, country = code.partition("_")
    name = "_".join(filter(None, [_CLDR_NAMES.get(base, base), country]))
    try:
        return Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return Locale("en")
