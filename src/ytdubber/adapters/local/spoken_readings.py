"""What espeak-ng reads wrong, language by language. Only what was heard to be wrong is listed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Clock = Callable[[int, int], str]


@dataclass(frozen=True, slots=True)
class Reading:
    """How one language says what is written short.

    Attributes:
        abbreviations: Regular expressions of whole words, and what is said for them; also English
            names that would be read letter by letter.
        units: After a number: one of it, several of it.
        money: Signs, and the money's name: one of it, several of it.
        cents: What stands between whole money and its hundredths ("3 euros and 50").
        of_millions: What stands between millions and the money's name, with its space.
        through: What a dash between two numbers is read as.
        clock: An hour and its minutes in words, or None where espeak-ng reads `17:30` well.
        hour_mark: Whether `17h30` is written for a time.
    """

    abbreviations: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    money: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    cents: str = ""
    of_millions: str = ""
    through: str = ""
    clock: Clock | None = None
    hour_mark: bool = False


def _english_clock(hour: int, minute: int) -> str:
    if minute:
        return f"{hour} oh {minute}" if minute < 10 else f"{hour} {minute}"
    return f"{hour} o'clock" if 1 <= hour <= 12 else f"{hour} hundred hours"


def _portuguese_clock(hour: int, minute: int) -> str:
    said = {1: "uma", 2: "duas", 21: "vinte e uma", 22: "vinte e duas"}.get(hour, str(hour))
    if minute:
        return f"{said} e {minute}"
    return f"{said} hora" if hour == 1 else f"{said} horas"


def _spanish_clock(hour: int, minute: int) -> str:
    said = {1: "una", 21: "veintiuna"}.get(hour, str(hour))
    return f"{said} y {minute}" if minute else said


def _french_clock(hour: int, minute: int) -> str:
    said = {1: "une", 21: "vingt et une"}.get(hour, str(hour))
    said += " heure" if hour < 2 else " heures"
    return f"{said} {minute}" if minute else said


def _italian_clock(hour: int, minute: int) -> str:
    said = "una" if hour == 1 else str(hour)
    return f"{said} e {minute}" if minute else said


READINGS: dict[str, Reading] = {
    "en": Reading(
        abbreviations={
            r"Ms\.?(?= [A-Z])": "Miz",
            r"Prof\.(?= [A-Z])": "Professor",
            r"(?<=[a-z] )St\.(?! [A-Z])": "Street",
            r"(?<=[a-z] )Ave\.": "Avenue",
            r"(?<=[a-z] )Jr\.?": "Junior",
            r"(?<=[a-z] )Sr\.?": "Senior",
            r"(?:Lt|lt)\.(?= [A-Z])": "Lieutenant",
            r"Capt\.(?= [A-Z])": "Captain",
            r"Gen\.(?= [A-Z])": "General",
            r"Sen\.(?= [A-Z])": "Senator",
            r"Rev\.(?= [A-Z])": "Reverend",
            r"vs\.?": "versus",
            r"e\. ?g\.": "for example",
            r"i\. ?e\.": "that is",
            r"approx\.": "approximately",
            r"No\.(?= ?\d)": "number",
            r"#(?=\d)": "number ",
            r"1/2(?!/)": "one half",
            r"1/3(?!/)": "one third",
            r"2/3(?!/)": "two thirds",
            r"1/4(?!/)": "one quarter",
            r"3/4(?!/)": "three quarters",
        },
        units={
            "kg": ("kilogram", "kilograms"),
            "g": ("gram", "grams"),
            "mg": ("milligram", "milligrams"),
            "km": ("kilometer", "kilometers"),
            "m": ("meter", "meters"),
            "cm": ("centimeter", "centimeters"),
            "mm": ("millimeter", "millimeters"),
            "km/h": ("kilometer an hour", "kilometers an hour"),
            "mph": ("mile an hour", "miles an hour"),
            "ft": ("foot", "feet"),
            "lb": ("pound", "pounds"),
            "lbs": ("pound", "pounds"),
            "oz": ("ounce", "ounces"),
            "°C": ("degree Celsius", "degrees Celsius"),
            "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
        },
        money={
            "US$": ("dollar", "dollars"),
            "$": ("dollar", "dollars"),
            "£": ("pound", "pounds"),
            "€": ("euro", "euros"),
        },
        through="to",
        clock=_english_clock,
    ),
    "pt": Reading(
        abbreviations={
            r"Sr\.": "senhor",
            r"Sra\.": "senhora",
            r"Srs\.": "senhores",
            r"Sras\.": "senhoras",
            r"Srta\.": "senhorita",
            r"Prof\.": "professor",
            r"Profa\.|Prof\.ª": "professora",
            r"Sto\.": "santo",
            r"Sta\.": "santa",
            r"Jr\.": "júnior",
            r"[Aa]v\.(?= [A-Z])": "avenida",
            r"pág\.(?= ?\d)": "página",
            r"p\. ?ex\.": "por exemplo",
            r"EUA": "Estados Unidos",
            r"John": "Djón",
            r"James": "Djeimes",
            r"Jane": "Djeine",
            r"Joe": "Djôu",
        },
        units={
            "kg": ("quilo", "quilos"),
            "g": ("grama", "gramas"),
            "km": ("quilômetro", "quilômetros"),
            "m": ("metro", "metros"),
            "cm": ("centímetro", "centímetros"),
            "mm": ("milímetro", "milímetros"),
            "km/h": ("quilômetro por hora", "quilômetros por hora"),
            "°C": ("grau Celsius", "graus Celsius"),
        },
        money={
            "R$": ("real", "reais"),
            "US$": ("dólar", "dólares"),
            "$": ("dólar", "dólares"),
            "€": ("euro", "euros"),
            "£": ("libra", "libras"),
        },
        cents="e",
        of_millions="de ",
        through="a",
        clock=_portuguese_clock,
        hour_mark=True,
    ),
    "es": Reading(
        abbreviations={
            r"Prof\.": "profesor",
            r"EE\. ?UU\.|EE ?UU": "Estados Unidos",
            r"núm\.": "número",
            r"pág\.": "página",
            r"p\. ?ej\.": "por ejemplo",
            r"John": "Yon",
            r"James": "Yéims",
            r"Jane": "Yein",
            r"(?<=\d)\.(?=[ºª])": "",
        },
        units={
            "kg": ("kilo", "kilos"),
            "g": ("gramo", "gramos"),
            "km": ("kilómetro", "kilómetros"),
            "m": ("metro", "metros"),
            "cm": ("centímetro", "centímetros"),
            "mm": ("milímetro", "milímetros"),
            "km/h": ("kilómetro por hora", "kilómetros por hora"),
            "°C": ("grado Celsius", "grados Celsius"),
        },
        money={
            "US$": ("dólar", "dólares"),
            "$": ("dólar", "dólares"),
            "€": ("euro", "euros"),
            "£": ("libra", "libras"),
        },
        cents="con",
        of_millions="de ",
        through="a",
        clock=_spanish_clock,
    ),
    "fr": Reading(
        abbreviations={
            r"M\.(?= (?:[A-Z]|l[ea] ))": "monsieur",
            r"MM\.(?= [A-Z])": "messieurs",
            r"[nN]°(?= ?\d)": "numéro",
            r"p\. ?ex\.": "par exemple",
            r"XIIe(?= siècle)": "douzième",
            r"XIIIe(?= siècle)": "treizième",
            r"XIVe(?= siècle)": "quatorzième",
            r"XVe(?= siècle)": "quinzième",
            r"XVIe(?= siècle)": "seizième",
            r"XVIIe(?= siècle)": "dix-septième",
            r"XVIIIe(?= siècle)": "dix-huitième",
            r"XIXe(?= siècle)": "dix-neuvième",
            r"XXe(?= siècle)": "vingtième",
            r"XXIe(?= siècle)": "vingt et unième",
            r"(?<=\d)e(?!\w)": "ème",
        },
        units={"km/h": ("kilomètre heure", "kilomètres heure")},
        money={"$": ("dollar", "dollars"), "€": ("euro", "euros"), "£": ("livre", "livres")},
        of_millions="de ",
        through="à",
        clock=_french_clock,
        hour_mark=True,
    ),
    "it": Reading(
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
            r"S\.(?= [A-Z])": "San",
            r"n\.(?= ?\d)": "numero",
            r"pag\.(?= ?\d)": "pagina",
        },
        units={
            "kg": ("chilo", "chili"),
            "g": ("grammo", "grammi"),
            "km": ("chilometro", "chilometri"),
            "m": ("metro", "metri"),
            "cm": ("centimetro", "centimetri"),
            "mm": ("millimetro", "millimetri"),
            "km/h": ("chilometro all'ora", "chilometri all'ora"),
            "°C": ("grado Celsius", "gradi Celsius"),
        },
        money={"$": ("dollaro", "dollari"), "€": ("euro", "euro"), "£": ("sterlina", "sterline")},
        cents="e",
        of_millions="di ",
        through="a",
        clock=_italian_clock,
    ),
    "hi": Reading(
        abbreviations={r"डॉ\.?": "डॉक्टर", r"मि\.": "मिस्टर", r"श्री\.": "श्री"},
        units={"किमी": ("किलोमीटर", "किलोमीटर"), "किग्रा": ("किलोग्राम", "किलोग्राम")},
        money={"₹": ("रुपया", "रुपये"), "$": ("डॉलर", "डॉलर")},
        through="से",
    ),
}
