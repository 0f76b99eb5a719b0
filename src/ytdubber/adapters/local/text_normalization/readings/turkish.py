"""Turkish."""

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


READING = Reading(
    abbreviations={
        r"Dr\.": "Doktor",
        r"Prof\.": "Profesör",
        r"Av\.": "Avukat",
        r"Sn\.": "Sayın",
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
    through="ile",
    number="numara",
    clock=_clock,
    ordinal=r"(\d+)(\.(?= [a-zçğıöşüA-ZÇĞİÖŞÜ])|['’]?(?:inci|ıncı|uncu|üncü|nci|ncı|ncu|ncü))",
    ordinal_words=_ordinal,
    chapters=r"[Bb]ölüm|[Cc]ilt|[Pp]erde|[Tt]ip",
    reign=_ordinal,
    slash="eğik çizgi",
    dot="nokta",
    hyphen="tire",
    underscore="alt çizgi",
)  # fmt: skip
