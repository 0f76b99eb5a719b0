"""When each person speaks in a recording, and which words are whose."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from string import ascii_uppercase

from .media import Interval
from .transcript import Word

LEAST_RUN_MS = 400
"""Words of one person between words of another that last no longer than this are taken for the
other's: a change of voice is heard to a fifth of a second, and words are placed as roughly."""


@dataclass(frozen=True, slots=True)
class SpeakerTurn:
    """A stretch in which one person speaks."""

    speaker: str
    start_ms: int
    end_ms: int

    @property
    def interval(self) -> Interval:
        """When it is."""
        return Interval(self.start_ms, self.end_ms)


def person_id(number: int) -> str:
    """What a person is called, counted from 0: A to Z, then AA, AB and so on."""
    name = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, len(ascii_uppercase))
        name = ascii_uppercase[letter] + name
    return name


def with_speakers(words: Sequence[Word], turns: Sequence[SpeakerTurn]) -> list[Word]:
    """Each word as of the person whose turns it overlaps most; where it overlaps none, of the one
    whose turn is nearest. A few words of one person among another's are the other's.

    Args:
        words: In order.
        turns: In order of their beginnings; with none, words are as they were.
    """
    if not turns:
        return list(words)
    starts = [turn.start_ms for turn in turns]
    longest_ms = max(turn.interval.duration_ms for turn in turns)
    whose = []
    for word in words:
        first = bisect_left(starts, word.start_ms - longest_ms)
        last = bisect_left(starts, word.end_ms, first)
        near = turns[max(0, first - 1) : last + 1]
        whose.append(_speaker_of(word.interval, near or turns[-1:]))
    said = [replace(word, speaker=who) for word, who in zip(words, whose, strict=True)]
    return _without_flutter(said)


def _speaker_of(word: Interval, turns: Sequence[SpeakerTurn]) -> str:
    shares: dict[str, int] = {}
    for turn in turns:
        shares[turn.speaker] = shares.get(turn.speaker, 0) + turn.interval.overlap_ms(word)
    most = max(shares, key=lambda speaker: shares[speaker])
    if shares[most]:
        return most
    middle = (word.start_ms + word.end_ms) / 2
    return min(turns, key=lambda turn: max(turn.start_ms - middle, middle - turn.end_ms)).speaker


def _without_flutter(words: Sequence[Word]) -> list[Word]:
    """Runs of words that are too short, within a sentence of another person, are theirs."""
    runs = [list(run) for _, run in groupby(words, key=lambda word: word.speaker)]
    for before, run, after in zip(runs, runs[1:], runs[2:], strict=False):
        within = before[-1].speaker == after[0].speaker
        length_ms = run[-1].end_ms - run[0].start_ms
        pause_ms = max(run[0].start_ms - before[-1].end_ms, after[0].start_ms - run[-1].end_ms)
        if within and length_ms <= LEAST_RUN_MS and pause_ms < LEAST_RUN_MS:
            run[:] = [replace(word, speaker=before[-1].speaker) for word in run]
    return [word for run in runs for word in run]
