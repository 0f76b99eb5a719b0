"""`No. 25`, `nº 25`, `№ 25`: the sign before a number that is a name."""

import re

_SIGNS: dict[str, str] = {
    "ca": "núm. ", "cs": "č. ", "de": "Nr. ", "en": "No. ", "es": "n.º ", "fr": "nº ",
    "gl": "nº ", "it": "n. ", "nl": "nr. ", "pl": "nr ", "pt": "nº ", "ro": "nr. ", "ru": "№ ",
    "sk": "č. ", "sv": "nr ", "tr": "No: ", "uk": "№ ",
}  # fmt: skip
"""How each language writes it."""

_ARTICLES: dict[str, str] = {
    "de": "der|die|das|den|dem", "en": "the", "es": "el|la", "fr": "le|la", "it": "il|la|lo",
    "nl": "de|het", "pt": "o|a|no|na|do|da",
}  # fmt: skip

_SIGN = r"[Nn](?:\.?[º°]|[or]\.)|№|[Nn]úm\.|[Nn]r|č\."
_NUMBERED = re.compile(rf"(?<!\w)(?:{_SIGN})\s?(\d+)(?![\w.,]*\d)")


def with_numbering(source: str, translated: str, target: str) -> str:
    """The translation with the sign before a number that the source has it before.

    Small models know no `nº`, and take `no.` for a denial (`não. 25`).
    """
    sign = _SIGNS.get(target)
    if sign is None:
        return translated
    for number in dict.fromkeys(_NUMBERED.findall(source)):
        mangled = rf"(?<!\w)(?:{_SIGN}|[Nn][oãr]o?\.)\s?(?={number}(?!\d))"
        lost = rf"(^|(?<!\w)(?i:{_ARTICLES.get(target, '^')})\s)(?={number}(?!\d))"
        translated, count = re.subn(mangled, sign, translated, count=1)
        if not count:
            translated = re.sub(lost, rf"\1{sign}", translated, count=1)
    return translated
