"""Lines and sentences: which lines make one sentence, and where its translation parts again."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ytdubber.domain.languages import language_of
from ytdubber.ports.translator import Line

LONGEST_GROUP = 600
"""Characters after which lines without any punctuation are no longer joined."""

_CLOSERS = "\"'”’»)\\]］』」"
_ENDS_CLAUSE = re.compile(rf"[.!?…;:,。！？；：，、।؟،؛][{_CLOSERS}]*$")
_ENDS_SENTENCE = re.compile(rf"[.!?…。！？।؟][{_CLOSERS}]*$")
_MISSING_SPACE = re.compile(r"(?<=[^\W\d_]{2}[.!?…])(?=[^\W\d_])")

PUNCTUATION_WORTH = 0.12
"""How far from the ideal point, as a share of the text, a cut is moved to fall at punctuation."""


def groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines with text, those joined that are parts of one clause by one speaker."""
    made: list[list[Line]] = []
    open_chars = 0
    for line in lines:
        text = line.text.strip()
        if not text:
            continue
        fits = made and line.speaker == made[-1][-1].speaker
        if fits and 0 < open_chars and open_chars + len(text) <= LONGEST_GROUP:
            made[-1].append(line)
        else:
            made.append([line])
            open_chars = 0
        open_chars = 0 if _ENDS_CLAUSE.search(text) else open_chars + len(text)
    return made


def continues(before: Line | None, line: Line) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    return (
        before is not None
        and before.speaker == line.speaker
        and _ENDS_SENTENCE.search(before.text.strip()) is None
    )


def with_case_of(source: str, translated: str, target: str) -> str:
    """A translation that begins in lower case where its source does."""
    if language_of(target).capital_nouns or not source[:1].islower():
        return translated
    first = translated.split(maxsplit=1)[0] if translated else ""
    if first[:1].isupper() and (len(first) == 1 or first[1:].islower()):
        return translated[0].lower() + translated[1:]
    return translated


def spaced(text: str) -> str:
    """Text with a space between sentences the engine ran together: `one.Two` is `one. Two`."""
    fixed = "".join(
        f"{left} " if right[:1].isupper() else left
        for left, right in _neighbours(_MISSING_SPACE.split(text))
    )
    return " ".join(fixed.split())


def _neighbours(parts: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(parts, [*parts[1:], ""], strict=True))


def part(text: str, shares: Sequence[int], target: str) -> list[str] | None:
    """The text cut into as many pieces as there are shares, each about as long as its share.

    Cuts fall between words, at punctuation where that is near. None when there are fewer words
    than shares.
    """
    spaces = language_of(target).spaces
    words = text.split() if spaces else list(text)
    joint = " " if spaces else ""
    words = [word for word in words if word.strip()]
    if len(words) < len(shares):
        return None
    reach = [0]
    for word in words:
        reach.append(reach[-1] + len(word))
    cuts = [0]
    for index in range(1, len(shares)):
        ideal = sum(shares[:index]) / sum(shares)
        least, most = cuts[-1] + 1, len(words) - (len(shares) - index)
        cuts.append(
            min(
                range(least, most + 1),
                key=lambda cut: (
                    abs(reach[cut] / reach[-1] - ideal)
                    - PUNCTUATION_WORTH * bool(_ENDS_CLAUSE.search(words[cut - 1]))
                ),
            )
        )
    cuts.append(len(words))
    return [joint.join(words[a:b]) for a, b in pairwise(cuts)]
