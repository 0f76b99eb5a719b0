"""Which speech has words: what a detector heard against what a recognizer made out."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from .media import Interval
from .transcript import Word

EDGE_MS = 300
"""How much longer than it is placed a word may sound at either end: recognizers place words to
350 ms, and breaths and the ends of words are speech to a detector. Pauses between words of up to
twice as long are covered with them."""

LEAST_MS = 300
"""A stretch without words that is shorter is a breath, a click, or an edge that is placed badly."""

SLOWEST_MS, A_LETTER_MS = 600, 150
"""No word sounds longer than the one and the other for each of its letters: recognizers stretch the
word before something they did not make out over all of it. Ordinary speech takes 70 ms for a letter
and, in Chinese and Japanese, 200 ms for a character: slow speech stays within both together."""


def uncovered(speech: Iterable[Interval], words: Iterable[Word]) -> tuple[Interval, ...]:
    """The stretches of speech in which no word sounds, in order.

    Args:
        speech: When somebody speaks, in order, without overlaps.
        words: What was made out, in the order it begins.
    """
    covers = _covers(words)
    ends = [cover.end_ms for cover in covers]
    found: list[Interval] = []
    for stretch in speech:
        at = stretch.start_ms
        for index in range(bisect_left(ends, at), len(covers)):
            cover = covers[index]
            if cover.start_ms >= stretch.end_ms:
                break
            found.append(Interval(at, cover.start_ms))
            at = max(at, cover.end_ms)
        found.append(Interval(at, stretch.end_ms))
    return tuple(each for each in found if each.duration_ms >= LEAST_MS)


def sounding(word: Word) -> Interval:
    """When a word sounds, as far as one can be believed to."""
    longest_ms = SLOWEST_MS + A_LETTER_MS * len(word.text)
    return Interval(word.start_ms, min(word.end_ms, word.start_ms + longest_ms))


def filled(
    words: Sequence[Word], bare: Sequence[Interval], found: Iterable[Word]
) -> tuple[Word, ...]:
    """The words with those that were found where there were none, in order, none over another.

    A found word counts where its middle lies in a bare stretch; whoever speaks before the stretch
    says it. One that repeats the word before or after the stretch is that word, heard again a
    little beside its place.

    Args:
        words: What was made out before.
        bare: Stretches in which no word sounds.
        found: What was made out when they were heard again.
    """
    added: list[Word] = []
    every = list(found)
    for stretch in bare:
        inside = [word for word in every if stretch.start_ms <= _middle_ms(word) < stretch.end_ms]
        before = [word for word in words if _middle_ms(word) < stretch.start_ms]
        after = [word for word in words if _middle_ms(word) >= stretch.end_ms]
        speaker = next((word.speaker for word in [*before[-1:], *after[:1]]), None)
        added += [replace(word, speaker=speaker) for word in _new(inside, before, after)]
    return _in_turn([*words, *added])


def _covers(words: Iterable[Word]) -> list[Interval]:
    """When words sound, with their edges; those that meet are one."""
    covers: list[Interval] = []
    for word in sorted(words, key=lambda each: each.start_ms):
        sound = sounding(word)
        start, end = sound.start_ms - EDGE_MS, sound.end_ms + EDGE_MS
        if covers and start <= covers[-1].end_ms:
            covers[-1] = Interval(covers[-1].start_ms, max(end, covers[-1].end_ms))
        else:
            covers.append(Interval(start, end))
    return covers


def _middle_ms(word: Word) -> float:
    sound = sounding(word)
    return (sound.start_ms + sound.end_ms) / 2


def _new(inside: list[Word], before: Sequence[Word], after: Sequence[Word]) -> list[Word]:
    """The words without those at either end that are there already."""
    for count in range(min(len(inside), len(before)), 0, -1):
        if _texts(inside[:count]) == _texts(before[-count:]):
            inside = inside[count:]
            break
    for count in range(min(len(inside), len(after)), 0, -1):
        if _texts(inside[-count:]) == _texts(after[:count]):
            return inside[:-count]
    return inside


def _texts(words: Sequence[Word]) -> list[str]:
    return ["".join(filter(str.isalnum, word.text)).casefold() for word in words]


def _in_turn(words: Iterable[Word]) -> tuple[Word, ...]:
    """The words by when they begin; each ends before the next begins."""
    result: list[Word] = []
    for word in sorted(words, key=lambda each: each.start_ms):
        start_ms = word.start_ms
        if result and result[-1].speaker == word.speaker:
            last = result[-1]
            end_ms = max(last.start_ms + 1, min(last.end_ms, start_ms))
            result[-1] = replace(last, end_ms=end_ms)
            start_ms = max(start_ms, end_ms)
        result.append(replace(word, start_ms=start_ms, end_ms=max(word.end_ms, start_ms + 1)))
    return tuple(result)
