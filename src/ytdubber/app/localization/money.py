"""The sums of a translation, in the money of the source."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ytdubber.domain.languages import language_of

from .number_format import SPACES, NumberFormat, cldr_locale
from .numbers import Found, numbers_in
from .signs import SIGNS, codes_of, multiples, names_of, sign_pattern

_BEFORE = re.compile(rf"(?<![^\W\d])({sign_pattern()})[{SPACES}]?$")
_AFTER = re.compile(rf"[{SPACES}]?({sign_pattern()})(?![\w$])")
_OTHER_MONEY = ("USD", "EUR", "GBP", "BRL", "JPY", "INR")
"""Whose names small models confuse with others: those they saw most."""


@dataclass(frozen=True, slots=True)
class _Sum:
    number: Found
    sign: str


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def with_money(
    source: str, translated: str, there: NumberFormat, here: NumberFormat, target: str
) -> str:
    """The translation with each sum in the money that the source names, where a sign says so."""
    spaced = there.group in SPACES or here.group in SPACES
    said = [
        _Sum(number, _sign_at(source, number)[0])
        for number in numbers_in(source, there, spaced=spaced)
    ]
    places = list(numbers_in(translated, here, spaced=spaced))
    one_money = len({each.sign for each in said if each.sign}) == 1
    edits: list[_Edit] = []
    for place, meant in _paired(said, places):
        near = translated if one_money else _near(translated, place, places)
        edits += _mended(translated, place, meant.sign, target, near) if meant.sign else []
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        translated = translated[: edit.start] + edit.text + translated[edit.end :]
    return translated


def _paired(said: Sequence[_Sum], places: Sequence[Found]) -> Iterator[tuple[Found, _Sum]]:
    """Each number of the translation with the one it stands for: equal ones in order.

    Where one of several equal numbers was lost, nobody can tell which.
    """
    for value in dict.fromkeys(each.number.quantity.value for each in said):
        meant = [each for each in said if each.number.quantity.value == value]
        found = [place for place in places if place.quantity.value == value]
        if len(meant) == len(found) or len({each.sign for each in meant}) == 1:
            yield from zip(found, meant, strict=False)


def _near(text: str, place: Found, places: Sequence[Found]) -> str:
    """What follows a number, as far as the next."""
    return text[place.end : min((p.start for p in places if p.start > place.start), default=None)]


def _sign_at(text: str, number: Found) -> tuple[str, int, int]:
    """The sign of money at a number and where it stands; an empty one where there is none."""
    if before := _BEFORE.search(text, 0, number.start):
        return before[1], *before.span(1)
    if after := _AFTER.match(text, number.end):
        return after[1], *after.span(1)
    return "", number.start, number.start


def _mended(text: str, place: Found, meant: str, target: str, near: str) -> list[_Edit]:
    """What to change at a number to make it a sum of the money meant; `near` may name that."""
    sign, start, end = _sign_at(text, place)
    meant = meant.replace(" ", "")
    if sign:
        return [] if _same_money(meant, sign, target) else [_Edit(start, end, meant)]
    rest = text[place.end :]
    if not language_of(target).spaces or _named(codes_of(meant), near, target):
        return []
    multiple = _multiple(rest, target)
    after = re.match(r"\s*([^\W\d_]*)(?:\s+([^\W\d_]+))?", rest[len(multiple) :])
    first = after[1] if after else ""
    links = language_of(target).links
    for group in (1, 2) if first.lower() in links else (1,):
        word = after[group] if after and after[group] else ""
        if after and word and _named(frozenset(_OTHER_MONEY), word, target):
            cut = place.end + len(multiple)
            return [*_put(place, multiple, meant, target), _Edit(cut, cut + after.end(group), "")]
    if first and first.lower() not in links:
        return []
    return _put(place, multiple, meant, target)


def _same_money(meant: str, sign: str, target: str) -> bool:
    """Whether a sign says what the source's does; a plainer one does where it means just that."""
    here = sign.replace(" ", "")
    if here == meant:
        return True
    if here == "$" and SIGNS[meant] == "USD":
        return language_of(target).locale.endswith("-US")
    return len(codes_of(here)) == 1 and codes_of(here) <= codes_of(meant)


def _named(codes: frozenset[str], text: str, language: str) -> bool:
    """Whether a text holds a word of the names of one of these kinds of money."""
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", text)]
    stems = tuple(stem for code in codes for stem in names_of(code, language))
    return any(word.startswith(stems) for word in words)


def _multiple(rest: str, language: str) -> str:
    """What follows a number and multiplies it (` million`), with the space before it."""
    match = re.match(r"\s?([^\W\d_]{1,3}\.|[^\W\d_]+)", rest)
    known = match is not None and match[1].rstrip(".") in multiples(language)
    return match[0] if match is not None and known else ""


def _put(place: Found, multiple: str, sign: str, language: str) -> list[_Edit]:
    """The sign where the language's sums have it."""
    pattern = cldr_locale(language).currency_formats["standard"].pattern
    if pattern.replace("\u200f", "").replace("\u200e", "").startswith("¤"):
        return [_Edit(place.start, place.start, sign)]
    end = place.end + len(multiple)
    return [_Edit(end, end, f"\u00a0{sign}")]
