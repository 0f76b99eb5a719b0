"""The mix's two parts as files that add up to it, sample by sample."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Sink = Callable[[Samples], None]

_FULL = np.float32(1 << 23)  # what files of 24 bits hold: -_FULL to _FULL - 1


class StemSplitter:
    """Takes the limited mix with the voice that is in it, and gives voice and background.

    Both have the mix's channels and are rounded to the files' 24 bits here, so that the integers in
    the two files add up to those in the mix's, every one. The background is what the voice leaves
    of the mix. Where one of them alone would pass full scale, which happens only where the other
    takes away from it, the other gets what is too much.
    """

    def __init__(self, channels: int, voice: Sink, background: Sink) -> None:
        self._channels, self._voice, self._background = channels, voice, background

    def add(self, block: Samples) -> None:
        """Split float32[n, channels + 1], whose last channel is the voice."""
        lowest, highest = -_FULL, _FULL - 1
        mix = np.clip(np.rint(block[:, : self._channels] * _FULL), lowest, highest)
        voice = np.rint(block[:, self._channels :] * _FULL)
        voice = np.clip(voice, np.maximum(lowest, mix - highest), np.minimum(highest, mix - lowest))
        self._voice(voice / _FULL)
        self._background((mix - voice) / _FULL)
