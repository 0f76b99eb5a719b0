"""Speech made shorter or longer, at its own pitch.

By Signalsmith Stretch where it is installed. Where there is none, on Linux on arm64, by an
overlap-add of our own, which sounds rougher (ADR 34).
"""

import functools
import importlib.metadata
import math

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio import kernels
from ytdubber.domain.engine import EngineId
from ytdubber.version import __version__

try:
    from python_stretch import Signalsmith
except ImportError:
    IS_OWN = True
else:
    IS_OWN = False
"""Whether it is our own overlap-add that stretches here."""

Samples = NDArray[np.float32]

# A block of several pitch periods, three times overlapped: of the settings that were measured these
# give speech the highest PESQ (`benchmarks/stretching.py`).
_BLOCK_MS, _INTERVAL_MS = 60, 20
# Silence given before and after the sound and cut off again. Where a sound begins or ends with the
# input itself, its first and last milliseconds come out up to 30 dB too loud.
_SILENCE_MS = 100
_SEED = 0  # of the phases that the stretcher draws: the same input gives the same samples

# Of the overlap-add: two pitch periods of a low voice, and a search of one.
_FRAME_MS, _REACH_MS = 20, 7
# The coarse search looks at the waveform at about this rate.
_COARSE_HZ = 6000


def stretch(samples: Samples, samples_out: int, sample_rate_hz: int) -> Samples:
    """float32[n] to float32[samples_out], at the same pitch."""
    if samples_out <= 0 or not samples.size:
        return np.zeros(max(0, samples_out), np.float32)
    if samples.size == samples_out:
        return samples.astype(np.float32, copy=True)
    by = overlap_add if IS_OWN else _signalsmith
    return by(samples, samples_out, sample_rate_hz)


@functools.cache
def engine() -> EngineId:
    """What stretches here."""
    if IS_OWN:
        return EngineId("ytdubber", "wsola", __version__)
    return EngineId("signalsmith", "stretch", importlib.metadata.version("python-stretch"))


def _signalsmith(samples: Samples, samples_out: int, sample_rate_hz: int) -> Samples:
    """By Signalsmith Stretch (MIT)."""
    rate = samples.size / samples_out
    # The silence is measured in what comes out, so that the sound begins on a whole sample there.
    silence = sample_rate_hz * _SILENCE_MS // 1000
    before, after = round(silence * rate), math.ceil(silence * rate + rate)
    padded: Samples = np.pad(samples, (before, after))
    stretcher = Signalsmith.Stretch(_SEED)
    stretcher.configure(
        1, sample_rate_hz * _BLOCK_MS // 1000, sample_rate_hz * _INTERVAL_MS // 1000
    )
    stretcher.setTimeFactor(rate)
    stretched = np.asarray(stretcher.process(padded[np.newaxis]), np.float32)
    return stretched[0, silence : silence + samples_out].copy()


def overlap_add(samples: Samples, samples_out: int, sample_rate_hz: int) -> Samples:
    """float32[n > 0] to float32[samples_out > 0], no louder anywhere: see `loops.wsola`."""
    frame = max(4, sample_rate_hz * _FRAME_MS // 1000 // 2 * 2)
    reach = max(1, sample_rate_hz * _REACH_MS // 1000)
    step = max(1, sample_rate_hz // _COARSE_HZ)
    pad = 2 * frame + reach
    padded = np.zeros(-(-(samples.size + 2 * pad) // step) * step, np.float32)
    padded[pad : pad + samples.size] = samples
    coarse: Samples = padded.reshape(-1, step).mean(axis=1, dtype=np.float32)
    return kernels.wsola(padded, coarse, samples.size, samples_out, _window(frame), reach)


@functools.cache
def _window(frame: int) -> Samples:
    """A periodic Hann window, whose halves add up to one."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frame) / frame)).astype(np.float32)
