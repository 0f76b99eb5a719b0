"""Swedish. espeak-ng reads its whole numbers well."""

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
    reign=lambda number: f"den {_ordinal(number)}",
    halves={2: ("halv", "halva"), 3: ("tredjedel", "tredjedelar"), 4: ("fjärdedel", "fjärdedelar")},
    slash="snedstreck",
    dot="punkt",
    hyphen="bindestreck",
    underscore="understreck",
)  # fmt: skip
