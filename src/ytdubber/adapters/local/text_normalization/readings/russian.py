"""Russian."""

import re

from ..reading import Reading
from ..spellout import cardinal

_NEUTER = re.compile(
    r"(?<![\w.,])(\d*[02-9]?1) (окно|место|дело|слово|письмо|яблоко|яйцо|дерево|число|лицо|утро"
    r"|поколение|предложение|животное|облако|озеро|пальто|кольцо|кресло|колесо|сердце|правило)(?!\w)"
)


def _agreement(words: str, feminine: bool) -> str:
    if feminine:
        return re.sub(r"(?<!\w)два$", "две", re.sub(r"(?<!\w)один$", "одна", words))
    return words


def _cardinal(number: int) -> str:
    return cardinal(number, "ru")


def _ordinal(number: int, ending: str = "") -> str:
    from num2words import num2words

    case, gender = {
        "го": ("g", "n"),
        "ая": ("n", "f"),
        "я": ("n", "f"),
        "е": ("n", "n"),
        "ое": ("n", "n"),
        "м": ("p", "m"),
        "ом": ("p", "m"),
    }.get(ending, ("n", "m"))
    words: str = num2words(number, lang="ru", to="ordinal", case=case, gender=gender)
    return words


def _clock(hour: int, minute: int) -> str:
    if not minute:
        few, one = hour % 10 in (2, 3, 4) and hour // 10 != 1, hour % 10 == 1 and hour != 11
        return f"{_cardinal(hour)} {'час' if one else 'часа' if few else 'часов'}"
    nought = "ноль " if minute < 10 else ""
    return f"{_cardinal(hour)} {nought}{_cardinal(minute)}"


_MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
_YEAR = re.compile(rf"(?<=\w )({_MONTHS}) (\d{{4}})(?:\s(?:года(?!\w)|г\.))?")


_DECADE = re.compile(r"(?<![\w.,-])(\d{1,3}0|\d0)-(е|х|м|ми)(?!\w)")
_PLURAL_CASES = {"е": "n", "х": "g", "м": "d", "ми": "i"}
_ROUBLES = re.compile(r"(?<=\d)((?:\s(?:тыс|млн|млрд)\.?)?)\s?руб(?!\w)(?:\.(?=\s+[а-яё]))?")


def _in_case(number: int, noun: str, before: str) -> str:
    """An ordinal before `век` in any case."""
    endings = {"век": "", "века": "го", "веке": "м"}
    return _ordinal(number, endings.get(noun.lower(), ""))


def _decade(match: re.Match[str]) -> str:
    from num2words import num2words

    case = _PLURAL_CASES[match[2]]
    words: str = num2words(int(match[1]), lang="ru", to="ordinal", case=case, plural=True)
    return words


def _neuter(match: re.Match[str]) -> str:
    """`одно окно`, `двадцать одно место`."""
    number = int(match[1])
    words = _cardinal(number)
    return f"{words if number % 100 == 11 else re.sub('один$', 'одно', words)} {match[2]}"


_CASES = {"год": "", "года": "го", "году": "м"}
_IN_A_YEAR = re.compile(r"(?<![\w.,])([12]\d{3}) (год[ау]?)(?!\w)")


def _years(text: str) -> str:
    """A year is an ordinal in the case of the word after it, in the genitive in a date."""
    text = _NEUTER.sub(_neuter, _DECADE.sub(_decade, _ROUBLES.sub(r"\1 ₽", text)))
    text = _IN_A_YEAR.sub(
        lambda found: f"{_ordinal(int(found[1]), _CASES[found[2]])} {found[2]}", text
    )
    return _YEAR.sub(lambda found: f"{found[1]} {_ordinal(int(found[2]), 'го')} года", text)


_FEMININE = (
    r"(?:минут|секунд|тонн|мил[яиь]|тысяч|копе|гривн|крон|рупи|иен|женщин|книг|недел|страниц"
    r"|машин|девоч|девуш|сестр)\w*"
)


def _and_a_half(number: int, noun: str) -> str:
    feminine = re.fullmatch(_FEMININE, noun) is not None
    if number == 1:
        return f"{'полторы' if feminine else 'полтора'} {noun}".strip()
    return f"{_agreement(_cardinal(number), feminine)} с половиной {noun}".strip()


READING = Reading(
    abbreviations={
        r"т\. ?е\.": "то есть",
        r"т\. ?д\.": "так далее",
        r"т\. ?п\.": "тому подобное",
        r"т\. ?к\.": "так как",
        r"и др\.": "и другие",
        r"г-н": "господин",
        r"г-жа": "госпожа",
        r"д-р": "доктор",
        r"проф\.": "профессор",
        r"акад\.": "академик",
        r"ул\.": "улица",
        r"§(?= ?\d)": "параграф",
        r"напр\.": "например",
        r"до н\. ?э\.": "до нашей эры",
        r"стр\.(?= ?\d)": "страница",
        r"(?<=\d\d\d\d )г\.": "года",
    },
    money={
        "$": "one:доллар few:доллара many:долларов other:доллара",
        "US$": "one:доллар few:доллара many:долларов other:доллара",
        "€": "евро",
        "£": "one:фунт few:фунта many:фунтов other:фунта",
        "¥": "one:иена few:иены many:иен other:иены",
        "₽": "one:рубль few:рубля many:рублей other:рубля",
        "R$": "one:реал few:реала many:реалов other:реала",
        "¢": "one:цент few:цента many:центов other:цента",
    },
    units={
        "руб": "one:рубль few:рубля many:рублей other:рубля",
        "коп": "one:копейка few:копейки many:копеек other:копейки",
        "тыс": "one:тысяча few:тысячи many:тысяч other:тысячи",
        "млн": "one:миллион few:миллиона many:миллионов other:миллиона",
        "млрд": "one:миллиард few:миллиарда many:миллиардов other:миллиарда",
        "т": "one:тонна few:тонны many:тонн other:тонны",
        "сек": "one:секунда few:секунды many:секунд other:секунды",
    },
    hundredths={
        "₽": "one:копейка few:копейки many:копеек other:копейки",
        **dict.fromkeys(("$", "US$", "€"), "one:цент few:цента many:центов other:цента"),
    },
    number="номер",
    clock=_clock,
    agreement=_agreement,
    feminine=_FEMININE,
    ordinal=r"(\d+)-(го|ая|я|ое|е|ом|м|ый|ий|й)",
    ordinal_words=_ordinal,
    day=lambda number, _before: _ordinal(number, "го"),
    chapters=r"[Гг]лава|[Чч]асть|[Тт]ом|[Аа]кт|[Тт]ип|[Фф]аза",
    reign=lambda number, woman: _ordinal(number, "я" if woman else "").capitalize(),
    centuries=r"века|веке|век",
    century=_in_case,
    and_a_half=_and_a_half,
    own=_years,
    halves={2: ("вторая", "вторых"), 3: ("третья", "трети"), 4: ("четверть", "четверти")},
    slash="слэш",
    dot="точка",
    hyphen="дефис",
    underscore="подчёркивание",
)  # fmt: skip
