"""What a finished file sounds like once decoded."""

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.downmix import to_float
from ytdubber.audio.loudness import SILENCE_LUFS, LoudnessMeter, TruePeakMeter
from ytdubber.audio.source import Source
from ytdubber.files.encrypted import open_decrypted


@dataclass(frozen=True, slots=True)
class Loudness:
    """A metered programme: -70 LUFS and -inf dBTP for silence."""

    integrated_lufs: float
    true_peak_dbtp: float


class Meters:
    """Loudness and true peak of one programme, together."""

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self._loudness = LoudnessMeter(sample_rate_hz, channels)
        self._peak = TruePeakMeter(channels)

    def add(self, block: NDArray[np.float32]) -> None:
        """Meter float32[n, channels]."""
        self._loudness.add(block)
        self._peak.add(block)

    def read(self, gain_db: float = 0.0) -> Loudness:
        """What was metered so far, as with a gain."""
        peak_dbtp = self._peak.true_peak_dbtp() + gain_db
        return Loudness(self._loudness.integrated_lufs(gain_db), peak_dbtp)

    @property
    def peak_sample(self) -> int:
        """The samples that had been added when the peak was found."""
        return self._peak.peak_sample

    def mean_squares(self) -> NDArray[np.float64]:
        """The K-weighted mean square of every 100 ms so far, summed over channels."""
        return self._loudness.mean_squares()

    def over_time_lufs(self, window_ms: int) -> NDArray[np.float64]:
        """The loudness of every window so far, 100 ms apart."""
        return self._loudness.over_time_lufs(window_ms)


def decoded_blocks(path: Path) -> Iterator[NDArray[np.float32]]:
    """What a file of our own making decodes to: float32[n, channels], about two seconds each."""
    with open_decrypted(path) as file, av.open(file, "r") as container:
        source = Source(container, os.fstat(file.fileno()).st_size)
        batch: list[NDArray[np.float32]] = []
        waiting = 0
        for frame in source.frames():
            batch.append(to_float(frame.audio))
            waiting += frame.audio.samples
            if waiting >= 2 * frame.audio.sample_rate:
                yield np.concatenate(batch)
                batch, waiting = [], 0
        if batch:
            yield np.concatenate(batch)


def meter_file(path: Path, sample_rate_hz: int, check: Callable[[], None]) -> Loudness:
    """Decode a file of our own making and meter it; `check` is called for every block."""
    meters: Meters | None = None
    for block in decoded_blocks(path):
        check()
        meters = meters or Meters(sample_rate_hz, block.shape[1])
        meters.add(block)
    return meters.read() if meters else Loudness(SILENCE_LUFS, -math.inf)
