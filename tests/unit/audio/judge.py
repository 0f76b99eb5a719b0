"""FFmpeg as an independent judge of loudness, peaks and lengths."""

import math
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


class Verdict(NamedTuple):
    integrated_lufs: float
    true_peak_dbtp: float


def ebur128(sound: Samples, sample_rate_hz: int) -> Verdict:
    """What FFmpeg's ebur128 filter says of float32[n, channels]."""
    layout = "mono" if sound.shape[1] == 1 else "stereo"
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=sample_rate_hz,
        format="fltp",
        layout=layout,
        time_base=Fraction(1, sample_rate_hz),
    )
    meter = graph.add("ebur128", "peak=true:metadata=1:framelog=quiet")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    for start in range(0, sound.shape[0], sample_rate_hz):
        block = np.ascontiguousarray(sound[start : start + sample_rate_hz].T)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
        frame.sample_rate, frame.pts = sample_rate_hz, start
        frame.time_base = Fraction(1, sample_rate_hz)
        graph.push(frame)
    graph.push(None)
    loudness, peak = -math.inf, 0.0
    while True:
        try:
            facts = graph.pull().metadata
        except av.error.EOFError:
            break
        loudness = float(facts.get("lavfi.r128.I", loudness))
        for channel in range(sound.shape[1]):
            peak = max(peak, float(facts.get(f"lavfi.r128.true_peaks_ch{channel}", 0.0)))
    return Verdict(loudness, 20.0 * math.log10(peak) if peak else -math.inf)


def decoded(path: Path) -> tuple[Samples, int]:
    """float32[n, channels] and rate of a file; an MP4's length is its edit list's."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler("fltp")
        parts = [
            out.to_ndarray()
            for frame in container.decode(stream)
            for out in resampler.resample(frame)
        ]
        sound = np.concatenate(parts, axis=1).T
        if "mp4" in container.format.name and stream.duration and stream.time_base:
            sound = sound[: round(stream.duration * stream.time_base * stream.rate)]
        return np.ascontiguousarray(sound), stream.rate
