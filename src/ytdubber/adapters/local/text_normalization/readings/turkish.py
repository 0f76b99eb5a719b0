"""Turkish."""

import re

from ..reading import Reading
from ..spellout import cardinal, ordinal


def _cardinal(number: int) -> str:
    return cardinal(number, "tr")


def _ordinal(number: int, _ending: str = "") -> str:
    return ordinal(number, "tr")


def _clock(hour: int, minute: int) -> str:
    if not minute:
        return _cardinal(hour)
    return f"{_cardinal(hour)} {'sıfır ' if minute < 10 else ''}{_cardinal(minute)}"


_LOCATIVE = "sıfırda birde ikide üçte dörtte beşte altıda yedide sekizde dokuzda onda".split()


def _fraction(above: int, below: int) -> str:
    """`dörtte üç`, and `yarım` (TDK)."""
    if (above, below) == (1, 2):
        return "yarım"
    place = _LOCATIVE[below] if below < len(_LOCATIVE) else f"{_cardinal(below)} bölü"
    return f"{place} {_cardinal(above)}"


_SUFFIXED = re.compile(r"(?<![\w.,])(\d{1,4})['’](?!n?[ıiuü]?nc)([a-zçğıöşü]+)")


def _suffixed(match: re.Match[str]) -> str:
    """A number with its suffix as one word: `5'te` is `beşte`."""
    return f"{_cardinal(int(match[1]))}{match[2]}"


READING = Reading(
    abbreviations={
        r"Dr\.": "Doktor",
        r"Prof\.": "Profesör",
        r"Av\.": "Avukat",
        r"Sn\.": "Sayın",
        r"s\.(?= ?\d)": "sayfa",
        r"§(?= ?\d)": "paragraf",
        r"vb\.": "ve benzeri",
        r"vs\.": "vesaire",
        r"ör\.": "örneğin",
        r"[Nn]o:(?= ?\d)": "numara",
        r"Cad\.": "Caddesi",
    },
    money={
        "$": "dolar", "US$": "dolar", "€": "avro", "£": "sterlin", "¥": "yen", "₺": "lira",
        "R$": "real", "¢": "sent",
    },
    units={"TL": "lira", "mn": "milyon", "mlr": "milyar", "mr": "milyar"},
    hundredths={"₺": "kuruş", "TL": "kuruş"},
    through="ila",
    own=lambda text: _SUFFIXED.sub(_suffixed, text),
    fraction=_fraction,
    and_a_half=lambda number, noun: f"{_cardinal(number)} buçuk {noun}".strip(),
    number="numara",
    clock=_clock,
    ordinal=r"(\d+)(\.(?= [a-zçğıöşüA-ZÇĞİÖŞÜ])|['’]?(?:inci|ıncı|uncu|üncü|nci|ncı|ncu|ncü))",
    ordinal_words=_ordinal,
    chapters=r"[Bb]ölüm|[Cc]ilt|[Pp]erde|[Tt]ip",
    reign=lambda number, _woman: _ordinal(number),
    slash="eğik çizgi",
    dot="nokta",
    hyphen="tire",
    underscore="alt çizgi",
)  # fmt: skip
