"""What must not be lost when a line is made shorter: numbers, names and negations."""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator, Sequence
from decimal import Decimal

from .languages import Language, language_of
from .punctuation import ends_sentence
from .spacing import pieces

_MARK = r"[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u0e31-\u0e4e\u200c\u200d]"
_INDIC = r"(?![\d।॥])[\u0900-\u0dff]"
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|{_MARK}|{_INDIC}|['’](?=[^\W\d_]))*")
_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,:'’٫٬]\d+)*")
_CLAUSE_MARK = re.compile(r"[,;:.!?…—–。，、；！？।॥؟،؛]+")
_LEAD = " \u00a0\u202f\"'“”„‘’«»‹›¿¡([「『"
_LEAST_STEM = 3
_STEM_SHARE = 0.6
"""How much of a name stays the same where names are declined."""


def keeps_facts(before: str, after: str, language: str, source: str = "") -> bool:
    """Whether a shortened line still has every number, every name and every negation.

    Numbers are compared by value (`1,299` is `1299`, `two` is `2`). A name is a word with a capital
    that does not begin a sentence; in German, where every noun has one, a word with a capital that
    the source has, too. Negations are counted by clauses, and none may be new.

    Args:
        before: The line.
        after: What it was shortened to.
        language: The language both are in.
        source: What the line is a translation of, where that is known.
    """
    record = language_of(language)
    return (
        _keeps_numbers(before, after, record)
        and _keeps_names(before, after, record, source)
        and _keeps_negations(before, after, record)
    )


def _words(text: str, language: Language) -> Iterator[tuple[int, str]]:
    """The words of a text and where they begin."""
    at = len(text) - len(text.lstrip())
    for piece in pieces(text, language.code):
        for match in _WORD.finditer(piece):
            yield at + match.start(), match.group().replace("’", "'")
        at += len(piece)


def _keeps_numbers(before: str, after: str, language: Language) -> bool:
    said = _spelled_numbers(after, language)
    there = [{Decimal(number)} for number, _ in said] + _numbers(after)
    wanted = [{Decimal(number)} for number, sure in _spelled_numbers(before, language) if sure]
    return all(any(each & other for other in there) for each in _numbers(before) + wanted)


def _numbers(text: str) -> list[set[Decimal | str]]:
    """What the numbers in a text may mean: `1.299` is 1299 or a little more than 1."""
    return [_values(match.group()) for match in _NUMBER.finditer(text)]


def _values(number: str) -> set[Decimal | str]:
    digits = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in number
    )
    digits = digits.translate({ord("٫"): ".", ord("٬"): ","})
    head, *groups = re.split(r"[^\d]", digits)
    marks = re.findall(r"[^\d]", digits)
    found: set[Decimal | str] = set()
    if ":" in marks:
        return {digits}
    if not groups:
        return {Decimal(head)}
    if len(groups[-1]) == 3 and all(len(group) in (2, 3) for group in groups):
        found.add(Decimal(head + "".join(groups)))
    if marks.count(marks[-1]) == 1:
        found.add(Decimal("".join([head, *groups[:-1]]) + "." + groups[-1]))
    return found or {digits}


def _numerals(language: Language) -> dict[str, tuple[int, bool]]:
    """The number that a word means, and whether it is one that must not be lost."""
    return {
        form: (number, number > 1 and not word.endswith("*"))
        for number, word in enumerate(language.numerals)
        for form in word.removesuffix("*").split("/")
    }


def _spelled_numbers(text: str, language: Language) -> list[tuple[int, bool]]:
    numerals = _numerals(language)
    if language.spaces:
        words = (word.lower() for _, word in _words(text, language))
        return [numerals[word] for word in words if word in numerals]
    return [found for form, found in numerals.items() if form in text]


def _keeps_names(before: str, after: str, language: Language, source: str) -> bool:
    there = {part.lower() for _, word in _words(after, language) for part in word.split("'")}
    return all(_found(name, there, language) for name in _names(before, language, source))


def _found(name: str, words: set[str], language: Language) -> bool:
    if name in words:
        return True
    if not language.declines_names:
        return False
    least = max(_LEAST_STEM, round(len(name) * _STEM_SHARE))
    return any(word.startswith(name[:least]) for word in words)


def _names(text: str, language: Language, source: str) -> set[str]:
    """The names in a text, in lower case."""
    in_source = {word.lower() for word in _inner_capitals(source, None)}
    names = set()
    for word in _inner_capitals(text, language):
        sure = not language.capital_nouns or word[1:] != word[1:].lower()
        if sure or word.lower() in in_source:
            names.add(word.lower())
    words = {part for _, word in _words(text, language) for part in word.split("'")}
    return names | {word.lower() for word in words if word[0].isupper()} & in_source


def _inner_capitals(text: str, language: Language | None) -> Iterator[str]:
    """The words with a capital that does not begin a sentence; titles and pronouns are none."""
    record = language or language_of("en")
    small = record.function_words | record.abbreviations
    caseless = _is_caseless(text)
    for start, word in _words(text, record):
        lead = text[:start].rstrip(_LEAD)
        begins = not lead or lead[-1] in ":…" or ends_sentence(lead, record.code, word)
        if begins and not caseless:
            continue
        for part in word.split("'"):
            if part[0].isupper() and part.lower() not in small and word.lower() not in small:
                yield part


def _is_caseless(text: str) -> bool:
    """Whether most letters of a text have no capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter.lower() == letter.upper() for letter in letters) * 2 > len(letters)


def _keeps_negations(before: str, after: str, language: Language) -> bool:
    lost, kept = _denied(before, language), _denied(after, language)
    return kept >= lost if lost else not kept


def _denied(text: str, language: Language) -> int:
    """How many clauses deny something; a mere `No,` counts only where nothing else does."""
    small = unicodedata.normalize("NFC", text).lower()
    ends = [match.start() for match in _CLAUSE_MARK.finditer(small)]
    spans: dict[int, list[tuple[int, int]]] = {}
    for start, end in _denials(small, language):
        spans.setdefault(bisect(ends, start), []).append((start, end))
    if not spans:
        return 0
    edges = [0, *ends, len(small)]
    full = [
        clause
        for clause, found in spans.items()
        if not _bare(small, edges[clause : clause + 2], found)
    ]
    return max(1, len(full))


def _denials(text: str, language: Language) -> Iterator[tuple[int, int]]:
    """Where something is denied."""
    for start, word in _words(text, language):
        if word in language.negations or set(word.split("'")) & language.negations:
            yield start, start + len(word)
    if language.negation_pattern:
        for match in re.finditer(language.negation_pattern, text):
            yield match.span()


def _bare(text: str, edges: Sequence[int], denials: Sequence[tuple[int, int]]) -> bool:
    """Whether there is no letter between the edges but those that deny."""
    start, end = edges
    return not any(
        text[at].isalpha() and not any(a <= at < b for a, b in denials) for at in range(start, end)
    )
