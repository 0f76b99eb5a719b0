"""French."""

import re

from ..reading import Reading
from ..spellout import cardinal, ordinal, roman_value


def _agreement(words: str, feminine: bool) -> str:
    return re.sub(r"(?<!\w)un$|(?<=-)un$", "une", words) if feminine else words


def _cardinal(number: int) -> str:
    return cardinal(number, "fr")


def _ordinal(number: int, ending: str = "e") -> str:
    if number == 2 and ending in ("d", "nd", "nde", "de"):
        return "seconde" if ending.endswith("de") else "second"
    words = ordinal(number, "fr")
    return "première" if number == 1 and ending in ("re", "ère") else words


def _clock(hour: int, minute: int) -> str:
    said = _agreement(_cardinal(hour), feminine=True) + (" heure" if hour < 2 else " heures")
    return f"{said} {_cardinal(minute)}" if minute else said


def _reign(number: int, woman: bool) -> str:
    if number == 1:
        return "première" if woman else "premier"
    return _cardinal(number)


def _and_a_half(number: int, noun: str) -> str:
    feminine = re.fullmatch(_FEMININE, noun) is not None
    said = _agreement(_cardinal(number), feminine)
    return f"{said} {noun} et {'demie' if feminine else 'demi'}".replace("  ", " ")


def _own(text: str) -> str:
    """Roman ordinals before any noun: `IIIe République`."""
    return _ROMAN.sub(lambda found: _ordinal(roman_value(found[1]) or 0), text)


_ROMAN = re.compile(r"(?<!\w)(?=[IVX])(X{0,2}(?:IX|IV|V?I{0,3}))(?:e|ème)(?!\w)")
_FEMININE = (
    r"(?:heures?|livres?|roupies?|couronnes?|tonnes?|minutes?|secondes?|onces?|personnes?"
    r"|fois|semaines?|femmes?|filles?|maisons?|pages?|questions?|choses?|années?|tasses?"
    r"|bouteilles?|douzaines?|journées?|familles?|entreprises?|villes?)\b"
)


READING = Reading(
    abbreviations={
        r"M\.(?= (?:[A-ZÉ]|l[ea] ))": "monsieur",
        r"MM\.(?= [A-ZÉ])": "messieurs",
        r"Mme\.?": "madame",
        r"Mlle\.?": "mademoiselle",
        r"Dr\.?(?= [A-ZÉ])": "docteur",
        r"Pr\.?(?= [A-ZÉ])": "professeur",
        r"St(?=-[A-ZÉ])": "Saint",
        r"Ste(?=-[A-ZÉ])": "Sainte",
        r"p\. ?ex\.": "par exemple",
        r"c\.-à-d\.": "c'est-à-dire",
        r"etc\.": "et cetera",
        r"pp?\.(?= ?\d)": "page",
        r"(?<=\d )ct": "centimes",
        r"§(?= ?\d)": "paragraphe",
        r"av\. J\.-C\.": "avant Jésus-Christ",
    },
    money={
        "$": "one:dollar other:dollars", "US$": "one:dollar other:dollars",
        "€": "one:euro other:euros", "£": "one:livre other:livres", "¥": "one:yen other:yens",
        "R$": "one:réal other:réals", "₹": "one:roupie other:roupies", "kr": "couronnes",
        "¢": "one:centime other:centimes",
    },
    of_millions="de ",
    through="à",
    number="numéro",
    clock=_clock,
    hour_mark=True,
    agreement=_agreement,
    feminine=_FEMININE,
    and_a_half=_and_a_half,
    score="à",
    own=_own,
    ordinal=r"(\d+)(ers?|re|ère|nde?|de|d|[èe]mes?|es?)",
    ordinal_words=_ordinal,
    day=lambda number, _before: "premier" if number == 1 else _cardinal(number),
    day_mark="(?:er)?",
    chapters=r"[Cc]hapitre|[Pp]artie|[Tt]ome|[Aa]cte|[Ll]ivre|[Aa]rticle|[Tt]ype|[Pp]hase",
    reign=_reign,
    centuries=r"siècles?",
    century=lambda number, _noun, _before: _ordinal(number),
    halves={
        2: ("demi", "demis"), 3: ("tiers", "tiers"), 4: ("quart", "quarts"),
        5: ("cinquième", "cinquièmes"), 10: ("dixième", "dixièmes"),
    },
    dot="point",
    hyphen="tiret",
    underscore="tiret bas",
)  # fmt: skip
