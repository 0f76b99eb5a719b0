"""Polish."""

import re

from ..reading import Reading
from ..spellout import cardinal, ordinal


def _agreement(words: str, feminine: bool) -> str:
    if feminine:
        return re.sub(r"(?<!\w)dwa$", "dwie", re.sub(r"^jeden$", "jedna", words))
    return words


def _cardinal(number: int) -> str:
    return cardinal(number, "pl")


def _ordinal(number: int, _ending: str = "") -> str:
    return ordinal(number, "pl")


def _genitive(number: int, _before: str = "") -> str:
    """`trzeciego`: a day of a month."""
    return re.sub(r"i(?= |$)", "iego", re.sub(r"y(?= |$)", "ego", _ordinal(number)))


def _clock(hour: int, minute: int) -> str:
    if hour == 0:
        return f"zero {_cardinal(minute)}" if minute else "północ"
    said = re.sub(r"[yi](?= |$)", "a", _ordinal(hour)).replace("trzeca", "trzecia")
    said = said.replace("druga", "druga")
    if not minute:
        return said
    return f"{said} zero {_cardinal(minute)}" if minute < 10 else f"{said} {_cardinal(minute)}"


_MONTHS = (
    "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada"
    "|grudnia"
)
_YEAR = re.compile(rf"(?<=\w )({_MONTHS}) (\d{{4}})(?: roku(?!\w)| r\.)?")


def _years(text: str) -> str:
    """The year of a date is an ordinal in the genitive."""
    text = re.sub(
        r"(?<![\w.,])([12]\d{3}) (?=roku(?!\w))", lambda found: f"{_genitive(int(found[1]))} ", text
    )
    return _YEAR.sub(lambda found: f"{found[1]} {_genitive(int(found[2]))} roku", text)


READING = Reading(
    abbreviations={
        r"dr\.?(?= [A-ZŁŚŻ])": "doktor",
        r"prof\.": "profesor",
        r"inż\.": "inżynier",
        r"mgr\.?": "magister",
        r"św\.": "święty",
        r"ul\.": "ulica",
        r"np\.": "na przykład",
        r"itd\.": "i tak dalej",
        r"itp\.": "i tym podobne",
        r"m\. ?in\.": "między innymi",
        r"ok\.(?= \d)": "około",
        r"tzn\.": "to znaczy",
        r"nr\.?(?= ?\d)": "numer",
        r"godz\.(?= ?\d)": "godzina",
        r"str\.(?= ?\d)": "strona",
    },
    money={
        "$": "one:dolar few:dolary many:dolarów other:dolara",
        "US$": "one:dolar few:dolary many:dolarów other:dolara",
        "€": "euro",
        "£": "one:funt few:funty many:funtów other:funta",
        "¥": "one:jen few:jeny many:jenów other:jena",
        "zł": "one:złoty few:złote many:złotych other:złotego",
        "R$": "one:real few:reale many:reali other:reala",
        "¢": "one:cent few:centy many:centów other:centa",
    },
    units={
        "tys": "one:tysiąc few:tysiące many:tysięcy other:tysiąca",
        "mln": "one:milion few:miliony many:milionów other:miliona",
        "mld": "one:miliard few:miliardy many:miliardów other:miliarda",
    },
    hundredths={"zł": "one:grosz few:grosze many:groszy other:grosza"},
    number="numer",
    clock=_clock,
    agreement=_agreement,
    feminine=r"(?:godzin|minut|sekund|ton|mil|osob|osób|kobiet|dziewczyn|książ|rupi|koron)\w*",
    day=_genitive,
    chapters=r"[Rr]ozdział|[Cc]zęść|[Tt]om|[Aa]kt|[Tt]yp|[Ff]aza",
    reign=lambda number: _ordinal(number).capitalize(),
    own=_years,
    halves={2: ("druga", "drugie"), 4: ("czwarta", "czwarte")},
    slash="ukośnik",
    dot="kropka",
    hyphen="myślnik",
    underscore="podkreślnik",
)
