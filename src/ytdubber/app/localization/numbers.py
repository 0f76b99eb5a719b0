"""The numbers of a translation, written as its language writes them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from .number_format import NUMBER, SPACES, NumberFormat, Quantity, ascii_digits

_TOKEN = re.compile(rf"(?<![\w.,:/@#\\])(?<!\w[-–])(?<!\+){NUMBER}(?![:/@-]?\d|-\w)")
_WITHOUT_SPACES = re.compile(
    rf"(?<![\w.,:/@#\\])(?<!\w[-–])(?<!\+){NUMBER.replace(f'|[{SPACES}]', '|[!]')}(?![:/@-]?\d|-\w)"
)
_TIME_OF_DAY = re.compile(r"\s?[ap]\.?m\b|\s?Uhr|\s?h\b", re.IGNORECASE)
_UNIT = re.compile(r"\s?(?:%|°|k?m\b|[cm]m\b|k?g\b|million|billion|thousand|percent)")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w.+-]*)[\s(]*$")
_NUMBERED = frozenset(
    "version versions v ver release build update chapter section figure fig table rule article"
    " paragraph bluetooth बार संस्करण वर्शन 版本 バージョン 버전 גרסה เวอร์ชัน".split()
)
"""Words before a number that is a name: `version 3.11` is no amount."""


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text.

    Attributes:
        start: Where it begins.
        end: Where it has ended.
        text: How it is written.
        quantity: What it is worth.
    """

    start: int
    end: int
    text: str
    quantity: Quantity


def numbers_in(text: str, here: NumberFormat, *, spaced: bool = False) -> Iterator[Found]:
    """The numbers of a text by its language's marks; dates, times, versions and the like are none.

    Args:
        text: The text.
        here: Its language's marks.
        spaced: Whether groups of digits may be divided by spaces.
    """
    for match in (_TOKEN if spaced else _WITHOUT_SPACES).finditer(text):
        quantity = here.read(match[0])
        if quantity is not None and not _is_name(text, match, quantity):
            yield Found(match.start(), match.end(), match[0], quantity)


def _is_name(text: str, match: re.Match[str], quantity: Quantity) -> bool:
    """Whether a number with a decimal point is a time of day, or counts versions or chapters."""
    if not quantity.decimals or quantity.grouped:
        return False
    after = text[match.end() :]
    if quantity.decimals == 2 and _TIME_OF_DAY.match(after):
        return True
    word = _WORD_BEFORE.search(text[: match.start()])
    if word is None or "." not in match[0] or _UNIT.match(after):
        return False
    return word[1].lower().rstrip(".") in _NUMBERED or any(map(str.isupper, word[1]))


def with_numbers(
    source: str, around: str, translated: str, there: NumberFormat, here: NumberFormat
) -> str:
    """The translation with the numbers it took over as they were written put in its own marks.

    A number changes only if the source writes the same one with the same marks, and its own
    language would read it as another or write it in another way.
    """
    spaced = there.group in SPACES or here.group in SPACES
    asked = {
        found.text: found.quantity
        for text in (around, source)
        for found in numbers_in(text, there, spaced=spaced)
    }
    if all(text.isascii() and text.isdecimal() for text in asked):
        return translated
    worths = {quantity.value for quantity in asked.values()}

    def own(match: re.Match[str]) -> str:
        text = match[0]
        read, meant = here.read(text), asked.get(text)
        if meant is None:
            again = read is not None and read.value in worths and " " in text
            return here.write(read) if again and read is not None else text
        if read is not None and read.value != meant.value and read.value in worths:
            return text
        if read == meant and ascii_digits(text) != text and _same_script(text, translated):
            return text
        if not meant.decimals and not meant.grouped:
            return ascii_digits(text)
        return here.write(meant)

    return (_TOKEN if spaced else _WITHOUT_SPACES).sub(own, translated)


def _same_script(digits: str, text: str) -> bool:
    """Whether a number's digits belong to the script of the text around it."""
    letter = next(filter(str.isalpha, text), " ")
    script = unicodedata.name(letter).partition(" ")[0]
    name = unicodedata.name(digits[0], "").removeprefix("EXTENDED ")
    return name.startswith(script)
