"""Lines and sentences: which lines make one sentence, and where its translation parts again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ytdubber.domain.languages import language_of
from ytdubber.domain.punctuation import ends_clause, ends_sentence, parts_of, sentences
from ytdubber.domain.spacing import joined, pieces
from ytdubber.ports.translator import Line

LONGEST_GROUP = 600
"""Characters after which lines without any punctuation are no longer joined."""

LONGEST_UNIT = 300
LONGEST_UNSPACED_UNIT = 100
"""Characters a model translates at once, in languages with and without spaces. Measured on lists of
facts: the small models lose none of them up to 375 characters, the last ones from 405."""

PUNCTUATION_WORTH = 0.12
"""How far from the ideal point, as a share of the text, a cut is moved to fall at punctuation."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FIRST_WORDS = 4
"""Words at a line's beginning among which the one may be that its translation begins with."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is translated at once: a sentence, or a part of a long one.

    Attributes:
        text: The source text.
        shares: The characters of it that each line has, by the line's position in its group.
        begins: Whether it begins where the first of these lines does.
    """

    text: str
    shares: dict[int, int]
    begins: bool


def groups(lines: Sequence[Line], source: str) -> list[list[Line]]:
    """Lines with text, those joined that are parts of one clause."""
    made: list[list[Line]] = []
    open_chars = 0
    for line in lines:
        text = line.text.strip()
        if not text:
            continue
        fits = open_chars and open_chars + len(text) <= LONGEST_GROUP
        if fits and made[-1][-1].goes_on(line, source):
            made[-1].append(line)
        else:
            made.append([line])
            open_chars = 0
        open_chars = 0 if ends_clause(text, source) else open_chars + len(text)
    return made


def units(texts: Sequence[str], source: str) -> list[Unit]:
    """The sentences of a group of lines, in order; those too long for a model in parts."""
    whole, starts = "", []
    for text in texts:
        longer = joined([whole, text], source, phrases=True)
        starts.append(len(longer) - len(text))
        whole = longer
    spans = list(pairwise([*starts, len(whole)]))
    limit = LONGEST_UNIT if language_of(source).spaces else LONGEST_UNSPACED_UNIT
    made = []
    end = 0
    for sentence in sentences(whole, source):
        for text in parts_of(sentence, limit, source):
            begin = whole.index(text, end)
            end = begin + len(text)
            overlaps = ((at, min(end, b) - max(begin, a)) for at, (a, b) in enumerate(spans))
            shares = {at: chars for at, chars in overlaps if chars > 0}
            made.append(Unit(text, shares, begins=begin in starts))
    return made


def continues(before: Line | None, line: Line, source: str) -> bool:
    """Whether a line goes on with the sentence of the line before it, as they are written."""
    return (
        before is not None
        and before.speaker == line.speaker
        and not ends_sentence(before.text, source)
    )


def with_case_of(source: str, translated: str, target: str) -> str:
    """A translation that begins in lower case where its source does, unless it may be a name."""
    began, word = _WORD.search(source), _WORD.search(translated)
    if began is None or word is None or not began.group()[0].islower():
        return translated
    first, language = word.group(), language_of(target)
    if not first[0].isupper() or first[1:] != first[1:].lower():
        return translated
    key = first.lower().replace("’", "'")
    if {key, key.removesuffix("s")} & language.capitals:
        return translated
    if key not in language.function_words and (language.capital_nouns or _names(source)):
        return translated
    return translated[: word.start()] + first[0].lower() + translated[word.start() + 1 :]


def _names(source: str) -> bool:
    """Whether there is a word with a capital among the first."""
    return any(word[0].isupper() for word in _WORD.findall(source)[:_FIRST_WORDS])


def part(text: str, shares: Sequence[int], target: str) -> list[str] | None:
    """The text cut into as many parts as there are shares, each about as long as its share.

    Cuts fall between words, at punctuation where that is near. None when there are fewer words
    than shares.
    """
    words = pieces(text, target)
    if len(words) < len(shares):
        return None
    reach = [0]
    for word in words:
        reach.append(reach[-1] + len(word.strip()))
    cuts = [0]
    for index in range(1, len(shares)):
        ideal = sum(shares[:index]) / sum(shares)
        least, most = cuts[-1] + 1, len(words) - (len(shares) - index)
        cuts.append(
            min(
                range(least, most + 1),
                key=lambda cut: (
                    abs(reach[cut] / reach[-1] - ideal)
                    - PUNCTUATION_WORTH * ends_clause(words[cut - 1], target)
                ),
            )
        )
    cuts.append(len(words))
    return ["".join(words[a:b]).strip() for a, b in pairwise(cuts)]
