"""Speech made longer or shorter, at its own pitch."""

import functools

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio import kernels

# Two pitch periods of a low voice, and a search of one.
_FRAME_MS = 20
_REACH_MS = 7
# The coarse search looks at the waveform at about this rate.
_COARSE_HZ = 6000


@functools.cache
def _window(frame: int) -> NDArray[np.float32]:
    """A periodic Hann window, whose halves add up to one."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frame) / frame)).astype(np.float32)


def stretch(
    samples: NDArray[np.float32], samples_out: int, sample_rate_hz: int
) -> NDArray[np.float32]:
    """float32[n] to float32[samples_out], at the same pitch."""
    if samples_out <= 0 or not samples.size:
        return np.zeros(max(0, samples_out), np.float32)
    if samples.size == samples_out:
        return samples.astype(np.float32, copy=True)
    frame = max(4, sample_rate_hz * _FRAME_MS // 1000 // 2 * 2)
    reach = max(1, sample_rate_hz * _REACH_MS // 1000)
    step = max(1, sample_rate_hz // _COARSE_HZ)
    pad = 2 * frame + reach
    padded = np.zeros(-(-(samples.size + 2 * pad) // step) * step, np.float32)
    padded[pad : pad + samples.size] = samples
    coarse = padded.reshape(-1, step).mean(axis=1, dtype=np.float32)
    return kernels.wsola(padded, coarse, samples.size, samples_out, _window(frame), reach)
