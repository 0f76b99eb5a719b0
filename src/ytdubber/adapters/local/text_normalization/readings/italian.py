"""Italian."""

import re

from ..reading import Reading
from ..spellout import cardinal, ordinal


def _agreement(words: str, feminine: bool) -> str:
    return re.sub(r"^uno$", "una" if feminine else "un", words)


def _cardinal(number: int) -> str:
    return cardinal(number, "it")


def _and_a_half(number: int, noun: str) -> str:
    feminine = re.fullmatch(_FEMININE, noun) is not None
    said = _agreement(_cardinal(number), feminine)
    return f"{said} {noun} e {'mezza' if feminine else 'mezzo'}".replace("  ", " ")


_FEMININE = (
    r"(?:or[ae]|sterlin[ae]|rupi[ae]|tonnellat[ae]|migli[ae]|iard[ae]|person[ae]|volt[ae]"
    r"|settiman[ae]|donn[ae]|ragazz[ae]|cas[ae]|pagin[ae]|parol[ae]|cos[ae]|tazz[ae]|bottigli[ae]"
    r"|giornat[ae]|famigli[ae]|dozzin[ae])\b"
)


def _ordinal(number: int, ending: str = "º") -> str:
    words = ordinal(number, "it")
    return re.sub(r"o$", "a", words) if ending in "aª" else words


def _clock(hour: int, minute: int) -> str:
    said = "una" if hour == 1 else _cardinal(hour)
    return f"{said} e {_cardinal(minute)}" if minute else said


READING = Reading(
    abbreviations={
        r"Sig\.ra": "signora",
        r"Sig\.na": "signorina",
        r"Sigg\.": "signori",
        r"Sig\.": "signor",
        r"Dott\.ssa": "dottoressa",
        r"Dott\.|Dr\.": "dottor",
        r"Prof\.ssa": "professoressa",
        r"Prof\.": "professor",
        r"Ing\.": "ingegner",
        r"Avv\.": "avvocato",
        r"ecc\.": "eccetera",
        r"(?<![A-Z]\. )S\.(?= [A-Z][a-z])": "San",
        r"n\.(?= ?\d)": "numero",
        r"pagg?\.(?= ?\d)|p\.(?= ?\d)": "pagina",
        r"pp\.(?= ?\d)": "pagine",
        r"§(?= ?\d)": "paragrafo",
        r"(?<=anni )['’](?=\d)": "",
        r"p\. ?es\.": "per esempio",
        r"a\.C\.": "avanti Cristo",
    },
    money={
        "$": "one:dollaro other:dollari", "US$": "one:dollaro other:dollari", "€": "euro",
        "£": "one:sterlina other:sterline", "¥": "yen", "R$": "one:real other:reais",
        "₹": "one:rupia other:rupie", "kr": "corone", "¢": "one:centesimo other:centesimi",
    },
    hundredths={
        "€": "one:centesimo other:centesimi", "$": "one:centesimo other:centesimi",
        "£": "penny",
    },
    of_millions="di ",
    through="a",
    number="numero",
    clock=_clock,
    agreement=_agreement,
    feminine=_FEMININE,
    and_a_half=_and_a_half,
    score="a",
    telephone=r"3\d\d \d{6,7}",
    ordinal=r"(\d+)([º°ª](?!\s?[CF]\b))",
    ordinal_words=_ordinal,
    day=lambda number, _before: "primo" if number == 1 else _cardinal(number),
    day_mark="º?",
    chapters=r"[Cc]apitolo|[Pp]arte|[Vv]olume|[Aa]tto|[Ll]ibro|[Aa]rticolo|[Tt]ipo|[Ff]ase",
    reign=lambda number, woman: _ordinal(number, "ª" if woman else "º"),
    centuries=r"[Ss]ecolo",
    century=lambda number, _noun, _before: _ordinal(number),
    halves={
        2: ("mezzo", "mezzi"), 3: ("terzo", "terzi"), 4: ("quarto", "quarti"),
        5: ("quinto", "quinti"), 10: ("decimo", "decimi"),
    },
    slash="barra",
    dot="punto",
    hyphen="trattino",
    underscore="trattino basso",
)  # fmt: skip
