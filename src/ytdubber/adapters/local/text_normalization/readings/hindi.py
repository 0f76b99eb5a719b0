"""Hindi. espeak-ng reads its whole numbers well."""

from ..reading import Reading

_ORDINALS = {1: "पहला", 2: "दूसरा", 3: "तीसरा", 4: "चौथा", 6: "छठा"}


def _ordinal(number: int, ending: str = "") -> str:
    if number in _ORDINALS and ending in ("ला", "रा", "था", "ठा"):
        return _ORDINALS[number]
    return f"{number} {ending}"


def _clock(hour: int, minute: int) -> str:
    return f"{hour} बजकर {minute} मिनट" if minute else f"{hour} बजे"


def _fraction(above: int, below: int) -> str:
    if (above, below) == (1, 2):
        return "आधा"
    name = {2: "आधे", 3: "तिहाई", 4: "चौथाई"}.get(below)
    return f"{above} {name}" if name else f"{above} बटा {below}"


READING = Reading(
    abbreviations={
        r"डॉ\.?": "डॉक्टर",
        r"मि\.": "मिस्टर",
        r"श्री\.": "श्री",
        r"प्रो\.": "प्रोफ़ेसर",
        r"रु\.?(?= ?\d)": "रुपये",
        r"सं\.(?= ?\d)": "संख्या",
    },
    money={
        "₹": "one:रुपया other:रुपये", "$": "डॉलर", "US$": "अमेरिकी डॉलर", "€": "यूरो", "£": "पाउंड",
        "¥": "येन", "¢": "सेंट",
    },
    units={
        "किमी": "किलोमीटर", "कि॰मी॰": "किलोमीटर", "मी": "मीटर", "सेमी": "सेंटीमीटर",
        "मिमी": "मिलीमीटर", "किग्रा": "किलोग्राम", "कि॰ग्रा॰": "किलोग्राम", "ग्रा": "ग्राम",
        "किमी/घंटा": "किलोमीटर प्रति घंटा",
    },
    hundredths={"₹": "पैसे", "$": "सेंट", "€": "सेंट", "£": "पेंस"},
    through="से",
    number="नंबर",
    clock=_clock,
    ordinal=r"(\d+)\s?(ला|रा|था|ठा|वाँ|वां|वीं|वें)",
    ordinal_words=_ordinal,
    fraction=_fraction,
    and_a_half=lambda number, noun: (
        f"{ {1: 'डेढ़', 2: 'ढाई'}.get(number, f'साढ़े {number}') } {noun}".strip()
    ),
    telephone=r"[6-9]\d{4} \d{5}|[6-9]\d{9}",
    slash="स्लैश",
    dot="डॉट",
    hyphen="हाइफ़न",
    underscore="अंडरस्कोर",
)  # fmt: skip
