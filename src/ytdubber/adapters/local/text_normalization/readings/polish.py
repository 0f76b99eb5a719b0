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


def _locative(number: int) -> str:
    """`dwudziestym`: what follows `w`."""
    return re.sub(r"i(?= |$)", "im", re.sub(r"y(?= |$)", "ym", _ordinal(number)))


def _neuter(number: int, ending: str = "e") -> str:
    """`trzecie`, and `osiemdziesiąte`: before neuters and years."""
    return re.sub(r"i(?= |$)", "ie", re.sub(r"y(?= |$)", "e", _ordinal(number)))


def _feminine(number: int) -> str:
    return re.sub(r"trzeca(?= |$)", "trzecia", re.sub(r"[yi](?= |$)", "a", _ordinal(number)))


def _in_case(number: int, noun: str, before: str) -> str:
    """An ordinal before `wiek`, `wieku`, `rok` or `roku`."""
    if not noun.endswith("u"):
        return _ordinal(number)
    return _locative(number) if before.lower() in ("w", "we", "o", "po") else _genitive(number)


def _clock(hour: int, minute: int) -> str:
    if hour == 0:
        return f"zero {_cardinal(minute)}" if minute else "północ"
    said = _feminine(hour)
    if not minute:
        return said
    return f"{said} zero {_cardinal(minute)}" if minute < 10 else f"{said} {_cardinal(minute)}"


_MONTHS = (
    "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada"
    "|grudnia"
)
_YEAR = re.compile(rf"(?<=\w )({_MONTHS}) (\d{{4}})(?: roku(?!\w)| r\.)?")


_IN_A_YEAR = re.compile(r"((?<!\w)[^\W\d_]+ )?(?<![\w.,])([12]\d{3}) (rok|roku)(?!\w)")
_DECADE = re.compile(r"(?<!\w)([Ll]ata(?:ch)?) (\d0)\.(?=\s[^\W\d_A-ZŁŚŻ]|[,;)]|$)")
_FLOOR = re.compile(
    r"(?<![\w.,])(\d{1,2})\. (piętro|miejsce|okrążenie|pytanie|zdanie|dziecko)(?!\w)"
)
_AT_AN_HOUR = re.compile(
    r"(?<!\w)([Oo]|[Oo]d|[Dd]o|[Pp]o|[Oo]koło) ((?:dwudziesta )?(?:pierwsza|druga|trzecia|czwarta"
    r"|piąta|szósta|siódma|ósma|dziewiąta|dziesiąta|\w+nasta)|dwudziesta)(?!\w)"
)
_MEN = re.compile(
    r"(?<![\w.,])(10|[2-9]) (mężczyzn|ludzi|chłopców|panów|braci|synów|kolegów|uczniów)(?!\w)"
)
_OF_MEN = "dwóch trzech czterech pięciu sześciu siedmiu ośmiu dziewięciu dziesięciu".split()


def _oblique(match: re.Match[str]) -> str:
    """`o siódmej`: an hour after a preposition."""
    hour = re.sub(r"ia(?= |$)", "iej", match[2])
    hour = re.sub(r"ga(?= |$)", "giej", hour)
    return f"{match[1]} {re.sub(r'a(?= |$)', 'ej', hour)}"


def _years(text: str) -> str:
    """The year of a date is an ordinal in the genitive; other years are in the case of `rok`."""
    text = _AT_AN_HOUR.sub(_oblique, text)
    text = _MEN.sub(lambda found: f"{_OF_MEN[int(found[1]) - 2]} {found[2]}", text)
    text = _DECADE.sub(lambda found: f"{found[1]} {_neuter(int(found[2]))}", text)
    text = _FLOOR.sub(lambda found: f"{_neuter(int(found[1]))} {found[2]}", text)
    text = _IN_A_YEAR.sub(
        lambda found: (
            f"{found[1] or ''}"
            f"{_in_case(int(found[2]), found[3], (found[1] or '').strip())} {found[3]}"
        ),
        text,
    )
    return _YEAR.sub(lambda found: f"{found[1]} {_genitive(int(found[2]))} roku", text)


_FEMININE = r"(?:godzin|minut|sekund|ton|mil|osob|osób|kobiet|dziewczyn|książ|rupi|koron)\w*"


def _and_a_half(number: int, noun: str) -> str:
    feminine = re.fullmatch(_FEMININE, noun) is not None
    if number == 1:
        return f"{'półtorej' if feminine else 'półtora'} {noun}".strip()
    return f"{_agreement(_cardinal(number), feminine)} i pół {noun}".strip()


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
        r"str\.(?= ?\d)|s\.(?= ?\d)": "strona",
        r"§(?= ?\d)": "paragraf",
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
    feminine=_FEMININE,
    day=_genitive,
    chapters=r"[Rr]ozdział|[Cc]zęść|[Tt]om|[Aa]kt|[Tt]yp|[Ff]aza",
    reign=lambda number, woman: (_feminine(number) if woman else _ordinal(number)).capitalize(),
    centuries=r"wieku|wiek",
    century=_in_case,
    telephone=r"[4-8]\d\d \d{3} \d{3}",
    and_a_half=_and_a_half,
    own=_years,
    halves={2: ("druga", "drugie"), 4: ("czwarta", "czwarte")},
    slash="ukośnik",
    dot="kropka",
    hyphen="myślnik",
    underscore="podkreślnik",
)
