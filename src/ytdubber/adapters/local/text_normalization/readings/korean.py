"""Korean. Counters and hours take native numbers, the rest Sino-Korean ones."""

import re

from ..reading import Reading
from ..spellout import cardinal

_ONES = " 한 두 세 네 다섯 여섯 일곱 여덟 아홉".split(" ")
_TENS = " 열 스물 서른 마흔 쉰 예순 일흔 여든 아흔".split(" ")
_COUNTED = re.compile(
    r"(?<![\d.,:])([1-9]\d?)\s?"
    r"(개(?!월)|명|살|마리|잔|번(?!호)|시간|시(?!속)|사람|대(?=의|가|를| )|권|병)"
)
_MONTHS = re.compile(r"(?<!\d)(6|10)월")


def native(number: int) -> str:
    """A number from 1 to 99 before a counter."""
    if number == 20:
        return "스무"
    tens, ones = divmod(number, 10)
    return _TENS[tens] + _ONES[ones]


def _cardinal(number: int) -> str:
    return cardinal(number, "ko")


def _own(text: str) -> str:
    text = _MONTHS.sub(lambda found: "유월" if found[1] == "6" else "시월", text)
    return _COUNTED.sub(lambda found: f"{native(int(found[1]))} {found[2]}", text)


def _clock(hour: int, minute: int) -> str:
    said = f"{native(hour) if 1 <= hour <= 12 else _cardinal(hour)} 시"
    return f"{said} {_cardinal(minute)} 분" if minute else said


READING = Reading(
    abbreviations={},
    money={
        "$": "달러", "US$": "달러", "€": "유로", "£": "파운드", "¥": "엔", "₩": "원", "R$": "헤알",
        "₹": "루피", "¢": "센트",
    },
    through="에서",
    fraction=lambda above, below: f"{_cardinal(below)}분의 {_cardinal(above)}",
    score="대",
    number="번호",
    clock=_clock,
    slash="슬래시",
    dot="점",
    hyphen="하이픈",
    underscore="밑줄",
    own=_own,
)  # fmt: skip
