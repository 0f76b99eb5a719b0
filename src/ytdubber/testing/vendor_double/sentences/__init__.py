"""Sentences in many languages, to stand for translations. They are of all lengths, with numbers,
money, dates, addresses, quotations, long words and letters of two directions in one line; all are
our own.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from random import Random

TRIES = 24
"""How many texts are drawn, until one is near its length."""
NEAR = 0.03
"""How far from it that may be, as a share."""
PARTED = 0.6
"""How often a text that one sentence could be is of several."""
FEW_CHARS, LEAST_NUMBERED_CHARS = 120, 9
"""Of texts shorter than the one there are few; they get a number, from the other length on, so that
different lines are not said in the same words: who counts what is spoken counts lines."""
FEWEST_DIGITS, MOST_DIGITS = 3, 12
"""Digits of that number: more where no sentence is as long as what it leaves."""
UNSPACED = frozenset({"ja", "zh"})
"""Languages whose sentences follow one another without a space."""


@cache
def sentences(language: str) -> tuple[str, ...]:
    """All sentences of a language, the shortest first; none where there are no sentences in it."""
    file = files(__name__) / f"{language}.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return tuple(sorted(filter(None, lines), key=lambda line: (len(line), line)))


def languages() -> frozenset[str]:
    """The languages that there are sentences in."""
    names = (file.name for file in files(__name__).iterdir())
    return frozenset(name.removesuffix(".txt") for name in names if name.endswith(".txt"))


def text_like(line: str, language: str, chars: int) -> str:
    """A text in a language, about as long as asked for: the same for equal lines and lengths.

    Args:
        line: What it stands for.
        language: One that there are sentences in.
        chars: How many characters it should have; the shortest sentence has a few.
    """
    known = sentences(language)
    chance = Random(f"{chars} {line}")  # noqa: S311  # the same for the same line and length
    between = "" if language in UNSPACED else " "
    if LEAST_NUMBERED_CHARS <= chars < FEW_CHARS:
        spare = chars - len(f"{between}()")
        text = _text(known, between, chance, spare - FEWEST_DIGITS)
        digits = min(MOST_DIGITS, max(FEWEST_DIGITS, spare - len(text)))
        return f"{text}{between}({chance.randrange(10 ** (digits - 1), 10**digits)})"
    return _text(known, between, chance, chars)


def _text(known: Sequence[str], between: str, chance: Random, chars: int) -> str:
    """Sentences that are about as long together as asked for."""
    tries = [between.join(_drawn(known, len(between), chance, chars)) for _ in range(TRIES)]
    near = (text for text in tries if abs(len(text) - chars) <= max(1, NEAR * chars))
    return next(near, min(tries, key=lambda text: (abs(len(text) - chars), len(text))))


def _drawn(known: Sequence[str], gap_chars: int, chance: Random, chars: int) -> list[str]:
    """Sentences by chance, the last of them as long as is left."""
    shortest, longest = len(known[0]), len(known[-1])
    drawn, left = list[str](), chars
    while left > longest or (left > 4 * shortest and chance.random() < PARTED):
        fitting = bisect_right(known, left - gap_chars - shortest, key=len)
        drawn.append(known[chance.randrange(fitting)])
        left -= len(drawn[-1]) + gap_chars
    above = bisect_left(known, left, key=len)
    best = min(abs(len(each) - left) for each in known[max(0, above - 1) : above + 1])
    first = bisect_left(known, left - best - 1, key=len)
    drawn.append(known[chance.randrange(first, bisect_right(known, left + best + 1, key=len))])
    return drawn
