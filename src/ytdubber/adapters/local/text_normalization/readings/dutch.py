"""Dutch."""

from ..reading import Reading
from ..spellout import cardinal, ordinal


def _cardinal(number: int) -> str:
    return cardinal(number, "nl")


def _ordinal(number: int, _ending: str = "") -> str:
    return ordinal(number, "nl")


def _clock(hour: int, minute: int) -> str:
    return f"{_cardinal(hour)} uur" + (f" {_cardinal(minute)}" if minute else "")


READING = Reading(
    abbreviations={
        r"dhr\.": "de heer",
        r"mevr\.|mw\.": "mevrouw",
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
    reign=lambda number: f"de {_ordinal(number).capitalize()}",
    halves={2: ("half", "halve"), 3: ("derde", "derde"), 4: ("kwart", "kwart")},
    slash="schuine streep",
    dot="punt",
    hyphen="streepje",
    underscore="laag streepje",
)  # fmt: skip
