"""The languages: one record each, found by code."""

from ytdubber.domain.errors import UnknownLanguage

from . import east_asian, germanic, other, romance, slavic, south_asian, southeast_asian
from .language import Language

__all__ = ["FLAGS", "LANGUAGES", "NAMES", "Language", "language_of", "normalize"]

_FAMILIES = (germanic, romance, slavic, east_asian, south_asian, southeast_asian, other)

LANGUAGES: dict[str, Language] = {
    each.code: each
    for each in sorted(
        (language for family in _FAMILIES for language in family.LANGUAGES),
        key=lambda language: language.code,
    )
}
"""Every language by its code, in the order of the codes."""

NAMES = {code: language.name for code, language in LANGUAGES.items()}
"""The English name of every language."""

FLAGS = {code: language.flag for code, language in LANGUAGES.items() if language.flag}
"""A flag for languages that web pages show with one."""

_ALIASES = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he", "in": "id", "cmn": "zh"}
_UNKNOWN = Language(code="und", name="Unknown", locale="und")


def language_of(code: str) -> Language:
    """The record of a language; one with the common defaults for a code that has none."""
    return LANGUAGES.get(code, _UNKNOWN)


def normalize(code: str) -> str:
    """The code we use for a language a person named: `pt-BR`, `PT` and `pt_br` are `pt`.

    Raises:
        UnknownLanguage: it is none we know.
    """
    base = code.strip().replace("_", "-").split("-")[0].lower()
    base = _ALIASES.get(base, base)
    if base not in NAMES:
        raise UnknownLanguage(language=code)
    return base
