"""How loud the original is, voice and background together."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.files import read_blocks
from ytdubber.audio.loudness import SILENCE_LUFS, LoudnessMeter, gated_lufs, to_lufs
from ytdubber.domain.media import AudioFile

_GATING_BLOCK = 4
"""Of mean squares of 100 ms."""


def original_lufs(
    voice: AudioFile, background: AudioFile | None, check: Callable[[], None]
) -> float:
    """The integrated loudness of the original's mix; -70 for silence.

    The voice is in every channel of the background. They are metered apart, at their own rates: the
    mean squares of sounds that have nothing to do with one another add up.

    Args:
        voice: The voice stem, mono.
        background: The background stem, one or two channels, if there is one.
        check: Called for every block; raises to cancel.
    """
    squares = _mean_squares(voice, check)
    if background is not None:
        bed = _mean_squares(background, check)
        both = np.zeros(max(len(squares), len(bed)))
        both[: len(squares)] += background.channels * squares
        both[: len(bed)] += bed
        squares = both
    if len(squares) < _GATING_BLOCK:
        return to_lufs(float(squares.mean())) if len(squares) else SILENCE_LUFS
    return gated_lufs(squares)


def _mean_squares(audio: AudioFile, check: Callable[[], None]) -> NDArray[np.float64]:
    meter = LoudnessMeter(audio.sample_rate_hz, audio.channels)
    for block in read_blocks(audio):
        check()
        meter.add(block)
    return meter.mean_squares()
