"""Test mixes of a real voice and real music, and how well they are taken apart again."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray

EXAMPLES = Path(__file__).parents[1] / "examples"
RATE_HZ = 48_000

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Mix:
    """What was mixed: float32[n, channels] each."""

    voice: Samples
    background: Samples

    @property
    def sound(self) -> Samples:
        return self.voice + self.background

    def write(self, path: Path) -> Path:
        sf.write(path, self.sound, RATE_HZ, subtype="FLOAT")
        return path


def example_mix(ratio_db: float, seconds: float | None = None, channels: int = 2) -> Mix:
    """The example's voice, so far over its music."""
    stop = None if seconds is None else round(seconds * RATE_HZ)
    voice, background = (_read(EXAMPLES / f"{name}.flac") for name in ("voice", "background"))
    samples = min(len(voice), len(background), stop or len(voice))
    voice = np.repeat(voice[:samples, :1], channels, axis=1)
    background = background[:samples, :channels]
    power = np.square(voice.mean(axis=1)).mean() / np.square(background.mean(axis=1)).mean()
    return Mix(voice, background * np.float32(np.sqrt(power / 10 ** (ratio_db / 10))))


def _read(path: Path) -> Samples:
    sound, rate_hz = sf.read(path, dtype="float32", always_2d=True)
    resampled: Samples = soxr.resample(sound, rate_hz, RATE_HZ)
    return resampled


def si_sdr_db(estimate: Samples, truth: Samples) -> float:
    """The scale-invariant ratio of a signal to its distortion (Le Roux et al., 2019), of channels
    averaged.
    """
    length = min(len(estimate), len(truth))
    heard, meant = (
        np.asarray(each[:length], np.float64).reshape(length, -1).mean(axis=1)
        for each in (estimate, truth)
    )
    heard, meant = heard - heard.mean(), meant - meant.mean()
    target = meant * (heard @ meant) / (meant @ meant)
    return float(10 * np.log10((target @ target) / np.square(heard - target).sum()))
