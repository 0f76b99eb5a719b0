"""Swedish. espeak-ng reads its whole numbers well."""

import re

from ..reading import Reading

_ORDINALS = (
    "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde elfte tolfte trettonde"
    " fjortonde femtonde sextonde sjuttonde artonde nittonde tjugonde tjugoförsta tjugoandra"
    " tjugotredje tjugofjärde tjugofemte tjugosjätte tjugosjunde tjugoåttonde tjugonionde"
    " trettionde trettioförsta"
).split()


def _ordinal(number: int, _ending: str = "") -> str:
    return _ORDINALS[number - 1] if 1 <= number <= len(_ORDINALS) else f"{number}"


def _clock(hour: int, minute: int) -> str:
    if not minute:
        return str(hour)
    return f"{hour} noll {minute}" if minute < 10 else f"{hour} {minute}"


def _own(text: str) -> str:
    """Years and centuries are hundreds: `19 hundra 85`, `19 hundratalet`."""
    text = _CENTURY.sub(r"\1 hundratal", text)
    return _YEAR.sub(lambda found: f"{found[1]} hundra {int(found[2]) or ''}".rstrip(), text)


_CENTURY = re.compile(r"(?<![\w.,])(1[1-9])00-tal")
_YEAR = re.compile(
    r"(?<![\w.,:$€£#-])(1[1-9])(\d\d)(?![\w:°%€]|[.,-]\d|\s(?!till|och|var|är|kr)\w|\s\d|\skr)"
)


def _fraction(above: int, below: int) -> str:
    one, several = {
        2: ("halv", "halva"),
        3: ("tredjedel", "tredjedelar"),
        4: ("fjärdedel", "fjärdedelar"),
        5: ("femtedel", "femtedelar"),
        10: ("tiondel", "tiondelar"),
    }.get(below, (f"{below}", f"{below}"))
    return f"en {one}" if above == 1 else f"{above} {several}"


READING = Reading(
    abbreviations={
        r"[Dd]r\.?(?= [A-ZÅÄÖ])": "doktor",
        r"[Pp]rof\.": "professor",
        r"t\. ?ex\.": "till exempel",
        r"bl\. ?a\.": "bland annat",
        r"d\. ?v\. ?s\.": "det vill säga",
        r"osv\.?": "och så vidare",
        r"ca\.?(?= \d)": "cirka",
        r"nr\.?(?= ?\d)": "nummer",
        r"kl\.?(?= ?\d)": "klockan",
        r"m\.m\.": "med mera",
        r"s\.(?= ?\d)": "sidan",
        r"§(?= ?\d)": "paragraf",
        r"mkr": "miljoner kronor",
    },
    money={
        "$": "dollar", "US$": "dollar", "€": "euro", "£": "pund", "¥": "yen",
        "kr": "one:krona other:kronor", "R$": "real", "₹": "one:rupie other:rupier", "¢": "cent",
    },
    hundredths={"kr": "öre"},
    joint="och",
    through="till",
    number="nummer",
    clock=_clock,
    ordinal=r"(\d+)(:(?:e|a|de|dje))",
    ordinal_words=_ordinal,
    day=_ordinal,
    day_mark="(?::[ea])?",
    chapters=r"[Kk]apitel|[Dd]el|[Bb]ok|[Tt]yp|[Ff]as",
    reign=lambda number, _woman: f"den {_ordinal(number)}",
    own=_own,
    fraction=_fraction,
    and_a_half=lambda number, noun: f"{number} och en halv {noun}".strip(),
    slash="snedstreck",
    dot="punkt",
    hyphen="bindestreck",
    underscore="understreck",
)  # fmt: skip
