"""How loud the dialogue within a mix is."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.files import read_blocks
from ytdubber.audio.loudness import SILENCE_LUFS, LoudnessMeter
from ytdubber.domain.media import AudioFile, Interval


def voice_within_lufs(mix: AudioFile, voice: AudioFile) -> float:
    """The gated loudness of a voice, silent between its lines, at the gain it has in the mix.

    The gain in each of the mix's channels is the one with which the voice explains most of it
    (least squares) after K-weighting: the inner product of the two is a quarter of what the energy
    of their sum has more than that of their difference.

    Args:
        mix: What holds the voice, at the voice's rate.
        voice: The voice alone, one channel.
    """
    rate_hz = mix.sample_rate_hz
    alone = LoudnessMeter(rate_hz, 1)
    pairs = [(LoudnessMeter(rate_hz, 1), LoudnessMeter(rate_hz, 1)) for _ in range(mix.channels)]
    for whole, spoken in zip(read_blocks(mix), read_blocks(voice), strict=False):
        common = min(whole.shape[0], spoken.shape[0])
        line = spoken[:common, :1]
        alone.add(line)
        for channel, (sums, differences) in enumerate(pairs):
            sums.add(whole[:common, channel : channel + 1] + line)
            differences.add(whole[:common, channel : channel + 1] - line)
    loudness, energy = alone.integrated_lufs(), float(alone.mean_squares().sum())
    if loudness <= SILENCE_LUFS or not energy:
        return SILENCE_LUFS
    gains = [
        float(sums.mean_squares().sum() - differences.mean_squares().sum()) / (4.0 * energy)
        for sums, differences in pairs
    ]
    power = sum(gain**2 for gain in gains)
    return loudness + 10.0 * math.log10(power) if power else SILENCE_LUFS


def spoken_lufs(mix: AudioFile, lines: Sequence[Interval]) -> float:
    """The gated loudness of a mix where somebody speaks, with all that sounds there."""
    meter, at = LoudnessMeter(mix.sample_rate_hz, mix.channels), 0
    for block in read_blocks(mix):
        speaks: NDArray[np.bool_] = np.zeros(block.shape[0], np.bool_)
        for line in lines:
            first, last = (
                ms * mix.sample_rate_hz // 1000 - at for ms in (line.start_ms, line.end_ms)
            )
            speaks[max(0, first) : max(0, last)] = True
        meter.add(np.where(speaks[:, np.newaxis], block, np.float32(0.0)))
        at += block.shape[0]
    return meter.integrated_lufs()
