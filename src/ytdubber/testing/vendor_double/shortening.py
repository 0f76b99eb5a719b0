"""The same in fewer words, by rule: what an obliging writer leaves out first."""

import math
import re
from collections.abc import Iterator

from ytdubber.captions.units import units_of
from ytdubber.domain.facts import keeps_facts
from ytdubber.domain.languages import language_of

MOST = 0.28
"""The largest share of a text that is given up."""

_FILLERS = frozenset(
    "actually basically just literally quite rather really simply so somewhat then very well"
    " apenas bastante bem então mesmo muito realmente simplesmente"
    " bastante bien entonces muy realmente simplemente solo"
    " alors bien donc simplement très vraiment"
    " allora davvero molto proprio semplicemente"
    " doch eben eigentlich einfach halt ja nun sehr wirklich"
    " echt eigenlijk gewoon heel zeer".split()
)
_CLOSING = ".!?…。！？؟।"
_CLAUSES = re.compile(r".+?(?:[,;:–—،؛]\s+|$)")
_UNSPACED_CLAUSES = re.compile(r".+?(?:[、，；：]|(?<=[\u0e00-\u0eff])\s+(?=[\u0e00-\u0eff])|$)")
"""Chinese and Japanese part clauses by their marks, Thai by a space."""


def shortened(text: str, wanted_chars: int, language: str) -> str:
    """The text in at most so many characters, hurt as little as can be.

    Numbers, names and negations stay. Where that is too long, the shortest that keeps them; never
    less than `1 - MOST` of the text.
    """
    floor = math.ceil(len(text) * (1 - MOST))
    found = [
        each
        for each in _shorter(text, language)
        if floor <= len(each) < len(text) and keeps_facts(text, each, language)
    ]
    fitting = [each for each in found if len(each) <= wanted_chars]
    return fitting[0] if fitting else min(found, key=len, default=text)


def _shorter(text: str, language: str) -> Iterator[str]:
    """Without fillers, then without a clause, at last without its last words."""
    units = units_of(text, language, math.inf)
    words = [
        unit.text + unit.glue for unit in units if unit.text.strip(",;").lower() not in _FILLERS
    ]
    plain = _sentence("".join(words), text)
    yield plain
    pattern = _CLAUSES if language_of(language).spaces else _UNSPACED_CLAUSES
    for base in (plain, text):
        clauses = pattern.findall(base)
        for left_out in range(len(clauses)):
            kept = clauses[:left_out] + clauses[left_out + 1 :]
            yield _sentence("".join(kept), text)
    for count in range(len(words) - 1, 0, -1):
        yield _sentence("".join(words[:count]), text)


def _sentence(words: str, like: str) -> str:
    """The words with the capital and the final mark of the text they are left of."""
    bare = words.rstrip(",;:–—、，；：،؛ " + _CLOSING)
    mark = like.rstrip()[-1:] if like.rstrip()[-1:] in _CLOSING else ""
    if like[:1].isupper():
        bare = bare[:1].upper() + bare[1:]
    return bare + mark
