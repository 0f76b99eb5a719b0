"""Chinese. espeak-ng reads its whole numbers well."""

from ..reading import Reading


def _clock(hour: int, minute: int) -> str:
    if not minute:
        return f"{hour}点"
    return f"{hour}点零{minute}分" if minute < 10 else f"{hour}点{minute}分"


READING = Reading(
    money={
        "$": "美元", "US$": "美元", "€": "欧元", "£": "英镑", "¥": "元", "￥": "元", "CN¥": "元",
        "₹": "卢比", "¢": "美分",
    },
    through="到",
    fraction=lambda above, below: f"{below}分之{above}",
    score="比",
    telephone=r"1[3-9]\d{9}",
    number="第",
    clock=_clock,
    slash="斜杠",
    dot="点",
    hyphen="横杠",
    underscore="下划线",
)  # fmt: skip
