"""How loud it is under the voice of a recording."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.files import read_blocks
from ytdubber.audio.resample import resampled
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.separation import UnderVoice

FRAME_MS = 20
MARGIN_MS = 200
"""Speech begins and ends softly: so much around it counts neither as speech nor as pause."""
MIN_PAUSE_MS = 500
"""Of pauses in all; less says nothing."""
_TINY = 1e-12


def under_voice(recording: AudioFile, speech: Sequence[Interval]) -> UnderVoice | None:
    """The level of the pauses against that of the speech; None where there are none. Silence that
    stands before a sound that begins late is no pause.

    Args:
        recording: One channel.
        speech: When somebody speaks, in order.
    """
    powers = _powers(recording)
    spoken, near = np.zeros(len(powers), bool), np.zeros(len(powers), bool)
    for each in speech:
        spoken[each.start_ms // FRAME_MS : -(-each.end_ms // FRAME_MS)] = True
        start_ms, end_ms = max(0, each.start_ms - MARGIN_MS), each.end_ms + MARGIN_MS
        near[start_ms // FRAME_MS : -(-end_ms // FRAME_MS)] = True
    near[: _silent_frames(powers)] = True
    pauses = powers[~near]
    if len(pauses) * FRAME_MS < MIN_PAUSE_MS or not spoken.any():
        return None
    level = float(powers[spoken].mean())
    return UnderVoice(_db(float(np.median(pauses)), level), _db(float(pauses.mean()), level))


def rest_db(mix: AudioFile, voice: AudioFile) -> float:
    """The power of what a voice leaves of its recording against its own, in dB."""
    rest = power = 0.0
    size = 2 * mix.sample_rate_hz
    blocks = resampled(mix, mix.sample_rate_hz, size), resampled(voice, mix.sample_rate_hz, size)
    for mixed, voiced in zip(*blocks, strict=False):
        samples = min(len(mixed), len(voiced))
        rest += float(np.square(mixed[:samples] - voiced[:samples], dtype=np.float64).sum())
        power += float(np.square(voiced, dtype=np.float64).sum())
    return _db(rest, power)


def is_silent(recording: AudioFile) -> bool:
    """Whether nothing is heard in a recording at all: -60 dB of full scale on the whole."""
    powers = _powers(recording)
    return not powers.size or float(powers.mean()) < 1e-6


def _silent_frames(powers: NDArray[np.float64]) -> int:
    """How many frames there are before the first sound."""
    return int(np.argmax(powers > 0)) if powers.any() else len(powers)


def _powers(recording: AudioFile) -> NDArray[np.float64]:
    """The mean power of each whole frame."""
    size = recording.sample_rate_hz * FRAME_MS // 1000
    found = [
        np.square(block[: len(block) // size * size, 0], dtype=np.float64)
        .reshape(-1, size)
        .mean(axis=1)
        for block in read_blocks(recording)
    ]
    return np.concatenate(found) if found else np.zeros(0)


def _db(power: float, against: float) -> float:
    return float(10 * np.log10((power + _TINY) / (against + _TINY)))
