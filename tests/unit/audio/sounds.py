"""Sounds to test with, made by arithmetic, the same every time."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


def tone(
    samples: int, sample_rate_hz: int = 48_000, hz: float = 440.0, amplitude: float = 0.25
) -> Samples:
    """float32[samples]."""
    at = np.arange(samples) / sample_rate_hz
    return (amplitude * np.sin(2 * np.pi * hz * at)).astype(np.float32)


def noise(samples: int, seed: int = 0, amplitude: float = 0.1) -> Samples:
    """White noise, float32[samples]."""
    return (amplitude * np.random.default_rng(seed).standard_normal(samples)).astype(np.float32)


def speech(seconds: float, sample_rate_hz: int = 24_000, seed: int = 0) -> Samples:
    """Something with speech's pulses, formants, syllables and peaks: float32[n]."""
    samples = round(seconds * sample_rate_hz)
    random = np.random.default_rng(seed)
    at = np.arange(samples) / sample_rate_hz
    pitch_hz = 120.0 + 15.0 * np.sin(2 * np.pi * 0.7 * at + seed)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / sample_rate_hz
    voiced = np.zeros(samples)
    for harmonic in range(1, 25):
        hz = 120.0 * harmonic
        formants = sum(np.exp(-(((hz - f) / 180.0) ** 2)) for f in (500, 1500, 2500))
        voiced += (0.02 + formants) * np.cos(harmonic * phase + 2 * np.pi * random.random())
    syllables = np.clip(np.sin(2 * np.pi * 2.1 * at + seed), 0.0, 1.0) ** 0.7
    sound = syllables * (voiced + 0.3 * random.standard_normal(samples))
    close: Samples = (0.4 * np.tanh(3.0 * sound / max(1e-9, np.abs(sound).max()))).astype(
        np.float32
    )
    return close


def creak(seconds: float, sample_rate_hz: int = 24_000, seed: int = 0) -> Samples:
    """A creaking voice, whose sparse pulses hold most of its energy in peaks: float32[n]."""
    samples = round(seconds * sample_rate_hz)
    random = np.random.default_rng(seed)
    ring_at = np.arange(sample_rate_hz // 50) / sample_rate_hz
    sound, at = np.zeros(samples), 0.0
    while at < samples - ring_at.size:
        first_hz = 500.0 + 200.0 * np.sin(at / 9000)
        formants = ((first_hz, 120.0), (1500.0, 200.0), (2600.0, 280.0))  # and how fast they fade
        ring = sum(np.sin(2 * np.pi * hz * ring_at) * np.exp(-ring_at * b) for hz, b in formants)
        sound[int(at) : int(at) + ring_at.size] += ring * np.exp(0.1 * random.standard_normal())
        at += sample_rate_hz / 110.0 * (1.0 + 0.05 * random.standard_normal())
    syllables = 0.3 + np.sin(2 * np.pi * 2.1 * np.arange(samples) / sample_rate_hz + seed)
    sound *= np.clip(syllables, 0.0, 1.0) ** 0.7
    sound += 0.002 * random.standard_normal(samples)
    peaky: Samples = (0.5 * sound / np.abs(sound).max()).astype(np.float32)
    return peaky


def music(seconds: float, sample_rate_hz: int = 48_000, channels: int = 2) -> Samples:
    """Chords, a beat and some noise: float32[n, channels]."""
    samples = round(seconds * sample_rate_hz)
    at = np.arange(samples) / sample_rate_hz
    chord = sum(np.sin(2 * np.pi * hz * at + hz) for hz in (110.0, 165.0, 220.5, 331.0, 880.0))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 0.23 * at)
    beat = np.exp(-((at * 2) % 1) * 30.0) * noise(samples, 5, 1.0)
    sides = [
        0.06 * swell * np.roll(chord, 37 * side) + 0.08 * beat + noise(samples, side, 0.004)
        for side in range(channels)
    ]
    both: Samples = np.stack(sides, axis=1).astype(np.float32)
    return both


def write_media(
    path: Path,
    sound: Samples,
    sample_rate_hz: int,
    codec: str,
    container: str,
    *,
    options: dict[str, str] | None = None,
    codec_options: dict[str, str] | None = None,
) -> Path:
    """Encode float32[n, channels] with FFmpeg, as a user's own tools would."""
    layout = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}[sound.shape[1]]
    with av.open(str(path), "w", format=container, options=options or {}) as file:
        stream = file.add_stream(
            codec, rate=sample_rate_hz, layout=layout, options=codec_options or {}
        )
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound.T), format="fltp", layout=layout
        )
        frame.sample_rate, frame.pts = sample_rate_hz, 0
        frame.time_base = Fraction(1, sample_rate_hz)
        converter = av.AudioResampler(stream.format.name, layout, sample_rate_hz)
        for converted in [*converter.resample(frame), *converter.resample(None)]:
            file.mux(stream.encode(converted))
        file.mux(stream.encode(None))
    return path
