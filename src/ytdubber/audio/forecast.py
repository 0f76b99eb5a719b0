"""About how loud a limiter leaves a programme, told from its peaks before anything is limited."""

import math

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio import kernels
from ytdubber.audio.limiter import MARGIN_DB, RELEASE_MS
from ytdubber.audio.loudness import gated_lufs

Samples = NDArray[np.float32]

_STEPS = 10  # of 10 ms in each stretch of 100 ms that loudness is metered by


class Peaks:
    """Keeps the highest sample of every 10 ms."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._stretch = max(_STEPS, round(sample_rate_hz / 10))
        self._rest: Samples | None = None
        self._kept: list[Samples] = []

    def add(self, block: Samples) -> None:
        """Look at float32[n, channels]."""
        heights = np.abs(block)
        if self._rest is not None:
            heights = np.concatenate([self._rest, heights])
        stretches, channels = heights.shape[0] // self._stretch, heights.shape[1]
        whole = stretches * self._stretch
        self._rest = heights[whole:] if whole < heights.shape[0] else None
        if stretches:
            step = np.arange(stretches * _STEPS) * self._stretch // _STEPS
            self._kept.append(np.maximum.reduceat(heights[:whole].reshape(-1), step * channels))

    def limited_lufs(
        self,
        mean_squares: NDArray[np.float64],
        true_peak_dbtp: float,
        gain_db: float,
        ceiling_dbtp: float,
    ) -> float | None:
        """How loud it is behind a gain and a limiter, or a little louder; None for the shortest.

        The limiter is followed in steps of 10 ms, by its own rule of release, and its gains are
        taken for those of all that sounds in each 100 ms. Every peak is taken to rise between its
        samples as far as the highest does.

        Args:
            mean_squares: The K-weighted mean squares of every 100 ms.
            true_peak_dbtp: The true peak of all of it.
            gain_db: The gain.
            ceiling_dbtp: The limiter's ceiling.
        """
        if mean_squares.size < 4:
            return None
        heights = np.concatenate(self._kept)
        over = 10.0 ** ((true_peak_dbtp + gain_db - ceiling_dbtp + MARGIN_DB) / 20.0)
        top = heights.max() / over
        required = np.ones(heights.size + 2, np.float32)
        required[1:-1] = np.minimum(1.0, top / np.maximum(heights, 1e-9))
        release = 1.0 - math.exp(-100.0 / _STEPS / RELEASE_MS)
        state, box = np.array([1.0, 2.0, 0.0]), np.full(1, 1 << 40, np.int64)
        gains = kernels.applied_gains(required, 1, release, state, box).astype(np.float64)
        power = (gains.reshape(-1, _STEPS) ** 2).mean(axis=1) * 10.0 ** (gain_db / 10.0)
        return gated_lufs(mean_squares * power)
