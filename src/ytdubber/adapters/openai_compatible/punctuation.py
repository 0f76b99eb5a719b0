"""Words with the punctuation of the text they are from: OpenAI's own answer tells the times of bare
words and, beside them, the text as it is written.
"""

import re
from collections.abc import Sequence

_AHEAD_CHARS = 80
"""How far on a word is looked for; one that is not there stays as it is."""
_HEAD, _TAIL = re.compile(r"\S*"), re.compile(r"\S*\Z")


def punctuated(words: Sequence[str], text: str) -> list[str]:
    """The words as the text has them, with the marks that touch them."""
    whole, spans = list(words), _spans(words, text)
    before, last = 0, -1
    for number, span in enumerate(spans):
        if span is None:
            continue
        gap = text[before : span[0]]
        closing, opening = _parted(gap if last >= 0 else f" {gap}")
        if last >= 0:
            whole[last] += closing
        whole[number] = opening + text[span[0] : span[1]]
        before, last = span[1], number
    if last >= 0:
        whole[last] += _parted(f"{text[before:]} ")[0]
    return whole


def _spans(words: Sequence[str], text: str) -> list[tuple[int, int] | None]:
    """Where each word is in the text, one after another; None for one that is not there."""
    lower = text.lower()
    if len(lower) != len(text):  # a capital that has no small letter of its own length
        lower = text
    found: list[tuple[int, int] | None] = []
    place = 0
    for word in words:
        wanted = word.strip().lower()
        begin = lower.find(wanted, place, place + len(wanted) + _AHEAD_CHARS) if wanted else -1
        found.append((begin, begin + len(wanted)) if begin >= 0 else None)
        place = begin + len(wanted) if begin >= 0 else place
    return found


def _parted(gap: str) -> tuple[str, str]:
    """What of the text between two words belongs to the first, and what to the second: marks that
    touch it, those without a space between to the first.
    """
    closing, opening = _HEAD.match(gap), _TAIL.search(gap)
    head, tail = closing[0] if closing else "", opening[0] if opening else ""
    if len(head) == len(gap):
        tail = ""
    return _marks(head), _marks(tail)


def _marks(piece: str) -> str:
    """The piece, unless there is a word in it that nobody was heard to say."""
    return "" if any(map(str.isalnum, piece)) else piece
