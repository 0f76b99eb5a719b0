"""The words of a script at the times at which a recognizer heard them."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from statistics import median

from .errors import ScriptOfAnother
from .media import Interval
from .script import Script, ScriptLine, out_of_step, spread, words_of
from .spacing import pieces
from .transcript import Word

LEAST_ALIKE = 0.3
"""The share of a script's words that are heard, where it is of this recording: recognizers miss up
to half of the words of a noisy one, and two texts in one language share a tenth in order."""
MOST_OUT_OF_STEP_MS = 2_000
"""Subtitles stand up to two seconds before or after what is said; further, and their times are
those of another cut."""
_POPULAR_FROM = 5_000
"""In longer scripts words that are everywhere match nothing by themselves: looking for the best of
all their places would take the square of their number."""
_MS_A_WORD = 250
"""A word that nobody heard, where nothing says how long it may take."""

_Written = tuple[str, ScriptLine]


def align(script: Script, heard: Sequence[Word], language: str) -> tuple[Word, ...]:
    """The words of a script at the times at which they were heard.

    Words that were heard otherwise share the time in which others were heard in their place, or the
    time between those around them.

    Args:
        script: What is said.
        heard: What a recognizer made of it, in order.
        language: What is spoken.

    Raises:
        ScriptOfAnother: hardly any of it was heard.
        ScriptOutOfStep: its times are not those of the recording.
    """
    heard = [part for word in heard for part in _parts(word, language)]
    written = [(text, line) for line in script.lines for text in words_of(line, language)]
    at = dict(_matched([text for text, _ in written], [word.text for word in heard]))
    if len(at) < LEAST_ALIKE * len(written):
        raise ScriptOfAnother(file=script.name, percent=round(100 * len(at) / len(written)))
    _refuse_out_of_step(script, [(written[ours][1], heard[theirs]) for ours, theirs in at.items()])
    words: list[Word] = []
    edges = [(-1, -1), *sorted(at.items()), (len(written), len(heard))]
    for (before, low), (after, high) in pairwise(edges):
        words += _unheard(written[before + 1 : after], heard, low, high)
        if after < len(written):
            text, line = written[after]
            words.append(
                replace(heard[high], text=text, speaker=line.speaker or heard[high].speaker)
            )
    return tuple(words)


def _parts(word: Word, language: str) -> list[Word]:
    """The letters of a word where the language writes no spaces: what recognizers call a word there
    is cut otherwise than a script is.
    """
    texts = [piece.strip() for piece in pieces(word.text, language)] or [word.text]
    spread_out = spread(texts, word.interval, word.speaker)
    return [
        replace(word, text=each.text, start_ms=each.start_ms, end_ms=each.end_ms)
        for each in spread_out
    ]


def _unheard(written: Sequence[_Written], heard: Sequence[Word], low: int, high: int) -> list[Word]:
    """Words between two that were heard as written: at `low` and `high`, or past the ends."""
    if not written:
        return []
    otherwise = heard[low + 1 : high]
    if otherwise:
        when = Interval(otherwise[0].start_ms, max(word.end_ms for word in otherwise))
    else:
        length_ms = _MS_A_WORD * len(written)
        end_ms = heard[high].start_ms if high < len(heard) else heard[low].end_ms + length_ms
        start_ms = heard[low].end_ms if low >= 0 else max(0, end_ms - length_ms)
        when = Interval(min(start_ms, end_ms), end_ms)
    texts = [text for text, _ in written]
    speakers = [line.speaker for _, line in written]
    return [
        replace(word, speaker=speaker)
        for word, speaker in zip(spread(texts, when, None), speakers, strict=True)
    ]


def _refuse_out_of_step(script: Script, matched: Sequence[tuple[ScriptLine, Word]]) -> None:
    """Compare when the script's lines stand with when their words were heard."""
    late_ms = []
    for line, pairs in groupby(matched, key=lambda pair: pair[0]):
        words = [word for _, word in pairs]
        if line.interval is not None:
            middle_ms = (words[0].start_ms + words[-1].end_ms) / 2
            late_ms.append((line.interval.start_ms + line.interval.end_ms) / 2 - middle_ms)
    if late_ms and abs(offset_ms := median(late_ms)) > MOST_OUT_OF_STEP_MS:
        raise out_of_step(script, offset_ms)


def _matched(written: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    """The positions of words that are the same in both, in order."""
    ours, theirs = [_plain(text) for text in written], [_plain(text) for text in heard]
    matcher = SequenceMatcher(None, ours, theirs, autojunk=len(theirs) > _POPULAR_FROM)
    return [
        (block.a + step, block.b + step)
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
        if ours[block.a + step]
    ]


def _plain(text: str) -> str:
    """A word without its marks, whatever its case and accents."""
    flat = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in flat if letter.isalnum())
