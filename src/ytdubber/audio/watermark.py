"""A watermark in the dubbed voice: small changes of level, in a pattern that a detector looks for.

Time is cut into slots of `SLOT_MS`, the spectrum from 0.4 to 6.7 kHz into bands of `BAND_HZ`. Two
neighbouring bands and two slots in a row make a cell of the pattern: the first band is a little
louder and the second a little softer, and the other way round in the second slot; or the opposite,
as a fixed pattern of `PERIOD` by `PAIRS` signs says, which repeats every 6.1 s. The voice as it was
is not needed to find it again: of a cell, four parts are compared with each other (a patchwork:
Bender, Gruhl, Morimoto & Lu, 1996).

It stays under what is heard. Above 1 kHz a pair of bands lies within one of the ear's own (ERB:
Glasberg & Moore, 1990), so that the louder and the softer one make up for each other. No level
changes by more than 1 dB, the step that is just heard (Zwicker & Fastl, Psychoacoustics, 7.1), and
low ones by less. Beside something much softer, before an onset and after an end, next to nothing is
changed: no change lies outside the sound that masks it, and silence stays silence.

What is changed at a place depends on where that is on the timeline, and on what sounds within
`REACH_MS` of it: a part can be rendered by itself.
"""

import functools
import hashlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

SLOT_MS = 96
LOWEST_HZ = 437.5
BAND_HZ = 62.5
PAIRS = 50
PERIOD = 32
"""Cells in time, each two slots long, before the pattern begins again."""
REACH_MS = 70
"""What is further away from a place changes nothing there; at 8 kHz and more."""

_CHANGES_HZ = (400.0, 800.0, 1500.0, 3000.0, 7000.0)
_CHANGES_DB = (0.5, 0.65, 0.9, 1.0, 1.0)
"""How much louder or softer a band is made, by frequency."""
_HOP_S = 1024 / 48_000
_HOP_STEP = 64  # lengths that transforms are quick at
_SOFTER_DB = 7.0
"""By more than so much the sound within a hop may not be softer, or the change is: by the rest."""
_NAME = b"ytdubber watermark 1"
_TINY = np.float32(1e-30)


class Track(Protocol):
    """Mono sound that is read from its start on."""

    def render(self, samples: int) -> Samples:
        """The next float32[samples]; fewer at the end."""
        ...


@functools.cache
def pattern() -> NDArray[np.int8]:
    """The signs of the cells: int8[PERIOD, PAIRS], each -1 or 1; the same for ever."""
    digests = [hashlib.sha256(_NAME + bytes([each])).digest() for each in range(PERIOD)]
    bits = np.unpackbits(np.frombuffer(b"".join(digests), np.uint8).reshape(PERIOD, -1), axis=1)
    return (1 - 2 * bits[:, :PAIRS].astype(np.int8)).astype(np.int8)


@dataclass(frozen=True, slots=True)
class _Changes:
    """What is done at a sample rate.

    Attributes:
        hop: Samples between frames, each of which is two hops long.
        window: Sine, on both sides.
        first: The first bin that is changed.
        pairs: Where each pair of bands begins among those that are.
        pair_of: The pair of each.
        factors: By slot and bin, what of the spectrum is added to it.
    """

    hop: int
    window: Samples
    first: int
    pairs: NDArray[np.int64]
    pair_of: NDArray[np.int64]
    factors: Samples


@functools.cache
def _changes(sample_rate_hz: int) -> _Changes:
    hop = max(1, round(sample_rate_hz * _HOP_S / _HOP_STEP)) * _HOP_STEP
    window = np.sin(np.pi * (np.arange(2 * hop) + 0.5) / (2 * hop)).astype(np.float32)
    hz = np.fft.rfftfreq(2 * hop, 1 / sample_rate_hz)
    band = np.floor((hz - LOWEST_HZ) / BAND_HZ).astype(np.int64)
    changed = np.flatnonzero((band >= 0) & (band < 2 * PAIRS))
    hz, band = hz[changed], band[changed]
    signs = np.repeat(pattern(), 2, axis=0)[:, band // 2] * np.where(band % 2, -1.0, 1.0)
    signs[1::2] = -signs[1::2]
    db = signs * np.interp(hz, _CHANGES_HZ, _CHANGES_DB)
    factors = (10.0 ** (db / 20.0) - 1.0).astype(np.float32)
    pairs = np.unique(band // 2, return_index=True)[1]
    return _Changes(hop, window, int(changed[0]), pairs, band // 2, factors)


class WatermarkedTrack:
    """A track with the watermark in it, as long as it and read in blocks of any size."""

    def __init__(
        self, track: Track, total_samples: int, sample_rate_hz: int, start_sample: int = 0
    ) -> None:
        """Mark a track.

        Args:
            track: It, which is to be read from `start_sample` on; before that it counts as silent.
            total_samples: Where on the timeline it ends.
            sample_rate_hz: The timeline's rate, 2 kHz or more.
            start_sample: Where on the timeline the first sample is.
        """
        self._track, self._rate_hz = track, sample_rate_hz
        self._changes = _changes(sample_rate_hz)
        self._at, self._total_samples = start_sample, total_samples
        hop = self._changes.hop
        self._held = np.zeros(start_sample - (start_sample // hop - 2) * hop, np.float32)

    def render(self, samples: int) -> Samples:
        """The next float32[samples]; fewer at the end."""
        hop, end = self._changes.hop, min(self._total_samples, self._at + samples)
        first = self._at // hop - 2
        size = (-(-end // hop) + 2 - first) * hop
        self._hold(size)
        sound, begin = self._held[:size], self._at - first * hop
        block = sound[begin : begin + end - self._at].copy()
        if np.any(sound):
            change = self._change(sound, first + 2)[begin - 2 * hop :][: len(block)]
            block += np.where(block, change, np.float32(0.0))
        self._at = end
        self._held = self._held[(end // hop - 2 - first) * hop :]
        return block

    def _hold(self, size: int) -> None:
        """Hold so many samples, with silence after the end."""
        missing = size - len(self._held)
        if missing > 0:
            more = np.zeros(missing, np.float32)
            read = self._track.render(missing)
            more[: len(read)] = read
            self._held = np.concatenate([self._held, more])

    def _change(self, sound: Samples, first: int) -> Samples:
        """What is added to sound of n hops between its first two and its last two, which begin with
        the timeline's hop `first`: float32[(n - 4) * hop].
        """
        changes, hop = self._changes, self._changes.hop
        frames = np.lib.stride_tricks.sliding_window_view(sound, 2 * hop)[::hop]
        bins = slice(changes.first, changes.first + changes.factors.shape[1])
        windowed = np.multiply(frames, changes.window, dtype=np.float64)  # four times as fast
        spectra = np.fft.rfft(windowed, axis=1)[:, bins].astype(np.complex64)
        slots = (np.arange(first, first + len(frames) - 2) * hop * 1000) // (
            SLOT_MS * self._rate_hz
        )
        share = self._share(np.square(spectra.real) + np.square(spectra.imag))
        changed = np.zeros((len(frames) - 2, hop + 1), np.complex64)
        changed[:, bins] = spectra[1:-1] * changes.factors[slots % (2 * PERIOD)] * share
        parts = np.fft.irfft(changed, 2 * hop, axis=1) * changes.window
        return (parts[:-1, hop:] + parts[1:, :hop]).reshape(-1).astype(np.float32, copy=False)

    def _share(self, powers: Samples) -> Samples:
        """How much of its change each bin gets in all frames but the first and the last: less where
        it is softer in the frame before or after, around its pair of bands.
        """
        pairs = np.add.reduceat(powers, self._changes.pairs, axis=1)
        around = np.pad(pairs, ((0, 0), (1, 1)))
        around = around[:, :-2] + around[:, 1:-1] + around[:, 2:]
        softest = np.minimum(np.minimum(around[:-2], around[1:-1]), around[2:])
        allowed = softest * np.float32(10.0 ** (_SOFTER_DB / 10.0))
        share = np.sqrt(np.minimum(1.0, allowed / (around[1:-1] + _TINY)))
        return np.asarray(share[:, self._changes.pair_of], np.float32)
