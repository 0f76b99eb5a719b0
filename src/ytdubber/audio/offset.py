"""The constant that some recordings lie above or below zero: found, and taken out.

Nobody hears it, and no loudness meter counts it; but it eats the room that peaks have under the
ceiling, so that a limiter presses the sound down for nothing.
"""

import math

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio import kernels
from ytdubber.domain.media import AudioFile
from ytdubber.files.encrypted import open_sound

Samples = NDArray[np.float32]

NEGLIGIBLE = 1e-3
"""An offset under this, -60 dB of full scale, moves no peak by a hundredth of a decibel: what has
no more is left as it is, to the bit."""
_CUTOFF_HZ = 0.5  # 20 Hz is turned by 1.4 degrees and keeps its level to 0.003 dB
_EXCERPTS, _EXCERPT_S = 60, 1


def has_offset(audio: AudioFile) -> bool:
    """Whether any channel's mean is not negligible; of a long sound, that of excerpts all over."""
    length = _EXCERPT_S * audio.sample_rate_hz
    starts = np.linspace(0, max(0, audio.samples - length), _EXCERPTS).astype(int).tolist()
    if audio.samples <= _EXCERPTS * length:
        starts = list(range(0, audio.samples, length))
    total, count = np.zeros(audio.channels), 0
    with open_sound(audio.path) as file:
        for start in starts:
            file.seek(start)
            excerpt = file.read(length, dtype="float32", always_2d=True)
            total += excerpt.sum(axis=0, dtype=np.float64)
            count += excerpt.shape[0]
    return bool((np.abs(total) > NEGLIGIBLE * max(1, count)).any())


def centred(line: Samples) -> Samples:
    """A short float32[n] without its mean, where that is not negligible."""
    mean = line.mean(dtype=np.float64) if line.size else 0.0
    return line if abs(mean) <= NEGLIGIBLE else line - np.float32(mean)


class OffsetRemover:
    """Takes an offset out of a sound block by block, also one that changes on the way.

    It is followed by a low-pass of one pole and subtracted, which makes a high-pass far below what
    can be heard. The sound's first second says where it begins.
    """

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._step = 1.0 - math.exp(-2.0 * math.pi * _CUTOFF_HZ / sample_rate_hz)
        self._first, self._offsets = sample_rate_hz, np.zeros(channels)
        self._begun = False

    def remove(self, block: Samples) -> None:
        """Take the offset out of the next float32[n, channels], in place."""
        if not self._begun and block.shape[0]:
            self._offsets[:] = block[: self._first].mean(axis=0, dtype=np.float64)
            self._begun = True
        kernels.subtract_offset(block, self._step, self._offsets)
