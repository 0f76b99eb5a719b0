"""The languages espeak-ng speaks for us, and what it calls them."""

from ytdubber.domain.languages import NAMES
from ytdubber.domain.voice import Gender, Voice

OWN_NAMES = {"no": "nb", "zh": "cmn", "vi": "vi"}
"""espeak-ng's names where they are not the language's code."""

LANGUAGES = (
    "af am ar az be bg bn bs ca cs cy da de el et eu fa fi ga gu he hr hu hy id is ka kk kn ko lt"
    " lv mk ml mr ms mt ne nl no pa pl ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh"
).split()
"""What it speaks, without the languages better engines speak, and without Japanese: it cannot read
kanji."""

FEMALE = "+f5"
"""The variant of each voice taken for a woman's: of f1 to f5 the one whisper understands best."""


def _voices() -> tuple[Voice, ...]:
    found = []
    for language in LANGUAGES:
        name = OWN_NAMES.get(language, language)
        label = f"eSpeak {NAMES[language]}"
        found.append(Voice(name, language, Gender.MALE, label))
        found.append(Voice(name + FEMALE, language, Gender.FEMALE, f"{label}, female"))
    return tuple(found)


VOICES = _voices()
