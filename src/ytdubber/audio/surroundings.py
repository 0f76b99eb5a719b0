"""How loud a recording is, band by band, around a moment where somebody speaks."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.spectrum import BINS, FRAME, Samples, Spectra, spectra_of
from ytdubber.domain.media import AudioFile
from ytdubber.files.encrypted import open_sound

NEARBY_S = 15
"""How far around a moment it is looked."""
LOUD_PERCENTILE = 90
"""Of the frames there, those at the onsets of music among them."""
MIN_FRAMES = 6
"""Half a second; less says nothing."""
READ_FRAMES = 64

_BAND_COUNT = 40
_EDGES = np.unique(np.round(np.geomspace(4, BINS, _BAND_COUNT)).astype(int))
_STARTS = np.concatenate([[0], _EDGES[1:-1]])
"""The first bin of each band: even steps to the ear, from some 50 Hz on."""
WIDTHS = np.diff([*_STARTS, BINS])
"""How many bins each band has."""

Powers = NDArray[np.float32]
Span = tuple[int, int]


def band_powers(spectra: Spectra) -> Powers:
    """The power in each band of all channels: float32[frames, bands]."""
    power = np.square(spectra.real) + np.square(spectra.imag)
    return np.add.reduceat(power.sum(axis=0), _STARTS, axis=1)


class Surroundings:
    """The bands of a recording in its pauses, looked at once.

    Args:
        mix: The recording.
        pauses: Where nobody speaks, in samples, in order.
        check: Called now and then; raises to cancel.
    """

    def __init__(
        self, mix: AudioFile, pauses: Sequence[Span], check: Callable[[], None] = lambda: None
    ) -> None:
        times, powers = list[NDArray[np.float64]](), list[Powers]()
        with open_sound(mix.path) as file:
            for start, stop in pauses:
                for place in range(start, stop - FRAME + 1, FRAME * READ_FRAMES):
                    check()
                    count = min(READ_FRAMES, (stop - place) // FRAME)
                    file.seek(place)
                    sound = file.read(count * FRAME, dtype="float32", always_2d=True)
                    powers.append(band_powers(_spectra(sound)))
                    first = place + FRAME // 2
                    times.append((first + FRAME * np.arange(count)) / mix.sample_rate_hz)
        self._times_s = np.concatenate(times) if times else np.zeros(0)
        self._powers = np.concatenate(powers) if powers else np.zeros((0, len(WIDTHS)), np.float32)
        self._known: dict[int, Powers] = {}

    def loudest(self, second: int) -> Powers:
        """What each band hardly ever passes around a moment, float32[bands]; infinite where there
        is no pause nearby.
        """
        if second not in self._known:
            around = (second - NEARBY_S, second + NEARBY_S + 1)
            first, last = np.searchsorted(self._times_s, around)
            found = np.full(len(WIDTHS), np.inf, np.float32)
            if last - first >= MIN_FRAMES:
                nearby = self._powers[first:last]
                found = np.percentile(nearby, LOUD_PERCENTILE, axis=0).astype(np.float32)
            self._known = {second: found} | dict(list(self._known.items())[-1:])
        return self._known[second]


def _spectra(sound: Samples) -> Spectra:
    """Of frames beside each other."""
    return spectra_of(np.ascontiguousarray(sound.T).reshape(sound.shape[1], -1, FRAME))
