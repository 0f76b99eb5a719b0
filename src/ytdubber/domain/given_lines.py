"""A dub whose lines a person gives, against what is said in the recording."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from statistics import median

from .coverage import LEAST_MS
from .errors import ScriptLinesMissing
from .media import Interval
from .script import Script, ScriptLine, out_of_step, spread
from .segmentation import utterances
from .spacing import joined, pieces
from .transcript import Transcript, Utterance, Word

_LOOK_MS, _STEP_MS = 60_000, 100
"""How far a script may be from the recording for its offset to be found, and how finely."""
_LOOKED_AT = 400
"""So many of the recording's utterances are enough to find it."""
_LEAST_LINES = 4
"""With fewer anything fits."""
_TOGETHER_MS = 400
"""A line that begins within this of an utterance begins with it."""
_IN_STEP, _BETTER = 0.6, 0.3
"""A script is out of step where so many of the utterances would begin with a line of it, were it
moved, and so many more than do."""
_BESIDE_MS = 700
"""How far beside the beginning and the end of speech people put subtitles."""
_NEAR_MS = 1_000
"""A word belongs to the line nearest to it, and to none that is further away."""


@dataclass(frozen=True, slots=True)
class GivenLines:
    """What is to be said, and what is said there.

    Attributes:
        transcript: The recording's, cut as the given lines are.
        texts: What is to be said, by utterance id.
    """

    transcript: Transcript
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Written:
    """A piece of a script: of which line, with the space before it, and as a word of its time."""

    line: int
    piece: str
    word: Word


def given_lines(script: Script, transcript: Transcript, language: str) -> GivenLines:
    """The lines of a script in the places of the recording's.

    A script that names utterances, or that has no times and one line for each of them, is said
    utterance by utterance. One with times is said at its own times: lines that follow one another
    closely are said together as far as a sentence goes, and all of the recording's words stand by
    the line they are nearest to.

    Args:
        script: What is to be said.
        transcript: What is said in the recording.
        language: The language the script is in.

    Raises:
        ScriptLinesMissing: it names no or other utterances than the recording has.
        ScriptOutOfStep: its times are not those of the recording.
    """
    if script.by_utterance:
        texts = {line.utterance_id or "": line.text for line in script.lines}
        return GivenLines(transcript, _of_each(texts, script, transcript))
    if not script.timed:
        ids = (utterance.id for utterance in transcript.utterances)
        texts = dict(zip(ids, (line.text for line in script.lines), strict=False))
        if len(script.lines) != len(transcript.utterances):
            texts = {}
        return GivenLines(transcript, _of_each(texts, script, transcript))
    return _timed(script, transcript, language)


def _of_each(texts: Mapping[str, str], script: Script, transcript: Transcript) -> Mapping[str, str]:
    """The texts, where there is one for each utterance and none else."""
    if texts.keys() != {utterance.id for utterance in transcript.utterances}:
        raise ScriptLinesMissing(
            file=script.name, lines=len(script.lines), utterances=len(transcript.utterances)
        )
    return texts


def _timed(script: Script, transcript: Transcript, language: str) -> GivenLines:
    _refuse_out_of_step(script, transcript)
    said = [word for utterance in transcript.utterances for word in utterance.words]
    begins = sorted(utterance.start_ms for utterance in transcript.utterances)
    ends = sorted(utterance.end_ms for utterance in transcript.utterances)
    lines = sorted(
        ((_on_speech(line.interval, begins, ends), line) for line in script.lines if line.interval),
        key=lambda each: each[0],
    )
    of_lines, left = _shared_out(said, [when for when, _ in lines])
    written = [
        _Written(number, piece, word)
        for number, ((when, line), words) in enumerate(zip(lines, of_lines, strict=True))
        for piece, word in _spread_out(line, _when(when, words), language)
    ]
    given = utterances([each.word for each in written], language=language)
    parts = _parts(given, written)
    of_each = _of_utterances(given, parts, of_lines)
    cut = tuple(_utterance(transcript, *each) for each in zip(given, of_each, strict=True))
    bare = sorted([*transcript.uncovered, *left], key=lambda each: each.start_ms)
    return GivenLines(
        replace(transcript, utterances=cut, uncovered=tuple(bare)),
        {line.id: _text(part, language) for line, part in zip(given, parts, strict=True)},
    )


def _spread_out(line: ScriptLine, when: Interval, language: str) -> list[tuple[str, Word]]:
    """The pieces of a line with the space before them, each as a word of its time."""
    parts = pieces(line.text, language)
    return list(
        zip(parts, spread([part.strip() for part in parts], when, line.speaker), strict=True)
    )


def _parts(given: Sequence[Utterance], written: Sequence[_Written]) -> list[Sequence[_Written]]:
    """What each utterance of the dub is made of."""
    ends = accumulate((len(each.words) for each in given), initial=0)
    return [written[start:end] for start, end in pairwise(ends)]


def _text(part: Sequence[_Written], language: str) -> str:
    """The text as it is written: spaces within a line are its own."""
    lines = groupby(part, key=lambda each: each.line)
    texts = ("".join(each.piece for each in found).strip() for _, found in lines)
    return joined(texts, language, phrases=True)


def _on_speech(line: Interval, begins_ms: Sequence[int], ends_ms: Sequence[int]) -> Interval:
    """The line's edges where somebody begins and ends to speak, if that is near: people put
    subtitles a little beside it.
    """
    start_ms = _nearest_ms(line.start_ms, begins_ms)
    end_ms = _nearest_ms(line.end_ms, ends_ms)
    return Interval(start_ms, end_ms) if start_ms < end_ms else line


def _nearest_ms(at_ms: int, edges_ms: Sequence[int]) -> int:
    """The nearest of the edges, which are in order; the place itself where none is near."""
    at = bisect_left(edges_ms, at_ms)
    near = min(edges_ms[max(0, at - 1) : at + 1], key=lambda ms: abs(ms - at_ms), default=at_ms)
    return near if abs(near - at_ms) <= _BESIDE_MS else at_ms


def _of_utterances(
    given: Sequence[Utterance],
    parts: Sequence[Sequence[_Written]],
    of_lines: Sequence[Sequence[Word]],
) -> list[list[Word]]:
    """The recording's words by utterance of the dub, from those by line."""
    of_each: list[list[Word]] = [[] for _ in given]
    utterances_of: dict[int, list[int]] = {}
    for number, part in enumerate(parts):
        for line in dict.fromkeys(each.line for each in part):
            utterances_of.setdefault(line, []).append(number)
    for line, numbers in utterances_of.items():
        places = [Interval(given[each].start_ms, given[each].end_ms) for each in numbers]
        for word in of_lines[line]:
            middle_ms = (word.start_ms + word.end_ms) / 2
            near = min(range(len(numbers)), key=lambda each: _distance_ms(places[each], middle_ms))
            of_each[numbers[near]].append(word)
    return of_each


def _utterance(said: Transcript, line: Utterance, words: Sequence[Word]) -> Utterance:
    """What is said in the recording where a line is to be said: when, by whom, and what."""
    if not words:
        return replace(line, text="", words=())
    speaker, _ = Counter(word.speaker for word in words).most_common(1)[0]
    text = joined((word.text for word in words), words[0].language or said.language)
    start_ms, end_ms = words[0].start_ms, max(word.end_ms for word in words)
    return Utterance(line.id, text, start_ms, end_ms, line.speaker or speaker, tuple(words))


def _when(cue: Interval, words: Sequence[Word]) -> Interval:
    """When what a cue stands for is said; by itself where that is nothing."""
    if not words:
        return cue
    return Interval(words[0].start_ms, max(word.end_ms for word in words))


def _shared_out(
    said: Sequence[Word], lines: Sequence[Interval]
) -> tuple[list[list[Word]], list[Interval]]:
    """The recording's words by the line they are nearest to, and when words are said that are near
    none.
    """
    starts = [line.start_ms for line in lines]
    of_each: list[list[Word]] = [[] for _ in lines]
    left: list[Interval] = []
    for word in said:
        middle_ms = (word.start_ms + word.end_ms) / 2
        at = bisect_right(starts, middle_ms)
        near = [place for place in (at - 1, at) if 0 <= place < len(lines)]
        distance_ms, nearest = min((_distance_ms(lines[each], middle_ms), each) for each in near)
        if distance_ms <= _NEAR_MS:
            of_each[nearest].append(word)
        elif left and word.start_ms - left[-1].end_ms < _NEAR_MS:
            left[-1] = Interval(left[-1].start_ms, max(left[-1].end_ms, word.end_ms))
        else:
            left.append(word.interval)
    return of_each, [each for each in left if each.duration_ms >= LEAST_MS]


def _distance_ms(line: Interval, at_ms: float) -> float:
    return max(line.start_ms - at_ms, at_ms - line.end_ms, 0.0)


def _refuse_out_of_step(script: Script, transcript: Transcript) -> None:
    """Look whether the script's lines would begin where somebody begins to speak, were it moved."""
    begins = sorted(line.interval.start_ms for line in script.lines if line.interval is not None)
    every = max(1, len(transcript.utterances) // _LOOKED_AT)
    heard = [utterance.start_ms for utterance in transcript.utterances[::every]]
    if min(len(begins), len(heard)) < _LEAST_LINES:
        return

    def together(late_ms: int) -> list[int]:
        """How late the lines are that utterances begin with, were the script so much earlier."""
        found = []
        for start_ms in heard:
            at = bisect_left(begins, start_ms + late_ms - _TOGETHER_MS)
            if at < len(begins) and begins[at] <= start_ms + late_ms + _TOGETHER_MS:
                found.append(begins[at] - start_ms)
        return found

    moved = range(-_LOOK_MS, _LOOK_MS + 1, _STEP_MS)
    best = max(map(together, moved), key=len)
    if len(best) >= max(_IN_STEP * len(heard), len(together(0)) + _BETTER * len(heard)):
        raise out_of_step(script, median(best))
