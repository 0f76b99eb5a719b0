"""Where a line of a caption may end: after punctuation, before a conjunction or a preposition;
never between an article and its noun, an auxiliary and its verb, a first and a last name, or a
number and what it counts.

The word lists are the commonest function words of each language, in its record; a language without
them breaks by punctuation and balance alone.
"""

import re
from collections.abc import Sequence

from ytdubber.domain.languages import language_of
from ytdubber.domain.punctuation import ends_clause, ends_sentence

AFTER_SENTENCE, AFTER_CLAUSE, BEFORE_LINK = -0.35, -0.25, -0.12
AFTER_LINK, AFTER_LEAD, BEFORE_TRAIL, INSIDE_NAME = 0.25, 0.30, 0.30, 0.30
INSIDE_MEASURE, AFTER_NUMBER, ISOLATED, MID_TEXT = 4.0, 0.30, 4.0, 0.05

OPENING = frozenset("([{«‹“‘¿¡「『（〔【〈《｛［〖〘⟨")
CLOSING = frozenset(
    ")]}»›”’!?;:,.…%‰°%、。，．！？；：」』）〕】〉》｝］〗〙⟩〜～・‥％"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿーｰ々〻ゝゞヽヾ"
    "،؛؟۔।॥։՝՜՞።፣፤၊။។៕៖ๆฯໆຯ־׃"
)
"""What no line ends with, and what none begins with: brackets and quotation marks, punctuation, and
what Japanese typesetting (JIS X 4051, kinsoku) keeps from a line's head: small kana and long marks.
"""

_NUMBER = re.compile(r"[^\w\s]*\d(?:[\d.,:/–-]*\d)?")
_GROUP = re.compile(r"\d{3}\b")
_UNIT = re.compile(
    r"(?:[kcmµdhMGT]?(?:m|g|l|L|s|W|Hz|B|V|A|b|t)|[ckdm]?m[²³]|kWh|km/h|kmh|mph|ft|in|lb|lbs|oz|min|"
    r"mm|ha|°[CF]?|[%‰€$£¥₹₽₩₪₫฿₺₴]|(?:[A-Z]{0,2}[$€£¥₹])|USD|EUR|GBP|BRL|JPY|CNY|INR|"
    r"км|м|см|мм|кг|г|л|ч|мин|руб|р|тыс|млн|млрд|h|Uhr|zł|Kč|kr|Ft|lei|كم|كغ|ק״מ|ק\"ג|"
    r"किमी|किग्रा|กม|กก|บาท|元|円|원)[.,;:!?…)»”]*"
)
_CURRENCY = re.compile(r"[(«“\"']*(?:[A-Z]{0,3}[$€£¥₹₽₩₪₫฿₺₴]|Rs\.?|[Nn][oº°r]\.?|№|§|p\.)")


def break_cost(tokens: Sequence[str], cut: int, language: str) -> float:
    """How bad a break before tokens[cut] reads; below 0 where it reads well."""
    last, following = tokens[cut - 1], tokens[cut]
    if _one_measure(last, following):
        return INSIDE_MEASURE
    if ends_sentence(last, language, following):
        return AFTER_SENTENCE
    if ends_clause(last, language):
        return AFTER_CLAUSE
    return _by_words(last, following, cut, language)


def _by_words(last: str, following: str, cut: int, language: str) -> float:
    record = language_of(language)
    links, leads = record.links, record.leads
    cost = BEFORE_LINK if _bare(following) in links else 0.0
    if _bare(last) in leads:
        cost = AFTER_LEAD
    elif _bare(following) in record.trails:
        cost = BEFORE_TRAIL
    elif _bare(last) in links:
        cost = AFTER_LINK
    elif _NUMBER.fullmatch(last):
        cost = AFTER_NUMBER
    elif cut > 1 and last[:1].isupper() and following[:1].isupper():
        cost = INSIDE_NAME
    return cost


def holds(last: str, following: str) -> bool:
    """Whether no line may end between two tokens: the second would begin one with a closing mark,
    or the first end one with an opening mark. A mark that is part of a word (`’tis`, `.NET`) may.
    """
    following, last = following.lstrip(), last.rstrip()  # no-break spaces
    closes = following[:1] in CLOSING and not following[1:2].isalnum()
    kana = following[:1] in CLOSING and following[:1].isalpha()
    return closes or kana or (last[-1:] in OPENING and not last[-2:-1].isalnum())


def _one_measure(last: str, following: str) -> bool:
    """Whether two tokens are a number and its unit, a currency and its amount, or one number."""
    number = _NUMBER.fullmatch(last) is not None
    if number and (_UNIT.fullmatch(following) or _GROUP.match(following)):
        return True
    return _CURRENCY.fullmatch(last) is not None and _NUMBER.match(following) is not None


def _bare(token: str) -> str:
    return token.lower().strip("\"'“”«»()[]¿¡")
