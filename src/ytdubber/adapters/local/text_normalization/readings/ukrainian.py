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


_HOURS = re.compile(r"(?<!\w)([Оо]|[Оо]б) (\w+(?: \w+)?)а година(?!\w)")
_NEUTER = re.compile(
    r"(?<![\w.,])(\d*[02-9]?1) (вікно|місце|слово|яблуко|яйце|дерево|число|обличчя|покоління|озеро"
    r"|речення|крісло|колесо|серце|правило)(?!\w)"
)
_DECADE = re.compile(r"(?<![\w.,-])(\d{1,3}0|\d0)-(?:ті|і|х|тих)(?!\w)")
_HRYVNIA = re.compile(r"(?<=\d)((?:\s(?:тис|млн|млрд)\.?)?)\s?грн(?!\w)")


def _neuter(match: re.Match[str]) -> str:
    number = int(match[1])
    words = _cardinal(number)
    return f"{words if number % 100 == 11 else re.sub('один$', 'одне', words)} {match[2]}"


def _decade(match: re.Match[str]) -> str:
    many = "их" if match[0].endswith("х") else "і"
    return re.sub(r"(?:ий|ій)$", many, _ordinal(int(match[1])))


def _in_case(number: int, noun: str, before: str) -> str:
    """An ordinal before `століття`: neuter, and after `у` in the locative."""
    if noun == "столітті":
        return _ordinal(number, "му")
    return re.sub(r"ій$", "є", re.sub(r"ий$", "е", _ordinal(number)))


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
    text = _HOURS.sub(r"\1 \2ій годині", text)
    text = _NEUTER.sub(_neuter, _DECADE.sub(_decade, _HRYVNIA.sub(r"\1 ₴", text)))
    text = _IN_A_YEAR.sub(
        lambda found: f"{_ordinal(int(found[1]), _CASES[found[2]])} {found[2]}", text
    )
    return _YEAR.sub(lambda found: f"{found[1]} {_ordinal(int(found[2]), 'го')} року", text)


_FEMININE = (
    r"(?:хвилин|секунд|годин|тонн|мил[яиь]|тисяч|копій|гривн|гривень|крон|рупі|жін|книг|тижн"
    r"|сторін|машин|дівч|сест)\w*"
)


def _and_a_half(number: int, noun: str) -> str:
    feminine = re.fullmatch(_FEMININE, noun) is not None
    if number == 1:
        return f"{'півтори' if feminine else 'півтора'} {noun}".strip()
    return f"{_agreement(_cardinal(number), feminine)} з половиною {noun}".strip()


READING = Reading(
    abbreviations={
        r"т\. ?д\.": "так далі",
        r"т\. ?п\.": "тому подібне",
        r"д-р": "доктор",
        r"проф\.": "професор",
        r"вул\.": "вулиця",
        r"с\.(?= ?\d)": "сторінка",
        r"§(?= ?\d)": "параграф",
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
    hundredths={
        "₴": "one:копійка few:копійки many:копійок other:копійки",
        **dict.fromkeys(("$", "US$", "€"), "one:цент few:центи many:центів other:цента"),
    },
    number="номер",
    clock=_clock,
    agreement=_agreement,
    feminine=_FEMININE,
    ordinal=r"(\d+)-(го|а|та|ша|га|й|ий|ій)",
    ordinal_words=_ordinal,
    day=lambda number, _before: _ordinal(number, "го"),
    chapters=r"[Рр]озділ|[Чч]астина|[Тт]ом|[Аа]кт|[Тт]ип|[Фф]аза",
    reign=lambda number, woman: _ordinal(number, "а" if woman else "").capitalize(),
    centuries=r"століття|столітті",
    century=_in_case,
    and_a_half=_and_a_half,
    own=_years,
    halves={2: ("друга", "других"), 3: ("третина", "третини"), 4: ("чверть", "чверті")},
    slash="скісна риска",
    dot="крапка",
    hyphen="дефіс",
    underscore="підкреслення",
)
