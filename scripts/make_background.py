"""Compose examples/background.flac: a quiet, slow piece of music as long as examples/voice.flac.

Four chords go round over a soft pad, a plucked arpeggio and a low pulse. Every run gives the same
samples. Usage: python scripts/make_background.py
"""

from pathlib import Path

import numpy as np
import soundfile as sf
from numpy.typing import NDArray

RATE_HZ = 48_000
BEAT_S = 0.6
CHORDS = ((57, 60, 64, 69), (53, 57, 60, 65), (48, 55, 60, 64), (55, 59, 62, 67))
EXAMPLES = Path(__file__).parent.parent / "examples"

Stereo = NDArray[np.float64]


def frequency_hz(note: int) -> float:
    """Equal temperament; note 69 is 440 Hz."""
    return float(440.0 * 2 ** ((note - 69) / 12))


def add(track: Stereo, start_s: float, tone: NDArray[np.float64], pan: float) -> None:
    """Add a mono tone to a stereo track at constant power; what passes its end is cut."""
    begin = int(start_s * RATE_HZ)
    part = tone[: max(0, len(track) - begin)]
    track[begin : begin + len(part), 0] += part * np.cos(pan * np.pi / 2)
    track[begin : begin + len(part), 1] += part * np.sin(pan * np.pi / 2)


def pad(note: int, length_s: float) -> NDArray[np.float64]:
    """A soft held note: three slightly detuned partial pairs that swell and fade."""
    t = np.arange(int(length_s * RATE_HZ)) / RATE_HZ
    hz = frequency_hz(note)
    wave = sum(
        np.sin(2 * np.pi * hz * k * detune * t) / k**2
        for k in (1, 2, 3)
        for detune in (0.998, 1.002)
    )
    swell = np.sin(np.pi * np.clip(t / length_s, 0, 1)) ** 0.7
    return np.asarray(0.030 * wave * swell)


def pluck(note: int) -> NDArray[np.float64]:
    """A short plucked note with decaying overtones."""
    t = np.arange(int(1.4 * RATE_HZ)) / RATE_HZ
    hz = frequency_hz(note)
    wave = sum(np.sin(2 * np.pi * hz * k * t) * np.exp(-t * (3 + 2 * k)) / k for k in range(1, 6))
    return np.asarray(0.10 * wave * np.minimum(1.0, t / 0.004))


def pulse(note: int) -> NDArray[np.float64]:
    """A low round beat."""
    t = np.arange(int(0.5 * RATE_HZ)) / RATE_HZ
    tone = np.sin(2 * np.pi * frequency_hz(note) * t)
    return np.asarray(0.14 * tone * np.exp(-6 * t) * np.minimum(1.0, t / 0.008))


def compose(samples: int) -> Stereo:
    """The piece, faded at both ends, float64[samples, 2]."""
    track = np.zeros((samples, 2))
    bars = int(samples / RATE_HZ / (4 * BEAT_S)) + 1
    for bar in range(bars):
        chord = CHORDS[bar % len(CHORDS)]
        begin_s = bar * 4 * BEAT_S
        for place, note in enumerate(chord):
            add(track, begin_s, pad(note, 4.6 * BEAT_S), 0.2 + 0.2 * place)
        for step in range(8):
            note = chord[(0, 2, 1, 3, 2, 1, 3, 2)[step]] + 12
            add(track, begin_s + step * BEAT_S / 2, pluck(note), 0.3 + 0.05 * step)
        for beat in (0, 2):
            add(track, begin_s + beat * BEAT_S, pulse(chord[0] - 24), 0.5)
    fade = int(1.5 * RATE_HZ)
    ramp = np.sin(np.linspace(0, np.pi / 2, fade))[:, None] ** 2
    track[:fade] *= ramp
    track[-fade:] *= ramp[::-1]
    return np.asarray(track * 0.35 / np.abs(track).max())


def main() -> None:
    voice = sf.info(EXAMPLES / "voice.flac")
    samples = voice.frames * RATE_HZ // voice.samplerate
    sf.write(EXAMPLES / "background.flac", compose(samples), RATE_HZ, subtype="PCM_16")
    print(f"examples/background.flac: {samples} samples at {RATE_HZ} Hz")


if __name__ == "__main__":
    main()
