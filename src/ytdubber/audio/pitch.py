"""How high a voice is.

By the autocorrelation of short windows, each over that of its window (Boersma 1993): a window is
voiced where the sound is much like itself one period later.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

WINDOW_S, HOP_S = 0.04, 0.02
LOWEST_HZ, HIGHEST_HZ = 65.0, 400.0
VOICED = 0.6
"""How alike a voiced window is to itself one period later, from 0 to 1."""
OCTAVE_COST = 0.02
"""Of two periods that fit as well the shorter one counts, which is the pitch."""
LEAST_WINDOWS = 25
"""Half a second of voiced sound, or nothing is said of it."""
LOUD = 0.3
"""Windows count that are as loud as this share of the stretch's own level."""


def median_pitch_hz(stretches: Iterable[NDArray[np.float32]], rate_hz: int) -> float | None:
    """The median pitch of a voice; None where too little is voiced.

    Args:
        stretches: Parts of a mono recording in which it is heard alone.
        rate_hz: Their sample rate.
    """
    found = [_pitches_hz(each, rate_hz) for each in stretches]
    pitches = np.concatenate(found) if found else np.zeros(0)
    return float(np.median(pitches)) if len(pitches) >= LEAST_WINDOWS else None


def _pitches_hz(samples: NDArray[np.float32], rate_hz: int) -> NDArray[np.float64]:
    """The pitch of every voiced window."""
    size, hop = round(WINDOW_S * rate_hz), round(HOP_S * rate_hz)
    if len(samples) < size:
        return np.zeros(0)
    rows = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop].astype(np.float64)
    level = np.sqrt(np.mean(samples.astype(np.float64) ** 2))
    rows = rows[np.sqrt(np.mean(rows**2, axis=1)) > LOUD * level]
    window = np.hanning(size)
    rows = (rows - rows.mean(axis=1, keepdims=True)) * window
    shortest, longest = round(rate_hz / HIGHEST_HZ), round(rate_hz / LOWEST_HZ)
    periods = np.arange(shortest, min(longest, size - 1))
    lags = slice(0, int(periods[-1]) + 1)  # further ones are those of next to nothing
    periodicity = _autocorrelation(rows)[:, lags] / _autocorrelation(window[None])[:, lags]
    scores = periodicity[:, periods] - OCTAVE_COST * np.log2(periods / shortest)
    best = scores.argmax(axis=1)
    voiced = periodicity[np.arange(len(rows)), periods[best]] > VOICED
    pitches: NDArray[np.float64] = rate_hz / periods[best[voiced]]
    return pitches


def _autocorrelation(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of every row, over its own power."""
    size = rows.shape[1]
    power = np.abs(np.fft.rfft(rows, 2 * size)) ** 2
    found = np.fft.irfft(power)[:, :size]
    shares: NDArray[np.float64] = found / np.maximum(found[:, :1], 1e-12)
    return shares
