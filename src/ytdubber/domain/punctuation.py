"""Where sentences and clauses end, in the scripts we dub."""

import re

_CLOSING = r"[\"'”’)\]»」』]*$"
_SENTENCE_END = re.compile(r"[.!?…。！？।؟۔]" + _CLOSING)
_CLAUSE_END = re.compile(r"[,;:、，；：،؛—–]" + _CLOSING)
_ABBREVIATION = re.compile(
    r"^(mr|mrs|ms|dr|st|prof|jr|vs|etc|sr|sra|srta|dra|d|dña|mme|mlle|m|sig|[a-z])\.$",
    re.IGNORECASE,
)


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends with this text: `home.` does, `Mr.` does not."""
    return bool(_SENTENCE_END.search(text)) and not _ABBREVIATION.match(text)


def ends_clause(text: str) -> bool:
    """Whether a clause or a sentence ends with this text."""
    return ends_sentence(text) or bool(_CLAUSE_END.search(text))


_BREAKS = (
    re.compile(r"(?<=[.!?…])[\"'”’)\]»]*\s+|(?<=[。！？।؟۔])[」』]*\s*"),
    re.compile(r"(?<=[,;:—–،؛])\s+|(?<=[、，；：])"),
    re.compile(r"\s+"),
)
"""Where a text may be parted: after sentences, after clauses, between words."""


def parts_of(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters that read on from one to the next.

    It is parted at the last sentence end in reach, else at the last clause end, else between
    words, else anywhere. Nothing is lost but the space between parts.
    """
    parts: list[str] = []
    rest = text.strip()
    while len(rest) > limit:
        end = _last_break(rest, limit)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _last_break(text: str, limit: int) -> int:
    """Where the first part of a text ends that is longer than `limit`."""
    for pattern in _BREAKS:
        places = [
            match.end()
            for match in pattern.finditer(text[: limit + 1])
            if len(text[: match.end()].rstrip()) <= limit and match.end()
        ]
        if pattern is _BREAKS[0]:
            places = [each for each in places if ends_sentence(text[:each].rsplit(maxsplit=1)[-1])]
        if places:
            return places[-1]
    return limit
