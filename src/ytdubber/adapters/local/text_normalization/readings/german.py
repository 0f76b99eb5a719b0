"""German."""

import re

from ..reading import Reading
from ..spellout import cardinal, ordinal

_WITH_N = frozenset(
    "am dem den des der zum zur vom im beim ab bis seit nach vor einem einen eines".split()
)
"""After these an ordinal ends in -n; `der` is taken for the nominative, -e, as it mostly is."""


def _agreement(words: str, feminine: bool) -> str:
    return re.sub(r"eins$", "eine" if feminine else "ein", words)


def _cardinal(number: int) -> str:
    return cardinal(number, "de")


def _ordinal(number: int, before: str = "") -> str:
    words = ordinal(number, "de")
    before = before.lower()
    if before in ("der", "die", "das"):
        return words
    return f"{words}n" if before in _WITH_N else f"{words}r"


def _clock(hour: int, minute: int) -> str:
    said = f"{_agreement(_cardinal(hour), feminine=False)} Uhr"
    return f"{said} {_cardinal(minute)}" if minute else said


def _own(text: str) -> str:
    """Ordinals before nouns that are counted, and years from 1100 to 1999, which are hundreds:
    `neunzehnhundertvierundachtzig`.
    """
    text = _COUNTED.sub(_counted, text)
    return _YEAR.sub(lambda found: _hundreds(int(found[1])), text)


def _hundreds(number: int) -> str:
    first, last = divmod(number, 100)
    return f"{_cardinal(first)}hundert{_cardinal(last) if last else ''}"


def _counted(match: re.Match[str]) -> str:
    before, noun = match[1] or "", match[3]
    words = _ordinal(int(match[2]), before.strip())
    if noun in ("Jahrhundert", "Mal", "Kapitel", "Kind") and words.endswith("ter"):
        words = f"{words[:-1]}s"
    return f"{before}{words} {noun}"


_COUNTED = re.compile(
    r"((?<!\w)[^\W\d_]+ )?(?<![\d.,])(\d+)\. "
    r"(Jahrhunderts?|Jahrhundert|Platz|Stock|Mal|Weltkrieg|Klasse|Geburtstag|Tag|Teil|Kapitel|Kind)"
)
_YEAR = re.compile(r"(?<![\w.,:$€£#-])(1[1-9]\d\d)(?![\w:°%€]|[.,-]\d|\s(?!bis|und|war|ist)\w)")

READING = Reading(
    abbreviations={
        r"Dr\.": "Doktor",
        r"Prof\.": "Professor",
        r"Hr\.": "Herr",
        r"Fr\.(?= [A-Z])": "Frau",
        r"St\.(?= [A-Z])": "Sankt",
        r"z\. ?B\.": "zum Beispiel",
        r"d\. ?h\.": "das heißt",
        r"u\. ?a\.": "unter anderem",
        r"usw\.": "und so weiter",
        r"bzw\.": "beziehungsweise",
        r"ca\.": "circa",
        r"Nr\.(?= ?\d)": "Nummer",
        r"S\.(?= ?\d)": "Seite",
        r"v\. ?Chr\.": "vor Christus",
        r"Str\.": "Straße",
        r"(?<=\d )Uhr(?= \d)": "Uhr",
    },
    money={
        "$": "Dollar", "US$": "US-Dollar", "€": "Euro", "£": "Pfund", "¥": "Yen", "R$": "Real",
        "₹": "one:Rupie other:Rupien", "kr": "Kronen", "¢": "Cent",
    },
    units={"Mio": "one:Million other:Millionen", "Mrd": "one:Milliarde other:Milliarden"},
    through="bis",
    number="Nummer",
    clock=_clock,
    agreement=_agreement,
    feminine=r"(?:Stunden?|Minuten?|Sekunden?|Tonnen?|Meilen?|Unzen?|Rupien?|Kronen?|Person|Woche"
    r"|Frau|Seite|Frage|Million(?:en)?|Milliarden?)\b",
    day=_ordinal,
    day_mark=r"\.",
    chapters=r"Kapitel|Teil|Band|Akt|Buch|Abschnitt|Artikel|Typ|Phase|Weltkrieg",
    reign=lambda number: f"der {_ordinal(number, 'der').capitalize()}",
    halves={
        2: ("halb", "halbe"), 3: ("Drittel", "Drittel"), 4: ("Viertel", "Viertel"),
        5: ("Fünftel", "Fünftel"), 10: ("Zehntel", "Zehntel"),
    },
    slash="Schrägstrich",
    dot="Punkt",
    hyphen="Bindestrich",
    underscore="Unterstrich",
    own=_own,
)  # fmt: skip
