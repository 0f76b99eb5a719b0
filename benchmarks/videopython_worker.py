"""Fits lines with videopython's TimingSynchronizer; run by its own environment's Python.

Lines come as JSON on standard input, and what became of them goes to standard output. FFmpeg is
imageio-ffmpeg's binary, which has Rubber Band, the stretcher videopython likes best. That package
has no ffprobe: the program standing in for it tells of a WAV file what its header says.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

RATE_HZ = 24_000
FFPROBE = """#!{python}
import json, sys, wave
with wave.open(sys.argv[-1]) as file:
    rate, frames = file.getframerate(), file.getnframes()
    stream = {{"codec_type": "audio", "sample_rate": rate, "channels": file.getnchannels()}}
    print(json.dumps({{"streams": [stream], "format": {{"duration": frames / rate}}}}))
"""


def offer_ffmpeg(folder: Path) -> None:
    """Put ffmpeg and ffprobe where videopython looks for them."""
    import imageio_ffmpeg  # type: ignore[import-not-found] # noqa: PLC0415 -- of that environment

    (folder / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    (folder / "ffprobe").write_text(FFPROBE.format(python=sys.executable))
    (folder / "ffprobe").chmod(0o755)
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"


def fit(lines: list[dict[str, int]]) -> list[tuple[float, float]]:
    """Milliseconds each line sounds, and its speed.

    The time offered to a line is what `LocalDubbingPipeline.process` of 0.62.2 offers it: its
    original's, and of the pause after that as much as it needs.
    """
    import numpy as np  # noqa: PLC0415 -- this and the next are of that environment
    from videopython.ai.dubbing import TimingSynchronizer  # type: ignore[import-not-found] # noqa: PLC0415 -- see above
    from videopython.audio import Audio, AudioMetadata  # type: ignore[import-not-found] # noqa: PLC0415 -- see above

    sounds, targets_s = [], []
    for line in lines:
        samples = line["natural_ms"] * RATE_HZ // 1000
        tone = 0.1 * np.sin(np.arange(samples) * 2 * np.pi * 150 / RATE_HZ)
        facts = AudioMetadata(RATE_HZ, 1, 2, samples / RATE_HZ, samples)
        sounds.append(Audio(tone.astype(np.float32), facts))
        available_ms = max(line["source_ms"], line["available_ms"])
        targets_s.append(max(line["source_ms"], min(available_ms, line["natural_ms"])) / 1000)
    _, adjustments = TimingSynchronizer().synchronize_segments(sounds, targets_s)
    return [(each.actual_duration * 1000, each.speed_factor) for each in adjustments]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        offer_ffmpeg(Path(folder))
        json.dump(fit(json.load(sys.stdin)), sys.stdout)
