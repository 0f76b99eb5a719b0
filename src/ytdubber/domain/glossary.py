"""Names and terms a person wants heard and written their way."""

from collections.abc import Iterable

from .errors import BadField

MOST_TERMS, MOST_CHARS = 200, 100


def glossary_of(terms: Iterable[str]) -> tuple[str, ...]:
    """The terms, each once, in the order given, without space around them.

    Raises:
        BadField: there are too many, or one is too long.
    """
    found = tuple(dict.fromkeys(" ".join(term.split()) for term in terms if term.strip()))
    if len(found) > MOST_TERMS:
        raise BadField(field="glossary", reason=f"at most {MOST_TERMS} terms")
    if any(len(term) > MOST_CHARS for term in found):
        raise BadField(field="glossary", reason=f"at most {MOST_CHARS} characters a term")
    return found
