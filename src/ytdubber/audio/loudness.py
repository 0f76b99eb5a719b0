"""Loudness and true peak by ITU-R BS.1770-4 (annexes 1 and 2), block by block.

Equation numbers are those of annex 1. Channels are left, right and centre alone, whose weights G_i
are 1 (table 3 of the annex).
"""

import array
import functools
import math

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio import kernels
from ytdubber.audio.offset import centred

SILENCE_LUFS = -70.0  # the absolute gate, Γ_a: nothing quieter is told apart
_RELATIVE_GATE_LU = -10.0  # of the relative gate Γ_r, equation (6)
_OFFSET_LU = -0.691  # of equations (2), (4) and (5)
# Taps of each of the interpolator's phases, and its Kaiser window. BS.1770-4 annex 2 asks for 12
# taps at least; these are FFmpeg's, and read what its ebur128 filter reads.
_TAPS = 32
_KAISER_BETA = 9.0
OVERSAMPLING = 4


@functools.cache
def k_weighting(sample_rate_hz: int) -> NDArray[np.float64]:
    """The K-weighting of annex 1 at any rate, two biquads: float64[2, 5], b0 b1 b2 a1 a2.

    The recommendation gives coefficients at 48 kHz only (tables 1 and 2); the analogue filters
    behind them, a high shelf and a high-pass, are those of libebur128 (De Man 2018, "Evaluation of
    implementations of the EBU R128 loudness measurement").
    """
    shelf_hz, shelf_db, shelf_q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k = math.tan(math.pi * shelf_hz / sample_rate_hz)
    vh = 10.0 ** (shelf_db / 20.0)
    vb = vh**0.4996667741545416
    a0 = 1.0 + k / shelf_q + k * k
    shelf = (
        (vh + vb * k / shelf_q + k * k) / a0,
        2.0 * (k * k - vh) / a0,
        (vh - vb * k / shelf_q + k * k) / a0,
        2.0 * (k * k - 1.0) / a0,
        (1.0 - k / shelf_q + k * k) / a0,
    )
    high_hz, high_q = 38.13547087602444, 0.5003270373238773
    k = math.tan(math.pi * high_hz / sample_rate_hz)
    a0 = 1.0 + k / high_q + k * k
    high = (1.0, -2.0, 1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / high_q + k * k) / a0)
    return np.array([shelf, high])


@functools.cache
def interpolator() -> tuple[NDArray[np.float32], float]:
    """The 4x interpolator: its three phases between samples, float32[3, taps], and its growth.

    Growth is the most an interpolated point can pass the samples it is made of.
    """
    offsets = np.arange(_TAPS) - (_TAPS // 2 - 1)
    at = np.arange(1, OVERSAMPLING)[:, np.newaxis] / OVERSAMPLING
    distance = offsets[np.newaxis, :] - at
    inside = np.sqrt(np.maximum(0.0, 1.0 - (distance / (_TAPS / 2)) ** 2))
    window = np.i0(_KAISER_BETA * inside) / np.i0(_KAISER_BETA)
    phases = np.sinc(distance) * window
    phases /= phases.sum(axis=1, keepdims=True)
    return phases.astype(np.float32), float(np.abs(phases).sum(axis=1).max()) * 1.0001


def to_lufs(mean_square: float) -> float:
    """The loudness of a K-weighted mean square summed over channels, equation (2):
    L_K = -0.691 + 10 log10(sum of G_i z_i).
    """
    if mean_square <= 0.0:
        return SILENCE_LUFS
    return max(SILENCE_LUFS, _OFFSET_LU + 10.0 * math.log10(mean_square))


class LoudnessMeter:
    """Integrated, momentary and short-term loudness (EBU Tech 3341) of one or two channels."""

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._weights = k_weighting(sample_rate_hz)
        self._state: NDArray[np.float64] | NDArray[np.complex128] = np.zeros(4)
        if channels == 2:
            self._state = np.zeros(4, np.complex128)
        self._step = max(1, round(sample_rate_hz / 10))
        self._under_way = (0.0, 0)
        self._energies = array.array("d")

    def add(self, block: NDArray[np.float32]) -> None:
        """Meter float32[n, channels]."""
        energies = np.zeros((self._under_way[1] + block.shape[0]) // self._step)
        signal = np.ascontiguousarray(block)
        self._under_way = kernels.k_energies(
            signal[:, 0] if block.shape[1] == 1 else signal.view(np.complex64)[:, 0],
            self._weights,
            self._state,
            self._under_way,
            self._step,
            energies,
        )
        self._energies.frombytes(energies.tobytes())

    def mean_squares(self) -> NDArray[np.float64]:
        """The K-weighted mean square z_i of every 100 ms, equation (1), summed over channels."""
        return np.array(self._energies) / self._step

    def over_time_lufs(self, window_ms: int = 400) -> NDArray[np.float64]:
        """The loudness of every window, 100 ms apart, equation (4): 400 ms is the momentary
        loudness of EBU Tech 3341, 3000 ms the short-term one.
        """
        powers = _windows(self.mean_squares(), window_ms // 100)
        return np.maximum(SILENCE_LUFS, _OFFSET_LU + 10.0 * np.log10(powers + 1e-30))

    def integrated_lufs(self, gain_db: float = 0.0) -> float:
        """The gated loudness of all that was added, as with a gain; -70 for silence.

        What is shorter than one gating block of 400 ms is metered ungated.
        """
        if len(self._energies) < 4:
            return self.ungated_lufs(gain_db)
        return gated_lufs(self.mean_squares() * 10.0 ** (gain_db / 10.0))

    def ungated_lufs(self, gain_db: float = 0.0) -> float:
        """The loudness of all that was added, as with a gain, without gates, to the last sample."""
        energy = sum(self._energies) + self._under_way[0]
        samples = len(self._energies) * self._step + self._under_way[1]
        power = 10.0 ** (gain_db / 10.0)
        return to_lufs(energy * power / samples) if samples else SILENCE_LUFS


def gated_lufs(squares: NDArray[np.float64]) -> float:
    """The gated loudness of the K-weighted mean squares of every 100 ms, at least four: float64[n].

    Gating blocks are 400 ms, one every 100 ms, equation (3). The relative gate lies 10 LU under the
    loudness of the blocks above the absolute gate, equation (6); the loudness of those above both
    is that of equation (7).
    """
    powers = _windows(squares, 4)
    powers = powers[powers > _power(SILENCE_LUFS)]
    if not powers.size:
        return SILENCE_LUFS
    powers = powers[powers > powers.mean() * 10.0 ** (_RELATIVE_GATE_LU / 10.0)]
    return to_lufs(float(powers.mean()))


def _windows(squares: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Means of `length` neighbours, one step apart."""
    if squares.size < length:
        return np.zeros(0)
    view = np.lib.stride_tricks.sliding_window_view(squares, length)
    means: NDArray[np.float64] = view.mean(axis=1)
    return means


def _power(lufs: float) -> float:
    return float(10.0 ** ((lufs - _OFFSET_LU) / 10.0))


class TruePeakMeter:
    """The highest magnitude of the waveform in dBTP, 4x oversampled (BS.1770-4 annex 2).

    Attributes:
        peak_sample: The samples that had been added when it was found.
    """

    def __init__(self, channels: int, before: NDArray[np.float32] | None = None) -> None:
        """Begin; `before` float32[n, channels] sounds just before what is metered."""
        self._phases, self._growth = interpolator()
        self._before = np.zeros((channels, _TAPS - 1), np.float32)
        if before is not None and len(before):
            known = before[1 - _TAPS :].T
            self._before[:, _TAPS - 1 - known.shape[1] :] = known
        self._peak = 0.0
        self._added = self.peak_sample = 0

    def add(self, block: NDArray[np.float32]) -> None:
        """Meter float32[n, channels]."""
        planes = np.concatenate([self._before, block.T], axis=1)
        peak = kernels.true_peak(planes, self._phases, self._growth, self._peak)
        self._added += block.shape[0]
        if peak != self._peak:
            self._peak, self.peak_sample = peak, self._added
        self._before = planes[:, planes.shape[1] - (_TAPS - 1) :]

    def true_peak_dbtp(self, *, ended: bool = True) -> float:
        """The peak; to the last sample, with silence after it, where the sound has `ended`; -inf
        for silence.
        """
        planes = np.pad(self._before, ((0, 0), (0, _TAPS - 1)))
        peak = self._peak
        if ended:
            peak = kernels.true_peak(planes, self._phases, self._growth, peak)
        return 20.0 * math.log10(peak) if peak > 0.0 else -math.inf


def speech_level_lufs(samples: NDArray[np.float32], sample_rate_hz: int) -> float:
    """The ungated K-weighted level of a short mono clip float32[n], without its offset, which would
    sound where it begins; -70 for silence.
    """
    meter = LoudnessMeter(sample_rate_hz, 1)
    meter.add(centred(samples)[:, np.newaxis])
    return meter.ungated_lufs()
