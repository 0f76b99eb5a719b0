"""Speech made shorter or longer, at its own pitch."""

import math

import numpy as np
from numpy.typing import NDArray
from python_stretch.Signalsmith import Stretch

# A block of several pitch periods, three times overlapped: of the settings that were measured these
# give speech the highest PESQ (`benchmarks/stretching.py`).
_BLOCK_MS, _INTERVAL_MS = 60, 20
# Silence given before and after the sound and cut off again. Where a sound begins or ends with the
# input itself, its first and last milliseconds come out up to 30 dB too loud.
_SILENCE_MS = 100
_SEED = 0  # of the phases that the stretcher draws: the same input gives the same samples


def stretch(
    samples: NDArray[np.float32], samples_out: int, sample_rate_hz: int
) -> NDArray[np.float32]:
    """float32[n] to float32[samples_out], at the same pitch, by Signalsmith Stretch (MIT)."""
    if samples_out <= 0 or not samples.size:
        return np.zeros(max(0, samples_out), np.float32)
    if samples.size == samples_out:
        return samples.astype(np.float32, copy=True)
    rate = samples.size / samples_out
    # The silence is measured in what comes out, so that the sound begins on a whole sample there.
    silence = sample_rate_hz * _SILENCE_MS // 1000
    before, after = round(silence * rate), math.ceil(silence * rate + rate)
    padded: NDArray[np.float32] = np.pad(samples, (before, after))
    stretcher = Stretch(_SEED)
    stretcher.configure(
        1, sample_rate_hz * _BLOCK_MS // 1000, sample_rate_hz * _INTERVAL_MS // 1000
    )
    stretcher.setTimeFactor(rate)
    stretched = np.asarray(stretcher.process(padded[np.newaxis]), np.float32)
    return stretched[0, silence : silence + samples_out].copy()
