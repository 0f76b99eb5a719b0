"""How names and terms are spoken that are written otherwise."""

import re
from collections.abc import Mapping

from .errors import BadField, UnknownLanguage
from .glossary import MOST_CHARS, MOST_TERMS
from .languages import language_of, target
from .whose_voice import OTHERS

_FIELD = "spoken_as"
_IN_ONE = re.compile(r"(\*|[a-z]{2,3}(?:-[A-Za-z]{2,4})?):(\S.*)")
"""A term behind the code of a language, or `*`."""


def spoken_as_of(given: Mapping[str, str]) -> dict[str, str]:
    """What is spoken for a term, by our codes: in one language (`pt:LUFS`) or in all (`*:LUFS`),
    which `LUFS` alone means. What stands before a colon and is no language is part of the term.

    Raises:
        BadField: there are too many, or one is empty or too long.
    """
    found: dict[str, str] = {}
    for name, spoken in given.items():
        language, term = _parted(" ".join(name.split()))
        found[f"{language}:{term}"] = _said(term, spoken)
    return _few(found)


def spoken_in_line(given: Mapping[str, str]) -> dict[str, str]:
    """What is spoken for a term in one line, whose language is known: the term is all of the name.

    Raises:
        BadField: as `spoken_as_of`.
    """
    terms = {" ".join(name.split()): spoken for name, spoken in given.items()}
    return _few({term: _said(term, spoken) for term, spoken in terms.items()})


def with_lines_own(
    spoken_as: Mapping[str, str], own: Mapping[str, str], language: str
) -> dict[str, str]:
    """What is spoken for terms in a line of a language that has some of its own, which go first."""
    return {**spoken_as, **{f"{language}:{term}": spoken for term, spoken in own.items()}}


def spoken_in(spoken_as: Mapping[str, str], language: str) -> dict[str, str]:
    """What is spoken for each term in one language: its own goes before all languages'."""
    return {
        name.partition(":")[2]: spoken
        for scope in (OTHERS, language)
        for name, spoken in spoken_as.items()
        if name.startswith(f"{scope}:")
    }


def as_spoken(text: str, spoken_as: Mapping[str, str], language: str) -> str:
    """What a voice is given for a text: each term, written as it is and as a word of its own, is
    what is spoken for it. Captions keep the text.

    Args:
        text: A line.
        spoken_as: As `spoken_as_of` gives it; a language's own goes before all languages'.
        language: The line's.
    """
    terms = spoken_in(spoken_as, language)
    if not terms:
        return text
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    words = language_of(language).spaces
    pattern = "|".join(_as_word(term) if words else re.escape(term) for term in longest_first)
    return re.sub(pattern, lambda match: terms[match[0]], text)


def _said(term: str, spoken: str) -> str:
    said = " ".join(spoken.split())
    if not term or not said:
        reason = "name a term and what is spoken for it, such as LUFS=loofs"
        raise BadField(field=_FIELD, reason=reason)
    if max(len(term), len(said)) > MOST_CHARS:
        raise BadField(field=_FIELD, reason=f"at most {MOST_CHARS} characters a term")
    return said


def _few(found: dict[str, str]) -> dict[str, str]:
    if len(found) > MOST_TERMS:
        raise BadField(field=_FIELD, reason=f"at most {MOST_TERMS} terms")
    return found


def _as_word(term: str) -> str:
    """A pattern of the term that does not begin or end within a word."""
    before = r"(?<!\w)" if term[0].isalnum() else ""
    after = r"(?!\w)" if term[-1].isalnum() else ""
    return f"{before}{re.escape(term)}{after}"


def _parted(name: str) -> tuple[str, str]:
    """The language it is for, and the term."""
    in_one = _IN_ONE.fullmatch(name)
    if in_one is None:
        return OTHERS, name
    language, term = in_one.groups()
    try:
        return (language if language == OTHERS else target(language)), term
    except UnknownLanguage:
        return OTHERS, name
