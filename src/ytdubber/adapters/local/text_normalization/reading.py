"""How one language says what is written short."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Clock = Callable[[int, int], str]
"""An hour and its minutes in words."""

Agreement = Callable[[str, bool], str]
"""A number in words as it is before a noun, and whether that is feminine."""


def as_it_is(words: str, feminine: bool) -> str:
    """A number that is the same before every noun."""
    return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a language needs beside the Unicode CLDR's names of units, money and months.

    Attributes:
        abbreviations: Regular expressions of whole words, and what is said for them.
        money: Signs of money, and its plain name by plural category of the CLDR, as
            `one:dollar other:dollars`; without a category where it has one form.
        units: Symbols and short forms after a number, and what they stand for, written the same
            way.
        hundredths: By sign, the name of a hundredth of the money, written the same way.
        joint: What stands between whole money and its hundredths ("3 euros and 50").
        of_millions: What stands between millions and the money's name, with its space.
        through: What a dash between two numbers is read as.
        number: What `nº` and its like before a number are read as.
        clock: An hour and its minutes in words; the figures side by side where it is None.
        hour_mark: Whether `17h30` is written for a time.
        agreement: How a number stands before a noun.
        feminine: The beginnings of nouns that are feminine, as a regular expression.
        feminine_before: Words before a number whose noun is feminine, as a regular expression.
        ordinal: A regular expression of an ordinal in figures, its number in group 1 and its
            ending in group 2; its words are made by `ordinal_words`.
        ordinal_words: An ordinal in words, from its number and its ending.
        day: A day before its month in words, from the number and the word before it; the
            cardinal where it is None.
        day_mark: What may follow the day in a date, as a regular expression.
        chapters: Words that a Roman cardinal follows, as a regular expression.
        reign: What a Roman numeral after a name is read as; whether the name is a woman's.
        century: What a Roman numeral with a word for a century is read as, from the number, that
            word and the word before both.
        centuries: Words for a century, as a regular expression.
        halves: Denominators in words: for one, for several.
        fraction: A fraction in words from its numerator and its denominator, where it is more than
            the one after the other.
        and_a_half: A whole number and a half in words, from the number and the noun after it.
        score: What the colon of `3:2` is read as; nothing where it is a pause.
        telephone: Telephone numbers that no leading nought or sign tells, as a regular expression.
        slash: What `/` is called in an address.
        dot: What `.` is called in an address.
        hyphen: What `-` is called in an address.
        underscore: What `_` is called in an address.
        own: What else the language rewrites, before all the rest.
    """

    abbreviations: Mapping[str, str] = field(default_factory=dict)
    money: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    hundredths: Mapping[str, str] = field(default_factory=dict)
    joint: str = ""
    of_millions: str = ""
    through: str = ""
    number: str = ""
    clock: Clock | None = None
    hour_mark: bool = False
    agreement: Agreement = as_it_is
    feminine: str = ""
    feminine_before: str = ""
    ordinal: str = ""
    ordinal_words: Callable[[int, str], str] | None = None
    day: Callable[[int, str], str] | None = None
    day_mark: str = ""
    chapters: str = ""
    reign: Callable[[int, bool], str] | None = None
    centuries: str = ""
    century: Callable[[int, str, str], str] | None = None
    halves: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    fraction: Callable[[int, int], str] | None = None
    and_a_half: Callable[[int, str], str] | None = None
    score: str = ""
    telephone: str = ""
    slash: str = "slash"
    dot: str = ""
    hyphen: str = "-"
    underscore: str = " "
    own: Callable[[str], str] | None = None
