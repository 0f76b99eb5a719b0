"""Whose a preferred voice is."""

import re

from .languages import target

OTHERS = "*"
"""All languages that are not named."""
_PERSON = re.compile(r"[A-Z]|\d{1,3}")
"""The label of a person by itself; `A` in a transcript of ours, numbers are vendors'."""


def whose_voice(name: str) -> str:
    """Whose a preferred voice is, by our codes: a language's (`pt`), all others' (`*`), or a
    person's in one or all (`pt:A`, `*:A`); `A` alone is the last of these.

    Raises:
        UnknownLanguage: the language is none.
    """
    if _PERSON.fullmatch(name):
        return f"{OTHERS}:{name}"
    language, is_one, person = name.partition(":")
    code = language if language == OTHERS else target(language)
    return f"{code}:{person}" if is_one else code
