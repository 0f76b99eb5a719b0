"""Which language is spoken when, by whisper.

A few seconds of speech are enough to tell a language, but not to be believed against all that is
around them: the most likely course through all of them is taken, in which every change has its
price (Viterbi's algorithm).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ytdubber.domain.errors import UnknownLanguage
from ytdubber.domain.languages import normalize
from ytdubber.domain.media import Interval

from .recording import Recording
from .whisper_windows import Stretch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK_MS = 8_000
"""As much speech is judged at once, at the most, where it has pauses. What is shorter is padded:
whisper tells the language of a sentence of one or two seconds right in 29 of 45 cases by itself, in
42 with silence up to this (benchmarks/recordings.md)."""

FULL_BLOCK_MS = 2_000
SENTENCE_PAUSE_MS = 400
"""A block with the one of speech ends at a pause of the other: people change languages there. With
4 s the sentence before a change is judged, and heard, together with what follows it; 1 s is too
short to be told a language by."""

LONGEST_LOOK_MS = 29_000

SURE_MS = 4_000
"""What is shorter counts for less: whisper takes single words, and a sentence in a distorted voice,
for any language."""

LEAST = 0.002
"""No language is held to be less likely than this in one block."""

CHANGE = 2.2
"""The price of a change, in the logarithm of probabilities: a block between two others of another
language must be 80 times likelier in its own; one that begins or ends a recording, 9 times."""

PLAUSIBLE = 0.3
"""A language that is nowhere likelier than this is not considered."""


def by_language(
    whisper: Any,
    recording: Recording,
    speech: Sequence[Interval],
    known: frozenset[str],
    check: Callable[[], None],
) -> list[Stretch]:
    """The speech, each interval with the language it is in.

    Args:
        whisper: The model.
        recording: What is listened to.
        speech: When somebody speaks.
        known: The languages to choose among.
        check: Called before each block; raises to stop.
    """
    groups = blocks(speech)
    judged = []
    for group in groups:
        check()
        judged.append(likelihoods(whisper, recording, group, known))
    lengths = [sum(each.duration_ms for each in group) for group in groups]
    return [
        Stretch(interval, language)
        for group, language in zip(groups, course(judged, lengths), strict=True)
        for interval in group
    ]


def blocks(speech: Sequence[Interval]) -> list[list[Interval]]:
    """The speech in groups of neighbours that are judged together."""
    groups: list[list[Interval]] = []
    length_ms = 0
    for interval in speech:
        if groups:
            pause_ms = interval.start_ms - groups[-1][-1].end_ms
            ended = length_ms >= FULL_BLOCK_MS and pause_ms >= SENTENCE_PAUSE_MS
            if not ended and length_ms + interval.duration_ms <= BLOCK_MS:
                groups[-1].append(interval)
                length_ms += interval.duration_ms
                continue
        groups.append([interval])
        length_ms = interval.duration_ms
    return groups


def likelihoods(
    whisper: Any, recording: Recording, group: Sequence[Interval], known: frozenset[str]
) -> dict[str, float]:
    """How likely each language is in a group of intervals.

    The sound is padded to the length of a block, and not to whisper's 30 s, with which the
    encoder's work would grow and no more languages be told right.
    """
    probabilities: dict[str, float] = {}
    sound = _sound(recording, group)
    encoded = whisper.encode(whisper.feature_extractor(sound)[..., :-1])
    for token, probability in whisper.model.detect_language(encoded)[0]:
        try:
            code = normalize(token[2:-2])
        except UnknownLanguage:
            continue
        if code in known:
            probabilities[code] = probabilities.get(code, 0.0) + float(probability)
    return probabilities


def course(judged: Sequence[Mapping[str, float]], lengths_ms: Sequence[int]) -> list[str]:
    """The likeliest language of each block, where a change has its price.

    Args:
        judged: How likely each language is in each block.
        lengths_ms: How much speech each block has.
    """
    if not judged:
        return []
    codes = sorted(
        {code for each in judged for code, p in each.items() if p >= PLAUSIBLE}
        or {max(each, key=lambda code: each[code]) for each in judged if each}
        or {"en"}
    )
    best = dict.fromkeys(codes, 0.0)
    ways: list[dict[str, str]] = []
    for each, length_ms in zip(judged, lengths_ms, strict=True):
        weight = min(1.0, length_ms / SURE_MS)
        came = {
            code: max(codes, key=lambda c: best[c] - (CHANGE if c != code else 0.0))
            for code in codes
        }
        best = {
            code: best[came[code]]
            - (CHANGE if came[code] != code else 0.0)
            + weight * math.log(max(LEAST, each.get(code, 0.0)))
            for code in codes
        }
        ways.append(came)
    found = [max(codes, key=lambda code: best[code])]
    for came in reversed(ways[1:]):
        found.append(came[found[-1]])
    return found[::-1]


def _sound(recording: Recording, group: Sequence[Interval]) -> "NDArray[np.float32]":
    import numpy as np

    sound = np.concatenate([recording.part(interval) for interval in group])
    silence = np.zeros(max(0, BLOCK_MS * 16 - len(sound)), np.float32)
    return np.concatenate([sound, silence])[: LONGEST_LOOK_MS * 16]
