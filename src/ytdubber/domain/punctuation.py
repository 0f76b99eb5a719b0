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
