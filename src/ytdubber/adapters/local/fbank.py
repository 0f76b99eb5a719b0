"""Mel filter banks as Kaldi's `compute-fbank-feats` reckons them, which networks of voices see.

Windows of 25 ms every 10 ms, each without its mean, pre-emphasized (0.97) and under Povey's window;
the power in 80 triangles from 20 Hz to half the rate, even on the mel scale; its logarithm. No
dither, so that the same sound gives the same numbers.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
WINDOW, HOP, FFT = 400, 160, 512
"""Samples of a window, from one to the next, and of its transform."""
BANDS = 80
LOW_HZ = 20.0
PREEMPHASIS = 0.97
FLOOR = float(np.finfo(np.float32).eps)


def fbank(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The bands of every whole window, float32[frames, 80], of 16 kHz mono between -1 and 1."""
    if len(samples) < WINDOW:
        return np.zeros((0, BANDS), np.float32)
    rows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP] * np.float32(32_768)
    rows = rows - rows.mean(axis=1, keepdims=True)
    before = np.concatenate([rows[:, :1], rows[:, :-1]], axis=1)
    rows = (rows - np.float32(PREEMPHASIS) * before) * _povey()
    power = np.abs(np.fft.rfft(rows, FFT)) ** 2
    bands = power[:, : FFT // 2].astype(np.float32) @ _triangles()
    found: NDArray[np.float32] = np.log(np.maximum(bands, np.float32(FLOOR)))
    return found


@cache
def _povey() -> NDArray[np.float32]:
    window: NDArray[np.float32] = (np.hanning(WINDOW) ** 0.85).astype(np.float32)
    return window


@cache
def _triangles() -> NDArray[np.float32]:
    """float32[bins, bands]."""
    low, high = _mel(np.array([LOW_HZ, RATE_HZ / 2]))
    edges = np.linspace(low, high, BANDS + 2)
    mels = _mel(np.arange(FFT // 2) * RATE_HZ / FFT)[:, None]
    rising = (mels - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - mels) / (edges[2:] - edges[1:-1])
    found: NDArray[np.float32] = np.maximum(0.0, np.minimum(rising, falling)).astype(np.float32)
    return found


def _mel(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    mels: NDArray[np.float64] = 1127.0 * np.log(1.0 + hz / 700.0)
    return mels
