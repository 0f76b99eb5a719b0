"""The languages: one record each, found by code."""

from ytdubber.domain.errors import LocaleNotMade, UnknownLanguage

from . import east_asian, germanic, other, romance, slavic, south_asian, southeast_asian
from .language import Language
from .naming import is_usual, iso639_2, named, own_name

__all__ = [
    "FLAGS",
    "LANGUAGES",
    "NAMES",
    "Language",
    "iso639_2",
    "language_of",
    "normalize",
    "own_name",
    "target",
]

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

_UNKNOWN = Language(code="und", name="Unknown", locale="und")


def language_of(code: str) -> Language:
    """The record of a language; one with the common defaults for a code that has none."""
    return LANGUAGES.get(code, _UNKNOWN)


def normalize(name: str) -> str:
    """The code of a language that a person or a program named, whatever its locale.

    `pt`, `por`, `pt-PT`, `pt_BR`, `Portuguese` and `português` are all `pt`. This is for what is
    spoken in a recording; what a dub is made in is a `target`.

    Raises:
        UnknownLanguage: it is none we know.
    """
    found = named(name, NAMES)
    if found is None:
        raise UnknownLanguage(language=name.strip())
    return found.code


def target(name: str) -> str:
    """The code of a language to dub into, where that is what was named.

    A code stands for one locale: `pt` for Brazilian Portuguese, so `pt-BR` is `pt`, and `pt-PT` is
    something that is not made here.

    Raises:
        UnknownLanguage: it is none we know.
        LocaleNotMade: it is another locale than the one its code stands for.
    """
    found = named(name, NAMES)
    if found is None:
        raise UnknownLanguage(language=name.strip())
    language = LANGUAGES[found.code]
    if not is_usual(found, language.locale):
        raise LocaleNotMade(
            wanted=name.strip(), made=found.code, language=language.name, locale=language.locale
        )
    return found.code
