"""Words into utterances: where one breath ends and the next begins.

Recognizers place words to 50-350 ms; a voice activity detector hears where sound begins and ends.
`refine` moves the words' edges onto the sound, `utterances` cuts at the pauses.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .media import Interval
from .punctuation import ends_clause, ends_sentence
from .spacing import joined
from .transcript import Utterance, Word

_REACH_MS = 350  # how far recognizers place a word from its sound (measured: up to 360 ms)
_LAST_WORDS_MS = 1_200  # words further than this from a pause are not on its wrong side
_SHORTEST_WORD_MS = 20


@dataclass(frozen=True, slots=True)
class Segmentation:
    """When to cut, in milliseconds.

    Attributes:
        pause_ms: A gap this long always cuts.
        sentence_pause_ms: A gap this long cuts after a sentence's end.
        longest_ms: Utterances over it are cut at their best inner place.
        shortest_ms: Utterances under it join a neighbour of the same speaker.
        join_gap_ms: No join over a gap longer than this.
    """

    pause_ms: int = 600
    sentence_pause_ms: int = 250
    longest_ms: int = 12_000
    shortest_ms: int = 1_200
    join_gap_ms: int = 400


def refine(
    words: Sequence[Word], speech: Sequence[Interval], language: str = "en"
) -> tuple[Word, ...]:
    """The words with their edges on the sound; texts and order are kept.

    Args:
        words: As a recognizer placed them.
        speech: When somebody speaks, in order, without overlaps.
        language: What is spoken, where a word names no other: how its sentences end.
    """
    if not speech:
        return tuple(words)
    moved = _in_order(_snap(words, speech, language))
    moved = _across_pauses(moved, speech, language)
    return tuple(_on_ends(_in_order(_on_onsets(moved, speech)), speech))


def _snap(words: Sequence[Word], speech: Sequence[Interval], language: str) -> list[Word]:
    """Pull every word into the one stretch of speech it belongs to."""
    result: list[Word] = []
    begins, ends = [s.start_ms for s in speech], [s.end_ms for s in speech]
    for index, word in enumerate(words):
        first = bisect_right(ends, word.start_ms)
        last = bisect_left(begins, word.end_ms, first)
        touched = speech[first:last] if word.end_ms > word.start_ms else ()
        if not touched:
            result.append(word)
            continue
        home = _home(word, words[index - 1] if index else None, touched, language)
        start = max(word.start_ms, home.start_ms)
        result.append(
            replace(word, start_ms=start, end_ms=max(start, min(word.end_ms, home.end_ms)))
        )
    return result


def _home(
    word: Word, previous: Word | None, touched: Sequence[Interval], language: str
) -> Interval:
    """Which stretch of speech a word that straddles a pause belongs to: punctuation decides."""
    if ends_clause(word.text, word.language or language):
        return touched[0]
    if previous is None or ends_clause(previous.text, previous.language or language):
        return touched[-1]
    return max(touched, key=lambda s: s.overlap_ms(word.interval))


def _across_pauses(words: Sequence[Word], speech: Sequence[Interval], language: str) -> list[Word]:
    """Move one or two words that stand on the wrong side of a pause.

    A sentence that ends one or two words before a pause has those words after it, and one that
    ends one or two words after a pause ends before it.
    """

    def ends(word: Word) -> bool:
        return ends_sentence(word.text, word.language or language)

    result = list(words)
    for before, after in pairwise(speech):
        first = bisect_left(result, after.start_ms - 20, key=_start_ms)
        if first in (0, len(result)) or ends(result[first - 1]):
            continue
        late = [i for i in (first - 1, first - 2) if i > 0 and ends(result[i - 1])]
        if late and result[late[0] - 1].end_ms > before.end_ms - _LAST_WORDS_MS:
            _push_after(result, late[0], first, before, after)
        elif first + 2 < len(result):
            early = [i for i in (first, first + 1) if ends(result[i])]
            if early and result[early[0]].end_ms - after.start_ms < 500:
                _pull_before(result, first, early[0], before, after)
    return result


def _push_after(
    words: list[Word], start: int, first: int, before: Interval, after: Interval
) -> None:
    """Place words[start:first] at the beginning of the speech after the pause."""
    room = words[first].end_ms - after.start_ms
    step = max(_SHORTEST_WORD_MS, min(150, room // (first - start + 1)))
    for place, index in enumerate(range(start, first)):
        at = after.start_ms + place * step
        words[index] = replace(words[index], start_ms=at, end_ms=at + step)
    at = after.start_ms + (first - start) * step
    words[first] = replace(words[first], start_ms=at, end_ms=max(words[first].end_ms, at + step))
    last = words[start - 1]
    end = max(last.end_ms, min(before.end_ms, after.start_ms))
    words[start - 1] = replace(last, end_ms=end)


def _pull_before(
    words: list[Word], first: int, last: int, before: Interval, after: Interval
) -> None:
    """Place words[first:last + 1] at the end of the speech before the pause."""
    count = last - first + 1
    start = max(words[first - 1].start_ms, before.end_ms - 150 * count)
    step = (before.end_ms - start) // (count + 1)
    words[first - 1] = replace(words[first - 1], end_ms=min(words[first - 1].end_ms, start + step))
    for place, index in enumerate(range(first, last + 1), start=1):
        at = start + place * step
        words[index] = replace(words[index], start_ms=at, end_ms=at + step)
    if words[last + 1].start_ms > after.start_ms:
        words[last + 1] = replace(words[last + 1], start_ms=after.start_ms)


def _on_onsets(words: Sequence[Word], speech: Sequence[Interval]) -> list[Word]:
    """The first word after a pause begins where the sound begins."""
    result = list(words)
    begins = [word.start_ms for word in words]
    for stretch in speech:
        # A word may have been moved to the onset before this one: by less than the reach.
        low = bisect_left(begins, stretch.start_ms - 2 * _REACH_MS)
        high = bisect_right(begins, stretch.start_ms + 2 * _REACH_MS)
        near = [
            i for i in range(low, high) if abs(result[i].start_ms - stretch.start_ms) < _REACH_MS
        ]
        if not near:
            continue
        first = min(near, key=lambda i: abs(result[i].start_ms - stretch.start_ms))
        if first == 0 or result[first - 1].end_ms <= stretch.start_ms + _SHORTEST_WORD_MS:
            end = max(result[first].end_ms, stretch.start_ms + _SHORTEST_WORD_MS)
            result[first] = replace(result[first], start_ms=stretch.start_ms, end_ms=end)
    return result


def _on_ends(words: Sequence[Word], speech: Sequence[Interval]) -> list[Word]:
    """The last word before a pause ends where the sound ends: recognizers often end it early."""
    result = list(words)
    begins = [word.start_ms for word in words]
    for stretch in speech:
        last = bisect_left(begins, stretch.end_ms) - 1
        ends = [word.end_ms for word in result[max(0, last - 1) : last + 1]]
        if ends and 0 < stretch.end_ms - max(ends) <= _REACH_MS:
            result[last] = replace(result[last], end_ms=stretch.end_ms)
    return result


def _start_ms(word: Word) -> int:
    return word.start_ms


def _in_order(words: Sequence[Word]) -> list[Word]:
    """No word begins before the one before it has begun, or ends before it begins."""
    result: list[Word] = []
    at = 0
    for word in words:
        start = max(word.start_ms, at)
        result.append(replace(word, start_ms=start, end_ms=max(word.end_ms, start)))
        at = start
    return result


def utterances(
    words: Sequence[Word], rules: Segmentation | None = None, language: str = "en"
) -> tuple[Utterance, ...]:
    """Cut words into utterances, one speaker and language each, in order; ids count from `u0001`.

    Args:
        words: In order.
        rules: When to cut.
        language: What is spoken, where a word names no other: how its sentences end and its words
            are joined.
    """
    rules = rules or Segmentation()
    runs = _joined(_runs(words, rules, language), rules)
    pieces = [piece for run in runs for piece in _split(run, rules, language)]
    return tuple(
        Utterance(
            id=f"u{number:04d}",
            text=joined((w.text for w in piece), piece[0].language or language),
            start_ms=piece[0].start_ms,
            end_ms=max(w.end_ms for w in piece),
            speaker=piece[0].speaker,
            words=tuple(piece),
        )
        for number, piece in enumerate(pieces, start=1)
    )


def _runs(words: Sequence[Word], rules: Segmentation, language: str) -> list[list[Word]]:
    """Words up to the next pause, change of speaker or end of sentence with a pause."""
    runs: list[list[Word]] = []
    for word in words:
        if runs:
            last = runs[-1][-1]
            gap = word.start_ms - last.end_ms
            ended = ends_sentence(last.text, last.language or language, word.text)
            pause = rules.sentence_pause_ms if ended else rules.pause_ms
            if gap < pause and _alike(word, last):
                runs[-1].append(word)
                continue
        runs.append([word])
    return runs


def _alike(one: Word, other: Word) -> bool:
    """Whether the same person says both, in the same language."""
    return (one.speaker, one.language) == (other.speaker, other.language)


def _length(run: Sequence[Word]) -> int:
    return run[-1].end_ms - run[0].start_ms


def _joined(runs: list[list[Word]], rules: Segmentation) -> list[list[Word]]:
    """Short utterances join their nearer neighbour."""
    runs = list(runs)
    index = 0
    while index < len(runs):
        left = None if _length(runs[index]) >= rules.shortest_ms else _mate(runs, index, rules)
        if left is None:
            index += 1
            continue
        runs[left : left + 2] = [runs[left] + runs[left + 1]]
        index = left
    return runs


def _mate(runs: Sequence[list[Word]], index: int, rules: Segmentation) -> int | None:
    """The index of the left one of the two runs to join, or None."""
    options = []
    for left in (index - 1, index):
        if left < 0 or left + 1 >= len(runs):
            continue
        a, b = runs[left], runs[left + 1]
        gap = b[0].start_ms - a[-1].end_ms
        same = _alike(a[-1], b[0])
        fits = b[-1].end_ms - a[0].start_ms <= rules.longest_ms
        if same and fits and gap <= rules.join_gap_ms:
            options.append((gap, left))
    return min(options)[1] if options else None


def _split(run: list[Word], rules: Segmentation, language: str) -> list[list[Word]]:
    """Cut an utterance that is too long where it hurts least, as often as it takes."""
    whole, parts = [run], list[list[Word]]()
    while whole:
        piece = whole.pop()
        if _length(piece) <= rules.longest_ms or len(piece) < 2:
            parts.append(piece)
            continue
        cut = max(range(1, len(piece)), key=lambda i: _merit(piece, i, language))
        whole += [piece[cut:], piece[:cut]]
    return parts


def _merit(piece: Sequence[Word], cut: int, language: str) -> float:
    """How good a place to cut is: pauses, punctuation and the middle are."""
    before, after = piece[cut - 1], piece[cut]
    language = before.language or language
    gap_s = (after.start_ms - before.end_ms) / 1000
    balance = abs((before.end_ms - piece[0].start_ms) / max(1, _length(piece)) - 0.5)
    mark = 0.0
    if ends_sentence(before.text, language, after.text):
        mark = 2.0
    elif ends_clause(before.text, language):
        mark = 1.0
    return 4 * gap_s + mark - 2 * balance
