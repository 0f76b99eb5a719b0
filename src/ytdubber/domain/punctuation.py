"""Where sentences and clauses end, in the scripts we dub."""

import re
import unicodedata
from collections.abc import Iterator

from .languages import Language, language_of
from .spacing import EAST_ASIAN, pieces

_UNSPACED_MARKS = "。！？｡‼⁇⁈⁉؟۔।॥։።፧፨။។៕"
"""Marks that end a sentence with or without a space after them."""
_MARKS = f".!?…⋯．‽\u037e{_UNSPACED_MARKS}"
_CLAUSE_MARKS = ",;:、，；：､،؛—–፣፤၊·\u0387"
_QUOTES = "\"'“‘»«›‹"
"""Closing where no letter follows at once, opening elsewhere."""
_BRACKETS = ")\\]}」』】〉》）］｝〕”’"
_OPENERS = "\"'“”‘’„‚«»‹›([{¿¡「『【〈《（［｛〔—–- \u00a0\u202f"
_CLOSING = rf"(?:[{_BRACKETS}]|[{_QUOTES}](?![^\W_])|(?<=[^\s»›])[ \u00a0\u202f]+[»›](?=\s|$))"
_CLAUSE_END = re.compile(rf"[{_CLAUSE_MARKS}]{_CLOSING}*\s*$")

_DOTTED = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]")
_INITIAL = re.compile(r"[^\W\d_]\.")
_ROMAN = re.compile(r"[IVXLC]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HIRAGANA = re.compile(r"[\u3041-\u309f、]")


def _marks(language: Language) -> str:
    return _MARKS + language.sentence_marks


def ends_sentence(text: str, language: str = "en", following: str = "") -> bool:
    """Whether a sentence ends with this text: `home.` does, `Mr.` does not.

    Args:
        text: Any text; its last word and its marks decide.
        language: The language it is in, for its abbreviations.
        following: What comes after it, where that is known: `U.S.` ends a sentence before `The`,
            not before `Senate`, and no mark does before a word in lower case.
    """
    record = language_of(language)
    marks = _marks(record)
    end = re.search(rf"[{marks}](?:[{marks}]|{_CLOSING})*\s*$", text)
    if end is None:
        return False
    found = [sign for sign in end.group() if sign in marks]
    if found[0] not in _UNSPACED_MARKS and _goes_on(following):
        return False
    if found != ["."]:
        return True
    words = text[: end.start()].split()
    return not (words and _stands_for_more(words[-1].lstrip(_OPENERS), record, following))


def _goes_on(following: str) -> bool:
    """Whether what follows begins in lower case, as the middle of a sentence does."""
    word = _WORD.match(following.lstrip(_OPENERS))
    return word is not None and word.group().islower()


def _stands_for_more(word: str, language: Language, following: str) -> bool:
    """Whether the full stop after the word is that of an abbreviation or an ordinal alone."""
    key, after = word.lower(), following.lstrip(_OPENERS)
    if key in language.abbreviations:
        return True
    if key in language.number_abbreviations and after[:1].isdigit():
        return True
    shortened = key in language.final_abbreviations or _DOTTED.fullmatch(word) is not None
    initial = len(word) == 1 and word.isupper() and not (key in language.capitals and not after)
    ordinal = language.ordinal_stop and (
        (word.isdecimal() and len(word) < 3) or _ROMAN.fullmatch(word) is not None
    )
    return (shortened or initial or ordinal) and not _begins_sentence(after, language)


def _begins_sentence(text: str, language: Language) -> bool:
    """Whether the first word is one that has a capital only where a sentence begins."""
    word = _WORD.match(text)
    if word is None or not text[0].isupper() or _INITIAL.match(text):
        return False
    return word.group().lower().replace("’", "'") in language.function_words


def ends_clause(text: str, language: str = "en") -> bool:
    """Whether a clause or a sentence ends with this text."""
    return ends_sentence(text, language) or bool(_CLAUSE_END.search(text))


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text in order, without space around them.

    What has no letter, like the number of a list's entry, goes with the sentence after it. A text
    all in lower case has no capitals to tell a sentence by, and is cut at its marks alone.
    """
    text = text.strip()
    found: list[str] = []
    begin = 0
    for end in (*_sentence_ends(text, language), len(text)):
        part = text[begin:end].strip()
        if any(map(str.isalpha, part)):
            found.append(part)
            begin = end
    rest = text[begin:].strip()
    if rest and found:
        found[-1] = text[text.rindex(found[-1]) :]
    elif rest:
        found.append(rest)
    return found


def _sentence_ends(text: str, language: str) -> Iterator[int]:
    """Where sentences end within a text."""
    record = language_of(language)
    marks = _marks(record)
    tail = rf"(?:[{marks}]|{_CLOSING})*+"
    unspaced = _UNSPACED_MARKS if record.spaces else f"{_UNSPACED_MARKS}!?…"
    between = rf"(?<={EAST_ASIAN.pattern})[.．](?={EAST_ASIAN.pattern})(?!\d)"
    ends = re.compile(rf"[{marks}]{tail}(?=\s)|[{unspaced}]{tail}|{between}")
    lower = text == text.lower()
    begin = 0
    for match in ends.finditer(text):
        end, following = match.end(), text[match.end() :].lstrip()
        if match.group()[-1] in _BRACKETS + _QUOTES and _HIRAGANA.match(text, end):
            continue
        if not following:
            return
        known = following.capitalize() if lower else following[:80]
        if ends_sentence(text[begin:end], language, known):
            yield end
            begin = end


def parts_of(text: str, limit: int, language: str = "en") -> list[str]:
    """The text in parts of at most `limit` characters that read on from one to the next.

    It is parted at the last sentence end in reach, else at the last clause end, else between
    words, else between letters. Nothing is lost but the space between parts.
    """
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        end = _last_break(rest, limit, language)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


_CLAUSE_BREAK = re.compile(rf"(?<=[,;:—–،؛፣·\u0387])(?:{_CLOSING})*\s+|(?<=[、，；：､၊])(?![\d])")
_SPACE = re.compile(r"\s+")
_AHEAD = 80
"""Characters after a break that are looked at to tell whether it is one."""


def _last_break(text: str, limit: int, language: str) -> int:
    """Where the first part of a text ends that is longer than `limit`."""
    for places in _places(text[: limit + _AHEAD], language):
        reached = [end for end in places if 0 < len(text[:end].rstrip()) <= limit]
        if reached:
            return reached[-1]
    while limit > 1 and unicodedata.category(text[limit]).startswith("M"):
        limit -= 1
    return limit


def _places(text: str, language: str) -> Iterator[list[int]]:
    """Where the text may be parted: after sentences, after clauses, at spaces, between pieces."""
    yield list(_sentence_ends(text, language))
    for pattern in (_CLAUSE_BREAK, _SPACE):
        yield [match.end() for match in pattern.finditer(text)]
    ends, reached = [], len(text) - len(text.lstrip())
    for piece in pieces(text, language):
        reached += len(piece)
        ends.append(reached)
    yield ends
