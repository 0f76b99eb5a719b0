"""Short-time spectra of sound that comes in blocks, and sound from them again.

A Hann window on both sides and three quarters of overlap: what is not changed between the two comes
back as it was (Griffin & Lim, 1984), `DELAY` samples later.
"""

import numpy as np
from numpy.typing import NDArray

FRAME = 4096
"""Samples a spectrum is made of."""
HOP = FRAME // 4
BINS = FRAME // 2 + 1
DELAY = FRAME - HOP

Samples = NDArray[np.float32]
Spectra = NDArray[np.complex64]

WINDOW: Samples = np.hanning(FRAME + 1)[:-1].astype(np.float32)
_SCALE = np.float32(2 / 3)
"""Of four squared Hann windows, one a hop apart, which add up to 1.5 everywhere."""


def spectra_of(frames: Samples) -> Spectra:
    """Of float32[..., FRAME]: complex64[..., BINS]."""
    return np.fft.rfft(frames * WINDOW, axis=-1).astype(np.complex64, copy=False)


class Analysis:
    """Spectra of a stream, whose beginning is preceded by silence."""

    def __init__(self, channels: int) -> None:
        self._held = np.zeros((DELAY, channels), np.float32)

    def spectra(self, block: Samples) -> Spectra:
        """Those of float32[frames * HOP, channels]: complex64[channels, frames, BINS]."""
        sound = np.concatenate([self._held, block])
        self._held = sound[-DELAY:].copy()
        frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME, axis=0)[::HOP]
        return spectra_of(frames.transpose(1, 0, 2))


class Synthesis:
    """Sound of the stream that spectra are of."""

    def __init__(self, channels: int) -> None:
        self._tail = np.zeros((channels, DELAY), np.float32)

    def sound(self, spectra: Spectra) -> Samples:
        """Of complex64[channels, frames, BINS]: float32[frames * HOP, channels], which begins
        `DELAY` samples before the block that the spectra were made of.
        """
        channels, count, _ = spectra.shape
        frames = np.fft.irfft(spectra, FRAME, axis=-1).astype(np.float32, copy=False)
        frames *= WINDOW * _SCALE
        sound = np.zeros((channels, count * HOP + DELAY), np.float32)
        sound[:, :DELAY] = self._tail
        hops = frames.reshape(channels, count, FRAME // HOP, HOP)
        for part in range(FRAME // HOP):
            span = slice(part * HOP, part * HOP + count * HOP)
            sound[:, span] += hops[:, :, part].reshape(channels, -1)
        self._tail = sound[:, count * HOP :].copy()
        return np.ascontiguousarray(sound[:, : count * HOP].T)
