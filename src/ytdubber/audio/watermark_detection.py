"""Whether sound carries the watermark; the sound without it is not needed.

What the four parts of every cell have to do with each other is held against the pattern's sign, at
every place where the pattern can begin and, if that finds nothing, for sound that was made faster
or slower. The score is the sum over all cells, divided by its spread. Were the signs drawn anew, it
would pass s in at most exp(-s^2 / 2) of all draws, whatever the sound (Hoeffding, 1963): from that
follows how high it has to be, for as many places as were tried.
"""

import enum
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.watermark import BAND_HZ, LOWEST_HZ, PAIRS, PERIOD, SLOT_MS, pattern

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]
Signs = NDArray[np.int8]

RATE_HZ = 16_000
"""What is looked at."""
WINDOW_S = 60.0
"""Long sound is looked at in windows: in one, a clock that is off moves nothing by a slot."""
TEMPO_WINDOW_S = 20.0
MOST_TEMPO_WINDOWS = 9
TEMPOS = tuple(round(1 + 0.0025 * step, 4) for step in range(-25, 26) if step)
"""How much slower than the pattern the sound may be."""
FALSELY = 1e-4
"""The share of unmarked sound in which the watermark is said to be, at most."""
UNSURE = 0.02
"""The same for what is not sure."""

_FRAME, _HOP = 1024, 256
_STARTS = 12
"""Places within a cell at which the pattern is tried."""
_CLIP_DB = 6.0
_SILENT = 1e-4
"""Of a pair's mean power: what is softer says nothing."""
_TINY = 1e-12

_WINDOW = np.hanning(_FRAME + 1)[:-1].astype(np.float32)
_BINS = round(BAND_HZ * _FRAME / RATE_HZ)
_FIRST = round(LOWEST_HZ * _FRAME / RATE_HZ)
_SLOT = SLOT_MS * RATE_HZ / 1000 / _HOP


class Presence(enum.StrEnum):
    """Whether the watermark is there."""

    PRESENT = "present"
    UNSURE = "not sure"
    NOT_FOUND = "not found"


@dataclass(frozen=True, slots=True)
class WatermarkFound:
    """What was found.

    Attributes:
        presence: Whether it is there.
        score: How far the sound agrees with the pattern, in standard deviations of sound that has
            nothing to do with it, where it agrees most.
        needed: The score from which it is there: more, the longer the sound.
        tempo: How much slower the sound is than it was when it was marked.
    """

    presence: Presence
    score: float
    needed: float
    tempo: float = 1.0


def detect_watermark(blocks: Iterable[Samples]) -> WatermarkFound:
    """Look for the watermark in mono sound at `RATE_HZ`: float32[n], in blocks of any size."""
    (found,) = detect_patterns(blocks, pattern()[np.newaxis])
    return found


def detect_patterns(blocks: Iterable[Samples], patterns: Signs) -> list[WatermarkFound]:
    """Look for patterns, each by itself; others than ours are in no sound.

    Args:
        blocks: Mono sound at `RATE_HZ`: float32[n], of any size.
        patterns: int8[n, PERIOD, PAIRS], each -1 or 1.
    """
    windows = [_differences(window) for window in _windows(blocks)]
    if not windows:
        return [_found(0.0, 1, 1.0)] * len(patterns)
    expected = np.conj(np.fft.rfft(patterns.astype(np.float64), axis=1))
    places = _STARTS * PERIOD * len(windows)
    straight = np.max([_scores(each, 1.0, expected) for each in windows], axis=0)
    found = [_found(float(score), places, 1.0) for score in straight]
    if all(each.presence is Presence.PRESENT for each in found):
        return found
    parts = _parts(windows)
    scores = np.array(
        [np.max([_scores(each, tempo, expected) for each in parts], axis=0) for tempo in TEMPOS]
    )
    places = _STARTS * PERIOD * len(TEMPOS) * len(parts)
    best = [_found(float(each.max()), places, TEMPOS[int(each.argmax())]) for each in scores.T]
    return [_clearer(one, other) for one, other in zip(found, best, strict=True)]


def _clearer(straight: WatermarkFound, other: WatermarkFound) -> WatermarkFound:
    if straight.presence is Presence.PRESENT:
        return straight
    return max(straight, other, key=lambda each: each.score - each.needed)


def _parts(windows: Sequence[Floats]) -> list[Floats]:
    """What is looked at in other tempos: short pieces, in which a tempo that is nearly right moves
    nothing by a slot, a few from all over.
    """
    frames = round(TEMPO_WINDOW_S * RATE_HZ / _HOP)
    parts = [
        each[start : start + frames]
        for each in windows
        for start in range(0, max(1, len(each) - frames // 2), frames)
    ]
    return parts[:: -(-len(parts) // MOST_TEMPO_WINDOWS)]


def _found(score: float, places: int, tempo: float) -> WatermarkFound:
    """By how many places the score is the highest of; half of what may be false is for other
    tempos.
    """
    needed, unsure = (math.sqrt(2 * math.log(2 * places / each)) for each in (FALSELY, UNSURE))
    presence = Presence.NOT_FOUND
    if score >= unsure:
        presence = Presence.PRESENT if score >= needed else Presence.UNSURE
    return WatermarkFound(presence, score, needed, tempo)


def _windows(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """Windows one after another, of which the last is at least half as long as the others."""
    size, held = round(WINDOW_S * RATE_HZ), np.zeros(0, np.float32)
    for block in blocks:
        held = np.concatenate([held, block])
        while len(held) >= 3 * size // 2:
            yield held[:size]
            held = held[size:]
    if len(held) >= _FRAME:
        yield held


def _differences(sound: Samples) -> Floats:
    """How much louder the first band of each pair is than the second, against what it is around
    that time, in dB: float64[frames, PAIRS], at most `_CLIP_DB`.
    """
    padded = np.pad(sound, _FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::_HOP]
    bands = np.empty((len(frames), 2 * PAIRS))
    for start in range(0, len(frames), 512):
        spectra = np.fft.rfft(np.multiply(frames[start : start + 512], _WINDOW, dtype=np.float64))
        powers = np.square(np.abs(spectra[:, _FIRST : _FIRST + 2 * PAIRS * _BINS]))
        bands[start : start + 512] = powers.reshape(len(powers), -1, _BINS).sum(axis=2)
    decibels = 10 * np.log10(bands + 1e-9 * bands.max(initial=0.0) + _TINY)
    between = decibels[:, 0::2] - decibels[:, 1::2]
    reach = round(_SLOT)
    sums = np.cumsum(np.pad(between, ((reach + 1, reach), (0, 0)), mode="edge"), axis=0)
    between -= (sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)
    pairs = bands[:, 0::2] + bands[:, 1::2]
    heard = pairs > _SILENT * pairs.mean(axis=0)
    return np.where(heard, np.clip(between, -_CLIP_DB, _CLIP_DB), 0.0)


def _scores(
    differences: Floats, tempo: float, expected: NDArray[np.complex128]
) -> NDArray[np.float64]:
    """How far the sound agrees with each pattern where it agrees most; of the patterns, the
    conjugate transforms: complex128[n, PERIOD // 2 + 1, PAIRS].
    """
    slot = _SLOT * tempo
    sums = np.concatenate([np.zeros((1, PAIRS)), np.cumsum(differences, axis=0)])
    cells = math.ceil(len(differences) / (2 * slot)) + 1
    cells += -cells % PERIOD
    best = np.zeros(len(expected))
    for start in range(_STARTS):
        begins = (start / _STARTS - 1 + np.arange(cells)) * 2 * slot + 0.5
        before, between, after = (_at(sums, begins + part * slot) for part in range(3))
        responses = (2 * between - before - after).reshape(-1, PERIOD, PAIRS).sum(axis=0)
        agreement = np.fft.irfft((np.fft.rfft(responses, axis=0) * expected).sum(axis=2), PERIOD)
        spread = math.sqrt(float(np.square(responses).sum()) + _TINY)
        best = np.maximum(best, agreement.max(axis=1) / spread)
    return best


def _at(sums: Floats, places: NDArray[np.floating]) -> Floats:
    """Running sums at places between frames."""
    places = np.clip(places, 0, len(sums) - 1)
    whole = np.minimum(places.astype(np.int64), len(sums) - 2)
    part = (places - whole)[:, np.newaxis]
    return np.asarray(sums[whole] * (1 - part) + sums[whole + 1] * part)
