"""Draw a finished dub: original and dub over the slots the lines had to fit.

Usage: python scripts/plot_dub.py VOICE DUB_FOLDER LANGUAGE OUT.png
"""

import json
import sys
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import soundfile as sf
from matplotlib.axes import Axes
from numpy.typing import NDArray

INK, SLOT, LINE = "#20304a", "#e7edf7", "#d9734e"


def envelope(path: Path, points: int = 2_400) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Time in seconds and the highest absolute sample of each stretch."""
    sound, rate_hz = sf.read(path, dtype="float32", always_2d=True)
    mono = np.abs(sound).max(axis=1)
    edges = np.linspace(0, len(mono), points + 1, dtype=int)
    peaks = np.array([mono[a:b].max() if b > a else 0.0 for a, b in pairwise(edges)])
    return edges[:-1] / rate_hz, peaks / max(1e-9, float(peaks.max()))


def wave(axes: Axes, path: Path, title: str) -> None:
    """Draw one recording."""
    times_s, peaks = envelope(path)
    axes.fill_between(times_s, -peaks, peaks, color=INK, linewidth=0)
    axes.set_title(title, loc="left", fontsize=10)
    axes.set_yticks([])
    axes.set_ylim(-1.4, 1.15)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)


def main(voice: Path, folder: Path, language: str, out: Path) -> None:
    """Draw it."""
    lines = json.loads((folder / language / "translation.json").read_bytes())["utterances"]
    figure, (above, below) = plt.subplots(2, 1, figsize=(12, 4.6), sharex=True)
    wave(above, voice, "Original")
    wave(
        below, folder / language / "voice.flac", f"Dub ({language}), inside the slots of its lines"
    )
    for line in lines:
        start_s = line["source_start_ms"] / 1000
        for axes in (above, below):
            axes.axvspan(start_s, start_s + line["slot_ms"] / 1000, color=SLOT, zorder=0)
            axes.axvline(start_s, color=LINE, linewidth=1)
        label = f"{line['spoken_ms'] / 1000:.2f} of {line['slot_ms'] / 1000:.2f} s"
        below.text(start_s + 0.08, -1.32, label, fontsize=8, color=LINE)
    below.set_xlabel("seconds")
    figure.tight_layout()
    figure.savefig(out, dpi=110)
    print(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
