"""Spanish."""

import re

from ..reading import Reading
from ..spellout import cardinal, ordinal


def _agreement(words: str, feminine: bool) -> str:
    if feminine:
        words = re.sub(r"(?<=ient)os(?!\w)", "as", words)
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


def _reign(number: int, woman: bool) -> str:
    """Kings and centuries are ordinals up to the tenth (RAE, Ortografía)."""
    return _ordinal(number, "ª" if woman else "º") if number <= 10 else _cardinal(number)


def _and_a_half(number: int, noun: str) -> str:
    feminine = re.fullmatch(_FEMININE, noun) is not None
    said = _agreement(_cardinal(number), feminine)
    return f"{said} {noun} y {'media' if feminine else 'medio'}".replace("  ", " ")


_FEMININE = (
    r"(?:horas?|libras?|rupias?|coronas?|toneladas?|millas?|yardas?|pulgadas?|onzas?"
    r"|personas?|veces|vez|semanas?|mujer|mujeres|niñas?|casas?|páginas?|palabras?|cosas?|tazas?"
    r"|cucharadas?|botellas?|docenas?|jornadas?|familias?|empresas?|ciudades|ciudad)\b"
)


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
        r"págs?\.|p\.(?= ?\d)": "página",
        r"pp\.(?= ?\d)": "páginas",
        r"s\.(?= [IVX]+(?!\w))": "siglo",
        r"Uds\.": "ustedes",
        r"Ud\.": "usted",
        r"§(?= ?\d)": "sección",
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
    feminine=_FEMININE,
    and_a_half=_and_a_half,
    score="a",
    telephone=r"[6-9]\d\d \d{3} \d{3}|[6-9]\d\d( \d\d){3}",
    feminine_before=r"las|unas|estas|esas|aquellas|otras",
    ordinal=r"(\d+)\.?(er|[ºª]|[rdtnv]?[oa])",
    ordinal_words=_ordinal,
    day=lambda number, _before: "primero" if number == 1 else _cardinal(number),
    day_mark="º? de",
    chapters=r"[Cc]apítulo|[Pp]arte|[Vv]olumen|[Aa]cto|[Ll]ibro|[Aa]rtículo|[Tt]ipo|[Ff]ase",
    reign=_reign,
    centuries=r"[Ss]iglos?",
    century=lambda number, _noun, _before: _reign(number, False),
    halves={
        2: ("medio", "medios"), 3: ("tercio", "tercios"), 4: ("cuarto", "cuartos"),
        5: ("quinto", "quintos"), 10: ("décimo", "décimos"),
    },
    slash="barra",
    dot="punto",
    hyphen="guion",
    underscore="guion bajo",
)  # fmt: skip
