"""German."""

import re

from ytdubber.domain.languages import language_of

from ..reading import Reading
from ..spellout import cardinal, ordinal

_WITH_N = frozenset(
    "am dem den des zum zur vom im beim ab bis seit nach vor einem einen eines diesem diesen jedem"
    " jeden seinem seinen ihrem ihren meinem meinen unserem unseren einer seiner ihrer".split()
)
"""After these an ordinal ends in -n; `der` is taken for the nominative, -e, as it mostly is."""


_WITH_E = frozenset("der die das diese dieser dieses jede seine ihre meine unsere eine".split())
"""After these it ends in -e."""


def _agreement(words: str, feminine: bool) -> str:
    return re.sub(r"eins$", "eine" if feminine else "ein", words)


def _cardinal(number: int) -> str:
    return cardinal(number, "de")


def _ordinal(number: int, before: str = "") -> str:
    words = ordinal(number, "de")
    before = before.lower()
    if before in _WITH_E:
        return words
    return f"{words}n" if before in _WITH_N else f"{words}r"


def _clock(hour: int, minute: int) -> str:
    said = f"{_agreement(_cardinal(hour), feminine=False)} Uhr"
    return f"{said} {_cardinal(minute)}" if minute else said


def _reign(number: int, woman: bool) -> str:
    article = "die" if woman else "der"
    return f"{article} {_ordinal(number, article).capitalize()}"


def _and_a_half(number: int, noun: str) -> str:
    whole = _agreement(_cardinal(number), feminine=False)
    return f"{whole}einhalb {noun}".strip()


def _decade(match: re.Match[str]) -> str:
    number = int(match[1])
    return f"{_hundreds(number) if number > 1000 else _cardinal(number)}er"


def _short_date(match: re.Match[str]) -> str:
    before = match[1] or ""
    if before.strip() in _COUNTED_BY_POINTS:
        return match[0]
    day, month = (_ordinal(int(each), before.strip()) for each in match.group(2, 3))
    return f"{before}{day} {month.capitalize()}"


def _own(text: str) -> str:
    """Ordinals before nouns, decades, and years from 1100 to 1999, which are hundreds:
    `neunzehnhundertvierundachtzig`.
    """
    text = _SHORT_DATE.sub(_short_date, text)
    text = _DECADE.sub(_decade, text)
    text = _LED.sub(_counted, _COUNTED.sub(_counted, text))
    return _YEAR.sub(lambda found: _hundreds(int(found[1])), text)


def _hundreds(number: int) -> str:
    first, last = divmod(number, 100)
    return f"{_cardinal(first)}hundert{_cardinal(last) if last else ''}"


def _counted(match: re.Match[str]) -> str:
    before, noun = match[1] or "", match[3]
    words = _ordinal(int(match[2]), before.strip())
    if noun in ("Jahrhundert", "Mal", "Kapitel", "Kind") and words.endswith("r"):
        words = f"{words[:-1]}s"
    german = language_of("de")
    ends = noun.lower() in german.openers | german.leads | german.links
    return f"{before}{words}{'.' if ends else ''} {noun}"


_COUNTED = re.compile(
    r"((?<!\w)[^\W\d_]+ )?(?<![\d.,])(\d+)\. "
    r"(Jahrhunderts?|Jahrhundert|Platz|Stock|Mal|Weltkrieg|Klasse|Geburtstag|Tag|Teil|Kapitel|Kind)"
)
_LED = re.compile(
    r"((?<!\w)(?:[Dd](?:er|ie|as|em|en|es)|[Aa]m|[Ii]m|[Zz]u[mr]|[Vv]om|[Bb]eim|[Ss]ein(?:e[mnrs]?)?"
    r"|[Ii]hr(?:e[mnrs]?)?|[Mm]ein(?:e[mnrs]?)?|[Uu]nser(?:e[mnrs]?)?|[Jj]ede[mnrs]?|[Ee]in(?:e[mnrs]?)?"
    r"|[Dd]iese[mnrs]?) )(\d{1,3})\. ([A-ZÄÖÜ][a-zäöüß]+)(?!\w)"
)
_COUNTED_BY_POINTS = frozenset({"Version", "Kapitel", "Abschnitt", "Punkt", "Absatz", "Artikel"})
_SHORT_DATE = re.compile(
    r"((?<!\w)[^\W\d_]+ )?(?<![\d.])([12]?\d|3[01])\.(1[0-2]|0?[1-9])\.(?!\d)(?=\s|[,;)]|$)"
)
_DECADE = re.compile(r"(?<![\w.,])(1[1-9]\d0|\d0)er(?!\w)")
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
        r"(?<=\d )ct": "Cent",
        r"§(?= ?\d)": "Paragraf",
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
    reign=_reign,
    and_a_half=_and_a_half,
    score="zu",
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
