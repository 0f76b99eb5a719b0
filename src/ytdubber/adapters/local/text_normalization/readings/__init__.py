"""The readings of each language, a file each."""

from ..reading import Reading
from . import (
    arabic,
    chinese,
    dutch,
    english,
    french,
    german,
    hindi,
    italian,
    korean,
    polish,
    portuguese,
    russian,
    spanish,
    swedish,
    turkish,
    ukrainian,
)

READINGS: dict[str, Reading] = {
    "ar": arabic.READING,
    "de": german.READING,
    "en": english.READING,
    "es": spanish.READING,
    "fr": french.READING,
    "hi": hindi.READING,
    "it": italian.READING,
    "ko": korean.READING,
    "nl": dutch.READING,
    "pl": polish.READING,
    "pt": portuguese.READING,
    "ru": russian.READING,
    "sv": swedish.READING,
    "tr": turkish.READING,
    "uk": ukrainian.READING,
    "zh": chinese.READING,
}

_PLAIN = Reading()


def reading_of(language: str) -> Reading:
    """The readings of a language; the CLDR's names alone where there are none of its own."""
    return READINGS.get(language, _PLAIN)
