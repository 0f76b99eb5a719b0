"""Where a caption may be broken: after punctuation, before a conjunction or a preposition, never
between an article and its noun, an auxiliary and its verb, or a first and a last name.

The word lists are the commonest function words of each language, in its record; a language without
them breaks by punctuation and balance alone.
"""

from collections.abc import Sequence

from ytdubber.domain.languages import language_of
from ytdubber.domain.punctuation import ends_clause, ends_sentence

AFTER_SENTENCE, AFTER_CLAUSE, BEFORE_LINK = -0.35, -0.25, -0.12
AFTER_LINK, AFTER_LEAD, INSIDE_NAME = 0.25, 0.30, 0.30


def break_cost(tokens: Sequence[str], cut: int, language: str) -> float:
    """How bad a break before tokens[cut] reads; below 0 where it reads well."""
    last, following = tokens[cut - 1], tokens[cut]
    if ends_sentence(last, language, following):
        return AFTER_SENTENCE
    if ends_clause(last, language):
        return AFTER_CLAUSE
    record = language_of(language)
    links, leads = record.links, record.leads
    cost = BEFORE_LINK if _bare(following) in links else 0.0
    if _bare(last) in leads:
        cost = AFTER_LEAD
    elif _bare(last) in links:
        cost = AFTER_LINK
    elif cut > 1 and last[:1].isupper() and following[:1].isupper():
        cost = INSIDE_NAME
    return cost


def _bare(token: str) -> str:
    return token.lower().strip("\"'“”«»()[]")
