"""A text in the units that lines are made of, each with how well a line ends after it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import budoux

from ytdubber.domain.languages import Language, language_of

from .clusters import clusters, syllables, width
from .long_words import parted
from .phrasing import ISOLATED, MID_TEXT, break_cost, holds

_SPACES = "\t-\r \u0085\u1680\u2000-\u2006\u2008-\u200b\u2028\u2029\u205f\u3000"
_SPACE = re.compile(f"([{_SPACES}]+)")
_DASH = re.compile(r"(?<=\w[—–])(?=\w)")
_LONE_DASH = re.compile(r"[-—–―]+")
_LATIN = re.compile(r"[A-Za-z0-9À-ÖØ-öø-ÿ.,'’%@#&+:/_-]")
_OPENS, _CLOSES = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068", "\u202c\u2069"


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of text that stays on one line.

    Attributes:
        text: What is shown.
        glue: What joins it to the next one on the same line: a space where the text had one.
        cost: How bad it reads when a line ends after it; below 0 where it reads well.
        hyphen: Whether a line that ends after it ends within a word, with a hyphen.
    """

    text: str
    glue: str = ""
    cost: float = 0.0
    hyphen: bool = False


def units_of(text: str, language: str, most: float) -> list[Unit]:
    """The units of a text, none wider than `most` characters.

    Joined with their glue they are the text, except that a run of spaces is one, and none is left
    at either end. A unit is wider only where a single character is.
    """
    record = language_of(language)
    units = _held(_words(text))
    if not record.spaces:
        units = [part for unit in units for part in _phrases(unit, record)]
    units = _marked(units, language)
    half = record.caption_half_width
    room = most - width("-", half)
    found: list[Unit] = []
    for unit in units:
        if width(unit.text, half) <= most:
            found.append(unit)
            continue
        pieces = parted(unit.text, room, half)
        found += [Unit(piece, "", cost, hyphen) for piece, cost, hyphen in pieces[:-1]]
        found.append(replace(unit, text=pieces[-1][0]))
    return found


def _words(text: str) -> list[Unit]:
    """What stands between the spaces at which a line may end; no-break spaces are none."""
    parts = _SPACE.split(text)
    found: list[Unit] = []
    for word, space in zip(parts[::2], [*parts[1::2], ""], strict=True):
        pieces = _DASH.split(word)
        found += [Unit(piece) for piece in pieces[:-1]]
        found.append(Unit(pieces[-1], _glue(space)))
    found = [unit for unit in found if unit.text.strip()]
    return [*found[:-1], replace(found[-1], glue="")] if found else []


def _glue(space: str) -> str:
    if "\u3000" in space:
        return "\u3000"
    return "\u200b" if space and not space.strip("\u200b") else " " if space else ""


def _held(units: Sequence[Unit]) -> list[Unit]:
    """Words with the marks that stand alone beside them: a spaced `»` or `!` begins no line, a
    spaced `«` ends none, and a dash ends the line before it.
    """
    found: list[Unit] = []
    for unit in units:
        before = found[-1] if found else None
        dash = _LONE_DASH.fullmatch(unit.text) is not None
        if before and (dash or holds(before.text, unit.text)):
            found[-1] = Unit(before.text + before.glue + unit.text, unit.glue)
        else:
            found.append(unit)
    if len(found) > 1 and _LONE_DASH.fullmatch(found[0].text):
        first, second = found[:2]
        found[:2] = [Unit(first.text + first.glue + second.text, second.glue)]
    return found


def _phrases(unit: Unit, record: Language) -> Iterator[Unit]:
    """What is written without spaces, in phrases or words: by BudouX's model where there is one,
    else by syllables. Words in Latin letters and numbers stay whole.
    """
    if record.phrase_model:
        model = record.phrase_model
        if model == "zh-hans" and _TRADITIONAL.search(unit.text):
            model = "zh-hant"
        parts = _parser(model).parse(unit.text)
    else:
        parts = syllables(unit.text)
    whole: list[str] = []
    edges = _edges(unit.text)
    at = 0
    for part in parts:
        before = whole[-1][-1] if whole else ""
        latin = before and _LATIN.match(before) and _LATIN.match(part)
        if whole and (latin or at not in edges or holds(whole[-1], part)):
            whole[-1] += part
        else:
            whole.append(part)
        at += len(part)
    yield from (Unit(part) for part in whole[:-1])
    yield replace(unit, text=whole[-1])


def _edges(text: str) -> set[int]:
    """The places between clusters."""
    found, at = set(), 0
    for cluster in clusters(text):
        found.add(at)
        at += len(cluster)
    return found


_LOADERS = {
    "ja": budoux.load_default_japanese_parser,
    "th": budoux.load_default_thai_parser,
    "zh-hans": budoux.load_default_simplified_chinese_parser,
    "zh-hant": budoux.load_default_traditional_chinese_parser,
}
_TRADITIONAL = re.compile(
    "[們這個來說時對過會學國後還沒開關點為與從業無話實現讓給聽書車東長門問間]"
)


@cache
def _parser(model: str) -> budoux.Parser:
    return _LOADERS[model]()


def _marked(units: Sequence[Unit], language: str) -> list[Unit]:
    """The units with the cost of a line's end after each."""
    spaced = language_of(language).spaces
    texts = [unit.text for unit in units]
    depth, found = 0, []
    for place, unit in enumerate(units):
        depth += sum(unit.text.count(mark) for mark in _OPENS)
        depth = max(0, depth - sum(unit.text.count(mark) for mark in _CLOSES))
        cost = 0.0
        if place + 1 < len(units):
            cost = break_cost(texts, place + 1, language)
            if not spaced and cost == 0.0:
                cost = -MID_TEXT if unit.glue else MID_TEXT
            cost += ISOLATED if depth else 0.0
        found.append(replace(unit, cost=cost))
    return found
