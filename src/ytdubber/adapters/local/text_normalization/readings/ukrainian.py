"""Ukrainian."""

import re

from ..reading import Reading
from ..spellout import cardinal, ordinal


def _agreement(words: str, feminine: bool) -> str:
    if feminine:
        return re.sub(r"(?<!\w)два$", "дві", re.sub(r"(?<!\w)один$", "одна", words))
    return words


def _cardinal(number: int) -> str:
    return cardinal(number, "uk")


def _ordinal(number: int, ending: str = "") -> str:
    words = ordinal(number, "uk")
    if ending == "го":
        return re.sub(r"ій(?= |$)", "ього", re.sub(r"ий(?= |$)", "ого", words))
    if ending == "му":
        return re.sub(r"ій(?= |$)", "ьому", re.sub(r"ий(?= |$)", "ому", words))
    if ending in ("а", "та", "ша", "га"):
        return re.sub(r"ій(?= |$)", "я", re.sub(r"ий(?= |$)", "а", words))
    return words


def _clock(hour: int, minute: int) -> str:
    if not minute:
        return f"{_ordinal(hour, 'а')} година" if hour else "північ"
    nought = "нуль " if minute < 10 else ""
    return f"{_cardinal(hour)} {nought}{_cardinal(minute)}"


_MONTHS = "січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня"
_YEAR = re.compile(rf"(?<=\w )({_MONTHS}) (\d{{4}})(?:\s(?:року(?!\w)|р\.))?")


_CASES = {"рік": "", "року": "го", "році": "му"}
_IN_A_YEAR = re.compile(r"(?<![\w.,])([12]\d{3}) (рік|року|році)(?!\w)")


def _years(text: str) -> str:
    """A year is an ordinal in the case of the word after it, in the genitive in a date."""
    text = _IN_A_YEAR.sub(
        lambda found: f"{_ordinal(int(found[1]), _CASES[found[2]])} {found[2]}", text
    )
    return _YEAR.sub(lambda found: f"{found[1]} {_ordinal(int(found[2]), 'го')} року", text)


READING = Reading(
    abbreviations={
        r"т\. ?д\.": "так далі",
        r"т\. ?п\.": "тому подібне",
        r"д-р": "доктор",
        r"проф\.": "професор",
        r"вул\.": "вулиця",
        r"напр\.": "наприклад",
        r"до н\. ?е\.": "до нашої ери",
        r"(?<=\d\d\d\d )р\.": "року",
    },
    money={
        "$": "one:долар few:долари many:доларів other:долара",
        "US$": "one:долар few:долари many:доларів other:долара",
        "€": "євро",
        "£": "one:фунт few:фунти many:фунтів other:фунта",
        "₴": "one:гривня few:гривні many:гривень other:гривні",
        "¢": "one:цент few:центи many:центів other:цента",
    },
    units={
        "грн": "one:гривня few:гривні many:гривень other:гривні",
        "коп": "one:копійка few:копійки many:копійок other:копійки",
        "тис": "one:тисяча few:тисячі many:тисяч other:тисячі",
        "млн": "one:мільйон few:мільйони many:мільйонів other:мільйона",
        "млрд": "one:мільярд few:мільярди many:мільярдів other:мільярда",
    },
    hundredths={"₴": "one:копійка few:копійки many:копійок other:копійки"},
    number="номер",
    clock=_clock,
    agreement=_agreement,
    feminine=r"(?:хвилин|секунд|тонн|мил[яиь]|тисяч|копій|гривн|гривень|крон|рупі|жін|книг|тижн"
    r"|сторін|машин|дівч|сест)\w*",
    ordinal=r"(\d+)-(го|а|та|ша|га|й|ий|ій)",
    ordinal_words=_ordinal,
    day=lambda number, _before: _ordinal(number, "го"),
    chapters=r"[Рр]озділ|[Чч]астина|[Тт]ом|[Аа]кт|[Тт]ип|[Фф]аза",
    reign=lambda number: _ordinal(number).capitalize(),
    own=_years,
    halves={3: ("третина", "третини"), 4: ("чверть", "чверті")},
    slash="скісна риска",
    dot="крапка",
    hyphen="дефіс",
    underscore="підкреслення",
)
