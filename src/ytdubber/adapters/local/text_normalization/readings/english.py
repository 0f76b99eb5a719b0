"""English."""

import re

from ..reading import Reading
from ..spellout import cardinal

_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip


def ordinal_of(words: str) -> str:
    """The ordinal of a cardinal in words."""
    head, _, last = words.rpartition(" ")
    made = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return f"{head} {made}".strip()


def _cardinal(number: int) -> str:
    return cardinal(number, "en")


def _ordinal(number: int, _ending: str = "") -> str:
    return ordinal_of(_cardinal(number))


def _day(number: int, before: str) -> str:
    """A day before its month: `the fifth of March`."""
    the = "" if before.lower() in ("the", "of") else "the "
    return f"{the}{_ordinal(number)} of"


def _clock(hour: int, minute: int) -> str:
    if minute:
        between = " oh " if minute < 10 else " "
        return f"{_cardinal(hour)}{between}{_cardinal(minute)}"
    return f"{_cardinal(hour)} o'clock" if 1 <= hour <= 12 else f"{_cardinal(hour)} hundred hours"


def _years(text: str) -> str:
    """Years and decades, where what stands around them speaks for years."""
    text = _SHORT_DECADE.sub(lambda found: _DECADES[int(found[1]) - 1], text)
    text = _DECADE.sub(lambda found: f"{_century(found[1])} {_DECADES[int(found[2]) - 1]}", text)
    return _YEAR.sub(lambda found: year(int(found[1])), text)


def _century(digits: str) -> str:
    return _cardinal(int(digits))


def year(number: int) -> str:
    """`nineteen ninety-five`, as the CLDR's rules for years have it."""
    first, last = divmod(number, 100)
    if 2000 <= number < 2010 or (last == 0 and first % 10 == 0):
        return _cardinal(number)
    if not last:
        return f"{_cardinal(first)} hundred"
    return f"{_cardinal(first)} {'oh ' if last < 10 else ''}{_cardinal(last)}"


_DECADES = "tens twenties thirties forties fifties sixties seventies eighties nineties".split()
_DECADE = re.compile(r"(?<!\d)(1[1-9]|20)([1-9])0'?s(?!\w)")
_SHORT_DECADE = re.compile(r"(?<!\w)['’]([2-9])0s(?!\w)")
_YEAR = re.compile(
    r"""(?<![\w.,:$€£#-]) (1[1-9]\d\d|20\d\d) (?![\w:°%€]|[.,-]\d|\s?(?:km|kg|m|cm|mm|%|million)\b)
    (?!\s+(?!was\b|is\b|has\b|this\b|us\b|its\b|as\b)[a-z]+s\b)
    (?!\s+(?:people|men|women|children|feet))""",
    re.VERBOSE,
)

READING = Reading(
    abbreviations={
        r"Mr\.?(?= [A-Z])": "Mister",
        r"Mrs\.?(?= [A-Z])": "Missus",
        r"Ms\.?(?= [A-Z])": "Miz",
        r"Dr\.?(?= [A-Z])": "Doctor",
        r"Prof\.(?= [A-Z])": "Professor",
        r"St\.(?= [A-Z])": "Saint",
        r"(?<=[a-z] )St\.(?! [A-Z])": "Street",
        r"(?<=[a-z] )Ave\.": "Avenue",
        r"(?<=[a-z] )Jr\.?": "Junior",
        r"(?<=[a-z] )Sr\.?": "Senior",
        r"(?:Lt|lt)\.(?= [A-Z])": "Lieutenant",
        r"Capt\.(?= [A-Z])": "Captain",
        r"Gen\.(?= [A-Z])": "General",
        r"Sen\.(?= [A-Z])": "Senator",
        r"Rev\.(?= [A-Z])": "Reverend",
        r"Mt\.(?= [A-Z])": "Mount",
        r"(?<=an )IV": "I V",
        r"IV(?= (?:drip|bag|line|fluids?))": "I V",
        r"vs\.?": "versus",
        r"etc\.": "et cetera",
        r"e\. ?g\.": "for example",
        r"i\. ?e\.": "that is",
        r"approx\.": "approximately",
        r"pp\.(?= ?\d)": "pages",
        r"p\.(?= ?\d)": "page",
        r"§(?= ?\d)": "section",
        r"(?<=\d['’]\d)[\"”](?!\w)": "",
        r"(?<=\d['’]\d\d)[\"”](?!\w)": "",
        r"(?<=\d )in\.": "inches",
    },
    money={
        "$": "one:dollar other:dollars", "£": "one:pound other:pounds", "¥": "yen",
        "₹": "one:rupee other:rupees", "R$": "one:real other:reais", "kr": "kroner",
        "¢": "one:cent other:cents", "US$": "one:US dollar other:US dollars",
    },
    hundredths={
        "$": "one:cent other:cents", "US$": "one:cent other:cents", "€": "one:cent other:cents",
        "£": "one:penny other:pence", "R$": "one:centavo other:centavos",
    },
    through="to",
    number="number",
    clock=_clock,
    ordinal=r"(\d+)(st|nd|rd|th)",
    ordinal_words=_ordinal,
    day=_day,
    day_mark="(?:st|nd|rd|th)?",
    chapters=r"[Cc]hapter|[Pp]art|[Vv]olume|[Aa]ct|[Bb]ook|[Ss]ection|War|Type|Phase|Bowl|Article",
    reign=lambda number, _woman: f"the {_ordinal(number)}",
    centuries=r"[Cc]entury",
    century=lambda number, _noun, _before: _ordinal(number),
    halves={
        2: ("half", "halves"), 3: ("third", "thirds"), 4: ("quarter", "quarters"),
        5: ("fifth", "fifths"), 6: ("sixth", "sixths"), 7: ("seventh", "sevenths"),
        8: ("eighth", "eighths"), 9: ("ninth", "ninths"), 10: ("tenth", "tenths"),
    },
    dot="dot",
    hyphen="dash",
    underscore="underscore",
    own=_years,
)  # fmt: skip
