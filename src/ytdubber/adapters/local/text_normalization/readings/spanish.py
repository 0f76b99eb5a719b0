"""Spanish."""

import re

from ..reading import Reading
from ..spellout import cardinal, ordinal


def _agreement(words: str, feminine: bool) -> str:
    if feminine:
        words = re.sub(r"(?<=cient)os(?!\w)", "as", words)
        return re.sub(r"uno(?!\w)", "una", words)
    return re.sub(r"veintiuno(?!\w)", "veintiún", re.sub(r"(?<!\w)uno(?!\w)", "un", words))


def _cardinal(number: int) -> str:
    return cardinal(number, "es")


def _ordinal(number: int, ending: str = "º") -> str:
    words = ordinal(number, "es")
    if ending.startswith(("a", "ª")) or ending.endswith("a"):
        return re.sub(r"o(?= |$)", "a", words)
    return re.sub(r"(primer|tercer)o$", r"\1", words) if ending == "er" else words


def _clock(hour: int, minute: int) -> str:
    said = _agreement(_cardinal(hour), feminine=True)
    return f"{said} y {_cardinal(minute)}" if minute else said


def _roman(number: int) -> str:
    """Kings and centuries are ordinals up to the tenth (RAE, Ortografía)."""
    return _ordinal(number) if number <= 10 else _cardinal(number)


READING = Reading(
    abbreviations={
        r"Sr\.": "señor",
        r"Sra\.": "señora",
        r"Srta\.": "señorita",
        r"Dr\.": "doctor",
        r"Dra\.": "doctora",
        r"D\.(?= [A-ZÁÉÍÓÚ][a-záéíóúñ])": "don",
        r"Prof\.": "profesor",
        r"EE\. ?UU\.|EE ?UU": "Estados Unidos",
        r"pág\.": "página",
        r"p\. ?ej\.": "por ejemplo",
        r"etc\.": "etcétera",
        r"John": "Yon",
        r"James": "Yéims",
        r"Jane": "Yein",
    },
    money={
        "$": "one:dólar other:dólares",
        "US$": "one:dólar estadounidense other:dólares estadounidenses",
        "€": "one:euro other:euros", "£": "one:libra other:libras", "¥": "one:yen other:yenes",
        "R$": "one:real other:reales", "₹": "one:rupia other:rupias", "kr": "coronas",
        "¢": "one:centavo other:centavos",
    },
    hundredths={
        "$": "one:centavo other:centavos", "US$": "one:centavo other:centavos",
        "€": "one:céntimo other:céntimos", "£": "one:penique other:peniques",
        "R$": "one:centavo other:centavos",
    },
    of_millions="de ",
    through="a",
    number="número",
    clock=_clock,
    agreement=_agreement,
    feminine=r"(?:horas?|libras?|rupias?|coronas?|toneladas?|millas?|yardas?|pulgadas?|onzas?"
    r"|personas?|veces|vez|semanas?|mujer|mujeres|niñas?|casas?|páginas?|palabras?|cosas?)\b",
    feminine_before=r"las|unas|estas|esas|aquellas|otras",
    ordinal=r"(\d+)\.?(er|[ºª]|[rdtnv]?[oa])",
    ordinal_words=_ordinal,
    day=lambda number, _before: "primero" if number == 1 else _cardinal(number),
    day_mark="º? de",
    chapters=r"[Cc]apítulo|[Pp]arte|[Vv]olumen|[Aa]cto|[Ll]ibro|[Aa]rtículo|[Tt]ipo|[Ff]ase",
    reign=_roman,
    centuries=r"[Ss]iglos?",
    century=_roman,
    halves={
        2: ("medio", "medios"), 3: ("tercio", "tercios"), 4: ("cuarto", "cuartos"),
        5: ("quinto", "quintos"), 10: ("décimo", "décimos"),
    },
    slash="barra",
    dot="punto",
    hyphen="guion",
    underscore="guion bajo",
)  # fmt: skip
