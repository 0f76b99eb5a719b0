"""How clean the stretch of a line is: there and back, judged by PESQ, beside other stretchers.

Rubber Band is run as a program of its own where it is installed. PESQ (ITU-T P.862.2, by the package
`pesq`, which is compiled at installation) runs in an environment of its own, made in the user's
cache folder; without a compiler this section says so and judges nothing.
"""

import os
import shutil
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray
from platformdirs import user_cache_path

from benchmarks.whole_dub import EXAMPLES, dub_example
from ytdubber.audio.stretch import stretch

TITLE = "Stretch: speech made shorter and as long as it was again"
RATES = (1.06, 1.15, 1.25)
RATE_HZ, PESQ_HZ = 24_000, 16_000
PIECE_S = 8
HOME = user_cache_path("ytdubber") / "benchmarks" / "pesq-0.0.4"
JUDGE = """
import sys, numpy, pesq
before, after = (numpy.fromfile(path, "float32") for path in sys.argv[1:3])
print(pesq.pesq(16000, before, after, "wb"))
"""
WSOLA = "| WSOLA (this project's before, commit baaedf4; measured 2026-11-28) |"
"""Its figures are for a human voice and for Kokoro's, apart from this run."""
WSOLA_PESQ = ("3.14 / 3.22 / 2.83", "2.81 / 2.76 / 2.80")

Samples = NDArray[np.float32]
Stretcher = Callable[[Samples, int], Samples]


class NoJudge(Exception):
    """PESQ could not be installed; the message says why."""


def judge() -> Path:
    """The interpreter of an environment that has PESQ; it is made if it is not there."""
    python, finished = HOME / "bin" / "python", HOME / "finished"
    if not finished.exists():
        venv.create(HOME, with_pip=True, clear=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for packages in (["numpy", "scipy", "setuptools", "cython", "wheel"],
                         ["--no-build-isolation", "pesq==0.0.4"]):  # fmt: skip
            done = subprocess.run(
                [str(word) for word in (*pip, *packages)],
                check=False,
                capture_output=True,
                text=True,
                timeout=600,
            )
            if done.returncode:
                raise NoJudge((done.stderr.strip().splitlines() or ["pip failed"])[-1])
        finished.touch()
    return python


def pesq(python: Path, before: Samples, after: Samples) -> float:
    """The mean of wide-band PESQ over pieces of eight seconds."""
    scores = []
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("before", "after")]
        step = PIECE_S * RATE_HZ
        for start in range(0, max(1, before.size - step // 2), step):
            for path, sound in zip(paths, (before, after), strict=True):
                piece = soxr.resample(sound[start : start + step], RATE_HZ, PESQ_HZ)
                piece.astype(np.float32).tofile(path)
            words = [str(python), "-c", JUDGE, *map(str, paths)]
            said = subprocess.run(words, check=True, capture_output=True, text=True, timeout=120)
            scores.append(float(said.stdout))
    return float(np.mean(scores))


def ours(sound: Samples, samples: int) -> Samples:
    """This project's stretcher."""
    return stretch(sound, samples, RATE_HZ)


def rubber_band(sound: Samples, samples: int) -> Samples:
    """Rubber Band's command line in its finer mode (R3), cut or padded to the length asked for."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "given.wav"), Path(folder, "made.wav")
        sf.write(given, sound, RATE_HZ, subtype="FLOAT")
        words = ["rubberband", "-3", "-q", "-t", repr(samples / sound.size), given, made]
        subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=120)
        found, _ = sf.read(made, dtype="float32")
    return np.asarray(np.pad(found[:samples], (0, max(0, samples - found.size))), np.float32)


def voices() -> dict[str, Samples]:
    """A human voice and Kokoro's: the example and its dub, 24 kHz."""
    with tempfile.TemporaryDirectory() as folder:
        dub_example(Path(folder) / "dub", home=Path(folder) / "home")
        paths = {
            "human voice": EXAMPLES / "voice.flac",
            "Kokoro": Path(folder) / "dub" / "pt" / "voice.flac",
        }
        found = {}
        for name, path in paths.items():
            sound, rate_hz = sf.read(path, dtype="float32", always_2d=True)
            mono = soxr.resample(sound.mean(axis=1), rate_hz, RATE_HZ)
            found[name] = np.asarray(mono, np.float32)
        return found


def run() -> str:
    """The table."""
    try:
        python = judge()
    except (NoJudge, OSError, subprocess.SubprocessError) as error:
        return f"PESQ could not be installed here, so nothing was judged: {error}"
    sounds = voices()
    stretchers: dict[str, Stretcher] = {"**ytdubber: Signalsmith Stretch, 60 / 20 ms**": ours}
    if shutil.which("rubberband", path=os.environ.get("PATH")):
        stretchers["Rubber Band R3, as a program"] = rubber_band
    rates = " / ".join(str(rate) for rate in RATES)
    rows = [
        f"| PESQ there and back at {rates} | " + " | ".join(sounds) + " | x real time |",
        "|" + " --- |" * (len(sounds) + 2),
        f"{WSOLA} {' | '.join(WSOLA_PESQ)} | 2500 to 3300 |",
    ]
    for name, stretcher in stretchers.items():
        cells, taken_s, length_s = [], 0.0, 0.0
        for sound in sounds.values():
            scores = []
            for rate in RATES:
                begin = time.thread_time() if stretcher is ours else time.perf_counter()
                short = stretcher(sound, round(sound.size / rate))
                back = stretcher(short, sound.size)
                end = time.thread_time() if stretcher is ours else time.perf_counter()
                taken_s, length_s = taken_s + end - begin, length_s + 2 * sound.size / RATE_HZ
                scores.append(f"{pesq(python, sound, back):.2f}")
            cells.append(" / ".join(scores))
        rows.append(f"| {name} | {' | '.join(cells)} | {length_s / taken_s:.0f} |")
    note = (
        "The voices are the example and its dub into Portuguese. Real time is that of a core for"
        " ours, and wall time for a program."
    )
    if len(stretchers) == 1:
        note += " Rubber Band is not installed here (Debian: rubberband-cli)."
    return "\n".join([*rows, "", note])
