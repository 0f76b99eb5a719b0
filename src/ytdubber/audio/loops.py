"""The compiled loops. Slow to import: `kernels` is the way in.

All release the interpreter's lock and are cached on disk. Shapes: n samples, c channels.
"""

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Loop = TypeVar("Loop", bound=Callable[..., object])

# One as the limiter counts gains: sums of integers do not drift, so an idle limiter is exact.
_GAIN_ONE = 1 << 40
# Samples that are checked against a bound together before any is interpolated.
_GROUP = 64


def _compiled(loop: Loop) -> Loop:
    """Compile at the first call; rounding may differ from the order written."""
    return cast(Loop, njit(cache=True, nogil=True, fastmath=True)(loop))


# An index that may be negative keeps a loop from being vectorized: the loops below take slices.


@_compiled
def _cross_correlation(frame: Samples, other: Samples) -> float:
    """The normalized correlation of two frames of one length."""
    product = np.float32(0.0)
    energy = np.float32(1e-9)
    for i in range(frame.size):
        product += frame[i] * other[i]
        energy += frame[i] * frame[i]
    return float(product / np.sqrt(energy))


@_compiled
def _most_similar(x: Samples, natural: int, first: int, last: int, length: int) -> int:
    """Where in [first, last] the frame most like the one at `natural` starts."""
    model = x[natural : natural + length]
    best = first
    best_correlation = _cross_correlation(x[first : first + length], model)
    for start in range(first + 1, last + 1):
        correlation = _cross_correlation(x[start : start + length], model)
        if correlation > best_correlation:
            best, best_correlation = start, correlation
    return best


@_compiled
def wsola(
    x: Samples, coarse: Samples, samples_in: int, samples_out: int, window: Samples, reach: int
) -> Samples:
    """Waveform-similarity overlap-add (Verhelst and Roelands 1993).

    x float32[pad + samples_in + pad] with pad = 2 * frame + reach; coarse: x decimated by a whole
    number, for the first look around; window float32[frame], whose halves add up to one. Returns
    float32[samples_out].
    """
    frame = window.size
    hop = frame // 2
    pad = 2 * frame + reach
    step = x.size // coarse.size
    rate = samples_in / samples_out
    frames = (samples_out + hop - 1) // hop + 1
    out = np.zeros((frames + 1) * hop, np.float32)
    start = pad - hop
    for k in range(frames):
        if k > 0:
            nominal = pad - hop + min(round(k * hop * rate), samples_in + hop)
            natural = start + hop
            start = natural
            if abs(natural - nominal) > step:
                first, last = nominal - reach, nominal + reach
                around = step * _most_similar(
                    coarse, natural // step, first // step, last // step, frame // step
                )
                around += natural % step
                start = _most_similar(
                    x, natural, max(first, around - step), min(last, around + step), frame
                )
        source, target = x[start : start + frame], out[k * hop : k * hop + frame]
        for i in range(frame):
            target[i] += source[i] * window[i]
    return out[hop : hop + samples_out].copy()


@_compiled
def k_energies(
    x: Samples,
    weights: NDArray[np.float64],
    state: NDArray[np.float64],
    total: float,
    count: int,
    step: int,
    energies: NDArray[np.float64],
) -> tuple[float, int]:
    """K-weight a signal and add its energy up over stretches of `step` samples.

    x [n], float32, or complex64 for two channels at once: the weights are real, so they work on
    the real and the imaginary part apart. weights float64[2, 5] (b0 b1 b2 a1 a2 of each biquad);
    state float64[4] or complex128[4]; energies float64[...] gets the energy of each stretch that
    ends in x. Returns the energy and the sample count of the stretch under way.
    """
    b0, b1, b2, a1, a2 = weights[0]
    d0, d1, d2, c1, c2 = weights[1]
    s0, s1, s2, s3 = state
    ended = 0
    for i in range(x.size):
        value = x[i]
        shelf = b0 * value + s0
        s0 = b1 * value - a1 * shelf + s1
        s1 = b2 * value - a2 * shelf
        high = d0 * shelf + s2
        s2 = d1 * shelf - c1 * high + s3
        s3 = d2 * shelf - c2 * high
        total += high.real * high.real + high.imag * high.imag
        count += 1
        if count == step:
            energies[ended] = total
            ended += 1
            total = 0.0
            count = 0
            if abs(s0) + abs(s1) + abs(s2) + abs(s3) < 1e-30:  # or silence turns into denormals
                s0, s1, s2, s3 = 0.0 * s0, 0.0 * s1, 0.0 * s2, 0.0 * s3
    state[0], state[1], state[2], state[3] = s0, s1, s2, s3
    return total, count


@_compiled
def _bound(x: Samples, growth: float) -> float:
    """What no point interpolated over x can pass."""
    highest = np.float32(0.0)
    for i in range(x.size):
        highest = max(highest, abs(x[i]))
    return float(highest * growth)


@_compiled
def _peaks(x: Samples, phases: Samples, peaks: Samples) -> None:
    """For each sample, the highest of its magnitude and the points between it and the next.

    x float32[taps/2 - 1 before, n, taps/2 after]; phases float32[3, taps]; peaks float32[n].
    """
    middle = x[phases.shape[1] // 2 - 1 :]
    for i in range(peaks.size):
        peaks[i] = abs(middle[i])
    for phase in range(phases.shape[0]):
        for i in range(peaks.size):
            value = np.float32(0.0)
            for k in range(phases.shape[1]):
                value += x[i + k] * phases[phase, k]
            peaks[i] = max(peaks[i], abs(value))


@_compiled
def true_peak(x: Samples, phases: Samples, growth: float, peak: float) -> float:
    """The highest interpolated magnitude of x and `peak`.

    x float32[c, taps - 1 + n]; phases float32[3, taps]; growth: the most an interpolated point can
    pass the samples it is made of.
    """
    apron = phases.shape[1] - 1
    samples = x.shape[1] - apron
    peaks = np.empty(_GROUP, np.float32)
    for channel in range(x.shape[0]):
        for first in range(0, samples, _GROUP):
            last = min(samples, first + _GROUP)
            group = x[channel, first : last + apron]
            if _bound(group, growth) > peak:
                _peaks(group, phases, peaks[: last - first])
                for i in range(last - first):
                    peak = max(peak, peaks[i])
    return peak


@_compiled
def required_gains(
    x: Samples, phases: Samples, growth: float, gain: float, ceiling: float, required: Samples
) -> bool:
    """The gain each sample needs so that gain * x stays under the ceiling up to the next sample.

    x float32[c, taps - 1 + n]; required float32[n], 1 where nothing is needed. Returns whether
    any is below 1.
    """
    apron = phases.shape[1] - 1
    required[:] = np.float32(1.0)
    needed = False
    peaks = np.empty(_GROUP, np.float32)
    for channel in range(x.shape[0]):
        for first in range(0, required.size, _GROUP):
            last = min(required.size, first + _GROUP)
            group = x[channel, first : last + apron]
            if _bound(group, growth) * gain <= ceiling:
                continue
            _peaks(group, phases, peaks[: last - first])
            for i in range(last - first):
                peak = peaks[i] * gain
                if peak > ceiling:
                    required[first + i] = min(required[first + i], ceiling / peak)
                    needed = True
    return needed


@_compiled
def lowest_ahead(required: Samples, lowest: Samples) -> None:
    """The least gain required from the sample before to `ahead` samples after, for each sample.

    required float32[1 + n + ahead], the second for the first of lowest float32[n]. The least is
    kept by a monotonic queue: positions of gains below 1, each lower than all behind it.
    """
    reach = required.size - lowest.size
    queue = np.empty(reach + 2, np.int64)
    first, count = 0, 0
    for newest in range(required.size):
        if required[newest] < 1.0:
            while (
                count > 0 and required[queue[(first + count - 1) % queue.size]] >= required[newest]
            ):
                count -= 1
            queue[(first + count) % queue.size] = newest
            count += 1
        if count > 0 and queue[first] < newest - reach:
            first = (first + 1) % queue.size
            count -= 1
        if newest >= reach:
            lowest[newest - reach] = required[queue[first]] if count > 0 else np.float32(1.0)


@_compiled
def smoothed(
    lowest: Samples, release: float, state: NDArray[np.float64], box: NDArray[np.int64]
) -> None:
    """Turn the gains required into the gains applied, in place.

    An envelope falls at once to lowest[i] and rises back by `release` a sample; what is applied is
    the mean of its last box.size values, so that it starts to fall that long before a peak.

    lowest float32[n]; state float64[3]: the envelope, for how many samples it has been 1, place in
    the box; box int64[ahead]: the envelope's last values, in units of 1 / _GAIN_ONE.
    """
    envelope, idle, place = state[0], int(state[1]), int(state[2])
    total = box.sum()
    whole = box.size * _GAIN_ONE
    for i in range(lowest.size):
        if lowest[i] == 1.0 and idle > box.size:
            continue
        if lowest[i] < envelope:
            envelope = np.float64(lowest[i])
        else:
            envelope += (lowest[i] - envelope) * release
            if envelope > 1.0 - 1e-7:
                envelope = 1.0
        idle = idle + 1 if envelope == 1.0 else 0
        value = int(envelope * _GAIN_ONE)
        total += value - box[place]
        box[place] = value
        place = place + 1 if place + 1 < box.size else 0
        lowest[i] = total / whole
    state[0], state[1], state[2] = envelope, idle, place


@_compiled
def amplify(x: Samples, gain: float, gains: Samples, out: Samples) -> None:
    """out[i] = x[i] * (gain * gains[i]): x and out float32[n, c], gains float32[n]."""
    for i in range(gains.size):
        factor = gain * gains[i]
        for channel in range(x.shape[1]):
            out[i, channel] = x[i, channel] * factor


@_compiled
def to_24_bits(x: Samples, out: NDArray[np.int32]) -> None:
    """The upper 24 bits of out[i] = x[i], full scale at 1, rounded and clipped; both [n]."""
    for i in range(x.size):
        value = np.rint(x[i] * np.float32(8388608.0))
        value = min(max(value, np.float32(-8388608.0)), np.float32(8388607.0))
        out[i] = np.int32(value) * np.int32(256)


@_compiled
def subtract_offset(x: Samples, step: float, offsets: NDArray[np.float64]) -> None:
    """Subtract from each channel of x its offset, which follows it by `step` a sample.

    x float32[n, c], changed in place; offsets float64[c], changed for the next call.
    """
    for channel in range(x.shape[1]):
        offset = offsets[channel]
        for i in range(x.shape[0]):
            offset += step * (x[i, channel] - offset)
            x[i, channel] -= np.float32(offset)
        offsets[channel] = offset
