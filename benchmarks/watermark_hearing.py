"""Whether a watermark can be heard, reckoned: PESQ, and an ear's masking and steps of level.

The ear is that of ITU-R BS.1387 (PEAQ, the basic version's model by FFT), simplified: Hann windows of
2048 samples at 48 kHz, bands of a quarter of a Bark (Schroeder, 1979), spread by 27 dB a Bark downwards
and 24 + 230 / f - 12 upwards, over the threshold in quiet, full scale at 92 dB SPL. In each band and
frame it says

- what is changed against what the voice masks there: 3 dB under its excitation, a quarter of a dB a
  Bark above 12 Bark (the standard's noise-to-mask ratio, whose `RelDistFrames` counts frames with a
  band over 1.5 dB);
- by how much the excitation differs. Whoever listens to A, B and X can tell X only by some band that
  differs by a step that is heard: 1 dB (Zwicker), in noise and music rather more.
"""

import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

RATE_HZ, PESQ_HZ = 48_000, 16_000
PIECE_S = 8
FRAME, HOP = 2048, 1024
FULL_SCALE_DB = 92.0
JUDGE = """
import sys, numpy, pesq
NAMES = "before", "after"
for number in range(int(sys.argv[2])):
    before, after = (numpy.fromfile(f"{sys.argv[1]}/{name}{number}", "float32") for name in NAMES)
    print(pesq.pesq(16000, before, after, "wb"))
"""

Sound = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """What is heard of a change.

    Attributes:
        nmr_db: The noise-to-mask ratio, of all bands and frames.
        masked: The share of frames in which no band passes the mask.
        step_95_db: How much excitation differs in 95 of 100 bands and frames, at most.
        steps: The share of frames in which that is 1 dB or more in some band.
        most_db: The most anywhere.
    """

    nmr_db: float
    masked: float
    step_95_db: float
    steps: float
    most_db: float


def pesq(python: Path, before: Sound, after: Sound) -> list[float]:
    """Wide-band PESQ (P.862.2) of pieces of eight seconds."""
    with tempfile.TemporaryDirectory() as folder:
        starts = range(0, max(1, len(before) - PIECE_S * RATE_HZ // 2), PIECE_S * RATE_HZ)
        for number, start in enumerate(starts):
            for name, sound in (("before", before), ("after", after)):
                piece = soxr.resample(sound[start : start + PIECE_S * RATE_HZ], RATE_HZ, PESQ_HZ)
                piece.astype(np.float32).tofile(Path(folder, f"{name}{number}"))
        words = [str(python), "-c", JUDGE, folder, str(len(starts))]
        said = subprocess.run(words, check=True, capture_output=True, text=True, timeout=600)
    return [float(each) for each in said.stdout.split()]


def heard(before: Sound, after: Sound) -> Heard:
    """What the ear makes of it."""
    ear = _ear()
    quiet = 10 ** ((ear.quiet_db - FULL_SCALE_DB) / 10) * 3 / 32 * FRAME**2
    excitation, changed = (_powers(each) @ ear.spread for each in (before, after))
    noise = _powers(after - before) @ ear.bands
    sounding = excitation.sum(axis=1) > 1e-5 * np.median(excitation.sum(axis=1))
    excitation, changed, noise = (each[sounding] for each in (excitation, changed, noise))
    excitation, changed = excitation + quiet, changed + quiet
    ratio = noise / (excitation / 10 ** (ear.mask_db / 10))
    steps = np.abs(10 * np.log10(changed / excitation))
    return Heard(
        10 * float(np.log10(ratio.mean())),
        float((ratio.max(axis=1) <= 1).mean()),
        float(np.quantile(steps, 0.95)),
        float((steps.max(axis=1) >= 1).mean()),
        float(steps.max()),
    )


@dataclass(frozen=True)
class _Ear:
    bands: Floats
    spread: Floats
    mask_db: Floats
    quiet_db: Floats


@cache
def _ear() -> _Ear:
    edges = np.arange(_bark(80.0), _bark(16_000.0), 0.25)
    hz, step = np.fft.rfftfreq(FRAME, 1 / RATE_HZ), RATE_HZ / FRAME
    lower, upper = _hz(edges[:-1]), _hz(edges[1:])
    inside = np.minimum(hz[:, None] + step / 2, upper) - np.maximum(hz[:, None] - step / 2, lower)
    bands = np.maximum(0.0, inside) / step
    middle = (edges[:-1] + edges[1:]) / 2
    khz = _hz(middle) / 1000
    above = middle[None] - middle[:, None]
    slope = 24 + 0.23 / khz[:, None] - 12
    spreading = 10 ** (np.where(above < 0, 27 * above, -slope * above) / 10)
    spreading /= spreading.sum(axis=1, keepdims=True)
    quiet_db = 3.64 * khz**-0.8 - 6.5 * np.exp(-0.6 * (khz - 3.3) ** 2) + 1e-3 * khz**3.6
    return _Ear(bands, bands @ spreading, np.where(middle <= 12, 3.0, middle / 4), quiet_db)


def _bark(hz: float) -> float:
    return 7 * float(np.arcsinh(hz / 650))


def _hz(bark: Floats) -> Floats:
    return np.asarray(650 * np.sinh(bark / 7))


def _powers(sound: Sound) -> Floats:
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]
    window = np.hanning(FRAME + 1)[:-1]
    return np.square(np.abs(np.fft.rfft(frames * window, axis=1)))
