"""Roman numerals where they are such, and initials where they are not."""

import re

from ytdubber.domain.languages import language_of

from .readings import reading_of
from .spellout import cardinal, roman_value

_INITIAL = re.compile(r"(?<![\w.])([IVXLCDM])\.(?=(?:\s?[A-Z]\.)*\s+[A-ZÀ-Þ][^\W\d_]*)")
_NUMERAL = r"[IVXLCDM]+"
_BEFORE_A_NAME = re.compile(r"(?<!\w)([IVX]{2,})\.(?= \w)")
"""`XIV. Louis`: an ordinal in Turkish."""

_PLAIN = re.compile(r"(?<![\w.&'’-])([IVX]{2,})(?![\w&'’-]|\.\w)")


def with_numerals(text: str, language: str) -> str:
    """A text with its Roman numerals in words: chapters, reigns and centuries, and what can be
    nothing else. `John D. Rockefeller` and `CD` have none.
    """
    if language == "pt":
        text = _INITIAL.sub(_initial, text)
    if language == "tr":
        text = _BEFORE_A_NAME.sub(lambda match: f"{roman_value(match[1]) or match[1]}.", text)
    reading = reading_of(language)
    if reading.centuries and reading.century is not None:
        text = _centuries(text, language)
    if reading.chapters:
        text = re.sub(
            rf"(?<!\w)((?:{reading.chapters})) ({_NUMERAL})(?!\w|\.\w)",
            lambda match: f"{match[1]} {_words(match[2], language)}",
            text,
        )
    if reading.reign is not None:
        text = _reigns(text, language)
    return _PLAIN.sub(lambda match: _words(match[1], language), text)


def _initial(match: re.Match[str]) -> str:
    """`D.` without its full stop, with which espeak-ng reads it as five hundred in Portuguese; a
    letter that ends a sentence (`vitamina C.`) keeps a pause.
    """
    before = match.string[: match.start()].split()
    ends = bool(before) and before[-1][0].islower() and len(before[-1]) > 2
    return f"{match[1]}," if ends else match[1]


def _words(numeral: str, language: str) -> str:
    value = roman_value(numeral)
    return cardinal(value, language) if value else numeral


def _centuries(text: str, language: str) -> str:
    reading = reading_of(language)

    def said(numeral: str, noun: str, before: str = "") -> str:
        value = roman_value(numeral)
        if reading.century is None or not value:
            return numeral
        return reading.century(value, noun, before.strip())

    text = re.sub(
        rf"(?<!\w)((?:{reading.centuries})) ({_NUMERAL})(?!\w)",
        lambda match: f"{match[1]} {said(match[2], match[1])}",
        text,
    )
    return re.sub(
        rf"((?<!\w)[^\W\d_]+ )?(?<!\w)({_NUMERAL})(?:e|ème)? ({reading.centuries})(?!\w)",
        lambda match: f"{match[1] or ''}{said(match[2], match[3], match[1] or '')} {match[3]}",
        text,
    )


def _reigns(text: str, language: str) -> str:
    """`Luís XIV`: a numeral after a name. A single letter counts where it is I, V or X."""
    reading = reading_of(language)

    def said(match: re.Match[str]) -> str:
        value = roman_value(match[2])
        if value is None or value > 30 or reading.reign is None:
            return match[0]
        return f"{match[1]} {reading.reign(value, bool(_QUEEN.fullmatch(match[1])))}"

    stop = r"(?:\.(?=\s[^\W\d_A-ZÄÖÜ]))?" if language_of(language).ordinal_stop else ""
    return re.sub(rf"(?<!\w)({_KINGS}) ([IVX]+)(?:er|re)?(?!\w|[.'’]\w){stop}", said, text)


_KINGS = (
    r"Lu[ií]s|Louis|Luigi|Ludwig|Lodewijk|Ludwik|Людовик|Людовік|Elizabeth|Isabel|Elisabeth|Elisabetta"
    r"|Élisabeth|Charles|Carlos|Carlo|Karl|Karel|Karol|Карл|Henry|Henrique|Enrique|Henri|Enrico"
    r"|Heinrich|Hendrik|Henryk|Генрих|Генріх|George|Jorge|Georg|Giorgio|Георг|William|Guilherme"
    r"|Guillermo|Guillaume|Guglielmo|Wilhelm|Willem|Вильгельм|Peter|Pedro|Pierre|Pietro|Пётр|Петро|Петр"
    r"|Paul|Paulo|Pablo|Paolo|Павел|Павло|John|João|Juan|Jean|Giovanni|Johannes|Jan|Иоанн|Иван|Іван"
    r"|Bento|Benedict|Benedicto|Benoît|Benedetto|Benedikt|Philip|Filipe|Felipe|Philippe|Filippo|Philipp"
    r"|Filips|Филипп|Edward|Eduardo|Édouard|Edoardo|Eduard|James|Jacques|Jaime|Jakob|Napoleon|Napoleão"
    r"|Napoleón|Napoléon|Napoleone|Наполеон|Catherine|Catarina|Catalina|Caterina|Katharina|Екатерина"
    r"|Катерина|Alexander|Alexandre|Alejandro|Alessandro|Александр|Nicholas|Nicolau|Nicolás|Nicolas"
    r"|Nikolaus|Николай|Francis|Francisco|Francesco|François|Franz|Frans|Franciszek|Франциск|Frederick"
    r"|Frederico|Federico|Frédéric|Friedrich|Leo|Leão|León|Leone|Pio|Pío|Pius|Gustav"
    r"|Elżbieta|Елизавета|Єлизавета|Paweł|Katarzyna|Margareta|Margrethe|Margaret|Beatrix|Zygmunt"
    r"|Kazimierz|Mikołaj|Ferdinand|Fernando|Ferdinando|Vittorio|Otto|Rudolf|Christian|Erik|Chlodwig"
    r"|Gustaf|Carl|Ludvig|Władysław|Richard|Ricardo|Riccardo|Mary|Maria|María|Afonso|Alfonso"
)
"""Names of rulers and popes, as far as their numbers are commonly spoken of."""

_QUEEN = re.compile(
    r"Elizabeth|Isabel|Elisabeth|Elisabetta|Élisabeth|Elżbieta|Елизавета|Єлизавета|Catherine|Catarina"
    r"|Catalina|Caterina|Katharina|Katarzyna|Екатерина|Катерина|Mary|Maria|María|Margareta|Margrethe"
    r"|Margaret|Beatrix"
)
"""Names of women among them."""
