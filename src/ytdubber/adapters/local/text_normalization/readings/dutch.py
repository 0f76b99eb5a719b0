"""Dutch."""

import re

from ..reading import Reading
from ..spellout import cardinal, ordinal


def _cardinal(number: int) -> str:
    return cardinal(number, "nl")


def _ordinal(number: int, _ending: str = "") -> str:
    return ordinal(number, "nl")


def _clock(hour: int, minute: int) -> str:
    return f"{_cardinal(hour)} uur" + (f" {_cardinal(minute)}" if minute else "")


def _and_a_half(number: int, noun: str) -> str:
    if number == 1:
        return f"anderhalf {noun}".strip()
    words = _cardinal(number)
    return f"{words}{'ën' if words.endswith('e') else 'en'}half {noun}".strip()


def _hundreds(match: re.Match[str]) -> str:
    """Years are hundreds: `negentienhonderdvijfentachtig`."""
    first, last = divmod(int(match[1]), 100)
    return f"{_cardinal(first)}honderd{_cardinal(last) if last else ''}"


_YEAR = re.compile(r"(?<![\w.,:$€£#-])(1[1-9]\d\d)(?![\w:°%€]|[.,-]\d|\s(?!tot|en|was|is)\w)")

READING = Reading(
    abbreviations={
        r"[Dd]hr\.": "de heer",
        r"o\. ?a\.": "onder andere",
        r"p\.(?= ?\d)": "pagina",
        r"§(?= ?\d)": "paragraaf",
        r"[Mm]evr\.|[Mm]w\.": "mevrouw",
        r"[Dd]r\.": "dokter",
        r"[Pp]rof\.": "professor",
        r"bijv\.|bv\.": "bijvoorbeeld",
        r"d\.w\.z\.": "dat wil zeggen",
        r"enz\.": "enzovoort",
        r"ca\.": "circa",
        r"nr\.(?= ?\d)": "nummer",
        r"blz\.(?= ?\d)": "bladzijde",
    },
    money={
        "$": "dollar", "US$": "dollar", "€": "euro", "£": "pond", "¥": "yen", "R$": "real",
        "₹": "roepie", "kr": "kroon", "¢": "cent",
    },
    units={"mln": "miljoen", "mld": "miljard"},
    through="tot",
    number="nummer",
    clock=_clock,
    ordinal=r"(\d+)(ste|de|e)",
    ordinal_words=_ordinal,
    chapters=r"[Hh]oofdstuk|[Dd]eel|[Bb]oek|[Aa]rtikel|[Tt]ype|[Ff]ase",
    own=lambda text: _YEAR.sub(_hundreds, text),
    and_a_half=_and_a_half,
    reign=lambda number, _woman: f"de {_ordinal(number).capitalize()}",
    halves={2: ("half", "halve"), 3: ("derde", "derde"), 4: ("kwart", "kwart")},
    slash="schuine streep",
    dot="punt",
    hyphen="streepje",
    underscore="laag streepje",
)  # fmt: skip
