"""Portuguese, of Brazil."""

import re

from ..reading import Reading
from ..spellout import cardinal, ordinal

_FEMININE = re.compile(r"(?<!\w)(?:(um)|(dois)|(\w+)entos)(?!\w)")


def _agreement(words: str, feminine: bool) -> str:
    if not feminine:
        return words
    return _FEMININE.sub(lambda m: "uma" if m[1] else "duas" if m[2] else f"{m[3]}entas", words)


def _cardinal(number: int) -> str:
    return cardinal(number, "pt")


def _ordinal(number: int, ending: str = "º") -> str:
    words = ordinal(number, "pt")
    return re.sub(r"o(?= |$)", "a", words) if ending in "aª" else words


def _clock(hour: int, minute: int) -> str:
    said = _agreement(_cardinal(hour), feminine=True)
    if minute:
        return f"{said} e {_cardinal(minute)}"
    return f"{said} hora" if hour == 1 else f"{said} horas"


def _reign(number: int, woman: bool) -> str:
    """Kings and centuries are ordinals up to the tenth."""
    return _ordinal(number, "ª" if woman else "º") if number <= 10 else _cardinal(number)


def _and_a_half(number: int, noun: str) -> str:
    feminine = re.fullmatch(_FEMININE_NOUNS, noun) is not None
    said = _agreement(_cardinal(number), feminine)
    return f"{said} {noun} e {'meia' if feminine else 'meio'}".replace("  ", " ")


_FEMININE_NOUNS = (
    r"(?:horas?|libras?|rupias?|coroas?|toneladas?|milhas?|jardas?|polegadas?|onças?|pessoas?"
    r"|vezes|vez|semanas?|mulheres|mulher|meninas?|casas?|páginas?|palavras?|perguntas?|coisas?"
    r"|xícaras?|colheres|garrafas?|dúzias?|famílias?|empresas?|cidades?)\b"
)


READING = Reading(
    abbreviations={
        r"Sr\.": "senhor",
        r"Sra\.": "senhora",
        r"Srs\.": "senhores",
        r"Sras\.": "senhoras",
        r"Srta\.": "senhorita",
        r"Dr\.": "doutor",
        r"Dra\.": "doutora",
        r"Prof\.": "professor",
        r"Profa\.|Prof\.ª": "professora",
        r"Sto\.": "santo",
        r"Sta\.": "santa",
        r"Jr\.": "júnior",
        r"[Aa]v\.(?= [A-Z])": "avenida",
        r"págs?\.(?= ?\d)|p\.(?= ?\d)": "página",
        r"pp\.(?= ?\d)": "páginas",
        r"séc\.(?= [IVX])": "século",
        r"§(?= ?\d)": "parágrafo",
        r"p\. ?ex\.": "por exemplo",
        r"etc\.": "et cétera",
        r"EUA": "Estados Unidos",
        r"John": "Djón",
        r"James": "Djeimes",
        r"Jane": "Djeine",
        r"Joe": "Djôu",
    },
    money={
        "R$": "one:real other:reais", "$": "one:dólar other:dólares",
        "US$": "one:dólar other:dólares", "€": "one:euro other:euros",
        "£": "one:libra other:libras", "¥": "one:iene other:ienes", "kr": "coroas",
        "₹": "one:rupia other:rupias", "¢": "one:centavo other:centavos",
    },
    hundredths=dict.fromkeys(("R$", "$", "US$", "€"), "one:centavo other:centavos"),
    joint="e",
    of_millions="de ",
    through="a",
    number="número",
    clock=_clock,
    hour_mark=True,
    agreement=_agreement,
    feminine=_FEMININE_NOUNS,
    and_a_half=_and_a_half,
    score="a",
    feminine_before=r"as|das|nas|às|pelas|[eê]ssas|estas|aquelas|suas|minhas|outras",
    ordinal=r"(\d+)\.?([ºªoa])",
    ordinal_words=_ordinal,
    day=lambda number, _before: "primeiro" if number == 1 else _cardinal(number),
    day_mark="º? de",
    chapters=r"[Cc]apítulo|[Pp]arte|[Vv]olume|[Aa]to|[Ll]ivro|[Aa]rtigo|[Tt]ipo|[Ff]ase",
    reign=_reign,
    centuries=r"[Ss]éculos?",
    century=lambda number, _noun, _before: _reign(number, False),
    halves={
        2: ("meio", "meios"), 3: ("terço", "terços"), 4: ("quarto", "quartos"),
        5: ("quinto", "quintos"), 10: ("décimo", "décimos"),
    },
    slash="barra",
    dot="ponto",
    hyphen="hífen",
    underscore="sublinhado",
)  # fmt: skip
