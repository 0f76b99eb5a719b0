"""Units after numbers in words: `5 km/h`, `20 °C`, `100 m²`, `50%`. Their names are the CLDR's."""

import re
from decimal import Decimal
from functools import cache

from ytdubber.app.localization.number_format import NUMBER, cldr_locale, number_format
from ytdubber.domain.languages import language_of

from .numbers import gender_before, number_words, word_letters
from .plural import form
from .readings import reading_of

_UNITS: dict[str, str] = {
    "%": "concentr-percent", "٪": "concentr-percent", "‰": "concentr-permille",
    "km": "length-kilometer", "m": "length-meter", "cm": "length-centimeter",
    "mm": "length-millimeter", "ft": "length-foot", "mi": "length-mile", "yd": "length-yard",
    "nm": "length-nanometer", "µm": "length-micrometer",
    "kg": "mass-kilogram", "g": "mass-gram", "mg": "mass-milligram", "lb": "mass-pound",
    "lbs": "mass-pound", "oz": "mass-ounce", "t": "mass-tonne",
    "km/h": "speed-kilometer-per-hour", "kmh": "speed-kilometer-per-hour",
    "kph": "speed-kilometer-per-hour", "mph": "speed-mile-per-hour",
    "m/s": "speed-meter-per-second",
    "°C": "temperature-celsius", "ºC": "temperature-celsius", "℃": "temperature-celsius",
    "°F": "temperature-fahrenheit", "ºF": "temperature-fahrenheit",
    "°": "angle-degree",
    "m²": "area-square-meter", "m2": "area-square-meter", "km²": "area-square-kilometer",
    "km2": "area-square-kilometer", "cm²": "area-square-centimeter", "ha": "area-hectare",
    "m³": "volume-cubic-meter", "m3": "volume-cubic-meter", "cm³": "volume-cubic-centimeter",
    "l": "volume-liter", "L": "volume-liter", "ml": "volume-milliliter", "mL": "volume-milliliter",
    "cl": "volume-centiliter",
    "h": "duration-hour", "min": "duration-minute", "s": "duration-second",
    "ms": "duration-millisecond",
    "kB": "digital-kilobyte", "KB": "digital-kilobyte", "MB": "digital-megabyte",
    "GB": "digital-gigabyte", "TB": "digital-terabyte",
    "W": "power-watt", "kW": "power-kilowatt", "MW": "power-megawatt", "GW": "power-gigawatt",
    "kWh": "energy-kilowatt-hour", "V": "electric-volt", "mA": "electric-milliampere",
    "Hz": "frequency-hertz", "kHz": "frequency-kilohertz", "MHz": "frequency-megahertz",
    "GHz": "frequency-gigahertz", "kcal": "energy-kilocalorie", "hPa": "pressure-hectopascal",
    "MP": "graphics-megapixel",
}  # fmt: skip
"""Symbols in use everywhere, and the CLDR's name of the unit."""

_CYRILLIC = {
    "км": "length-kilometer", "м": "length-meter", "см": "length-centimeter",
    "мм": "length-millimeter", "кг": "mass-kilogram", "г": "mass-gram", "л": "volume-liter",
    "км/ч": "speed-kilometer-per-hour", "м²": "area-square-meter", "ч": "duration-hour",
    "мин": "duration-minute", "т": "mass-tonne", "км²": "area-square-kilometer",
}  # fmt: skip

_WITHOUT_A_WORD: dict[tuple[str, str], str] = {
    ("am", "energy-kilowatt-hour"): "{} ኪሎዋት ሰዓት",
    ("ga", "duration-millisecond"): "{} milleasoicind",
    ("ja", "concentr-percent"): "{}パーセント",
    ("ko", "concentr-percent"): "{} 퍼센트",
    ("ml", "concentr-percent"): "{} ശതമാനം",
    ("ml", "mass-gram"): "{} ഗ്രാം",
    ("vi", "concentr-percent"): "{} phần trăm",
    ("vi", "frequency-hertz"): "{} héc",
    ("zh", "concentr-percent"): "百分之{}",
    ("mt", "concentr-percent"): "{} fil-mija",
    ("mt", "length-kilometer"): "{} kilometri",
    ("mt", "length-meter"): "{} metri",
    ("mt", "length-centimeter"): "{} ċentimetri",
    ("mt", "length-millimeter"): "{} millimetri",
    ("mt", "mass-kilogram"): "{} kilogrammi",
    ("mt", "mass-gram"): "{} grammi",
    ("mt", "volume-liter"): "{} litri",
    ("mt", "digital-gigabyte"): "{} gigabytes",
    ("mt", "digital-megabyte"): "{} megabytes",
    ("mt", "duration-minute"): "{} minuti",
    ("mt", "duration-hour"): "{} sigħat",
    ("mt", "temperature-celsius"): "{} gradi Celsius",
    ("mt", "angle-degree"): "{} gradi",
    ("mt", "area-square-meter"): "{} metri kwadri",
    ("mt", "speed-kilometer-per-hour"): "{} kilometri fis-siegħa",
    ("mt", "energy-kilowatt-hour"): "{} kilowatt siegħa",
    ("mt", "frequency-hertz"): "{} hertz",
}
"""What is said for units whose long form in the CLDR is a symbol."""

_APART = frozenset({"s", "t", "m", "MP", "L", "ha", "м", "г", "ч"})
"""Symbols that stand apart from their number: `5s`, `4th` and `5G` are no measures."""

_SPACE = "[\\s\u00a0\u202f]"


@cache
def _symbols(language: str) -> dict[str, str]:
    """Symbols of units, in this language's writing, too (`км`)."""
    from babel.units import format_unit

    locale = cldr_locale(language)
    own: dict[str, str] = {}
    for unit in dict.fromkeys(_UNITS.values()):
        for count in (1, 2, 5):
            short = format_unit(count, unit, "short", locale=locale)
            symbol = re.sub(r"[\d\s\u00a0\u200e\u200f.]|[^\W\d_]*\d", "", short).strip()
            spelled = format_unit(count, unit, "long", locale=locale)
            if symbol and symbol not in spelled and len(symbol) < 7:
                own.setdefault(symbol, unit)
    return {**_CYRILLIC, **own, **_UNITS}


@cache
def _pattern(language: str) -> re.Pattern[str]:
    known = {*_symbols(language), *reading_of(language).units}
    symbols = sorted(known, key=len, reverse=True)
    letters = word_letters(language)
    after = r"[^\W\d_]" if language_of(language).capital_nouns else r"[^\W\d_A-ZА-ЯІЇЄҐ]"
    close = "|".join(re.escape(each) for each in symbols if each not in _APART)
    apart = "|".join(re.escape(each) for each in symbols if each in _APART)
    return re.compile(
        rf"(?P<number>{NUMBER})(?:{_SPACE}?(?P<close>{close})|{_SPACE}(?P<apart>{apart}))"
        rf"(?![{letters}²³/]|\.\w)(?:\.(?=\s{after}))?"
        rf"|(?<!\w)%{_SPACE}?(?P<before>{NUMBER})"
    )


def with_measures(text: str, language: str) -> str:
    """A text with its units in words, and the numbers before them."""

    def said(match: re.Match[str]) -> str:
        if match["before"]:
            return _measure(match["before"], "concentr-percent", language)
        symbol = match["close"] or match["apart"]
        own = reading_of(language).units.get(symbol)
        if own is not None:
            return _counted(match["number"], own, language)
        return _measure(match["number"], _symbols(language)[symbol], language)

    text = _pattern(language).sub(said, text)
    for symbol, forms in reading_of(language).units.items():
        if len(symbol) > 2 and symbol in text:
            several = form(forms, Decimal(10), language)
            text = re.sub(rf"(?<!\w){symbol}(?!\w)\.?(?!\s[^\W\d_a-zа-я])", several, text)
    return text


def _counted(written: str, forms: str, language: str) -> str:
    quantity = number_format(language).read(written)
    name = form(forms, quantity.value if quantity else Decimal(10), language)
    return f"{number_words(written, language, gender_before(f' {name}', language))} {name}"


def _measure(written: str, unit: str, language: str) -> str:
    from babel.numbers import format_decimal
    from babel.units import format_unit

    quantity = number_format(language).read(written)
    value = quantity.value if quantity else Decimal(10)
    if (language, unit) in _WITHOUT_A_WORD:
        return _WITHOUT_A_WORD[language, unit].format(number_words(written, language))
    locale = cldr_locale(language)
    plain = format_decimal(value, locale=locale)
    named = format_unit(value, unit, "long", locale=locale).replace("\u00a0", " ")
    plain = plain.replace("\u00a0", " ")
    before, found, name = named.partition(plain)
    if not found and not any(map(str.isdigit, named)) and value in (1, 2):
        return named
    if not found:
        return f"{number_words(written, language)} {named}"
    words = number_words(written, language, gender_before(name, language))
    return f"{before}{words}{name}"


def with_lone_units(text: str, language: str) -> str:
    """A text with the sign of percent named where it stands at no number."""
    name = _measure("100", "concentr-percent", language)
    for number in (number_words("100", language), "100"):
        name = name.replace(number, "")
    return re.sub(r"[%٪]", f" {name.strip()} ", text)
