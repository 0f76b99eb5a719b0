"""Typed ways into the compiled loops; `python -m ytdubber.audio.compile_ahead` compiles them all.

The compiler is imported at the first call, not with this module.
"""

import functools
import importlib
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


@functools.cache
def _loops() -> ModuleType:
    return importlib.import_module("ytdubber.audio.loops")


def wsola(
    padded: Samples,
    coarse: Samples,
    samples_in: int,
    samples_out: int,
    window: Samples,
    reach: int,
) -> Samples:
    """See `loops.wsola`."""
    out: Samples = _loops().wsola(padded, coarse, samples_in, samples_out, window, reach)
    return out


def k_energies(
    signal: Samples | NDArray[np.complex64],
    weights: NDArray[np.float64],
    state: NDArray[np.float64] | NDArray[np.complex128],
    under_way: tuple[float, int],
    step: int,
    energies: NDArray[np.float64],
) -> tuple[float, int]:
    """See `loops.k_energies`; `under_way` is what the call before returned, (0.0, 0) at first."""
    total, count = _loops().k_energies(
        signal, weights, state, under_way[0], under_way[1], step, energies
    )
    return float(total), int(count)


def true_peak(planes: Samples, phases: Samples, growth: float, peak: float) -> float:
    """See `loops.true_peak`."""
    return float(_loops().true_peak(planes, phases, np.float32(growth), np.float32(peak)))


def required_gains(
    planes: Samples, phases: Samples, growth: float, gain: float, ceiling: float, required: Samples
) -> bool:
    """See `loops.required_gains`."""
    return bool(
        _loops().required_gains(
            planes, phases, np.float32(growth), np.float32(gain), np.float32(ceiling), required
        )
    )


def applied_gains(
    required: Samples,
    ahead: int,
    release: float,
    state: NDArray[np.float64],
    box: NDArray[np.int64],
) -> Samples:
    """See `loops.lowest_ahead` and `loops.smoothed`; float32[required.size - ahead - 1]."""
    gains = np.empty(required.size - ahead - 1, np.float32)
    _loops().lowest_ahead(required, gains)
    _loops().smoothed(gains, release, state, box)
    return gains


def amplify(block: Samples, gain: float, gains: Samples) -> Samples:
    """See `loops.amplify`; block and result are float32[n, c]."""
    out = np.empty_like(block)
    _loops().amplify(block, np.float32(gain), gains, out)
    return out


def to_24_bits(block: Samples) -> NDArray[np.int32]:
    """See `loops.to_24_bits`; int32 of the block's shape."""
    out = np.empty(block.shape, np.int32)
    _loops().to_24_bits(np.ascontiguousarray(block).reshape(-1), out.reshape(-1))
    return out


def subtract_offset(block: Samples, step: float, offsets: NDArray[np.float64]) -> None:
    """See `loops.subtract_offset`."""
    _loops().subtract_offset(block, step, offsets)
