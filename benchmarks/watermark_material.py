"""Voices and music to mark: Kokoro's, people's, and music of our own.

Kokoro says the sentences that the vendors' double has; people are those of `conversations`, whose
packages are fetched into the user's cache folder. Music is synthetic: chords, plucked strings, drums
and noise, none of it by anybody else, and the music of the example.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from uuid import UUID

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from platformdirs import user_cache_path

from benchmarks.conversations import ROOT, VOICES, pieces
from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.local.kokoro_voices import VOICES as KOKORO
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.settings import load_settings

HOME = user_cache_path("ytdubber") / "benchmarks" / "watermark"
RATE_HZ = 48_000
VOICE_S = 66.0
PAUSE_S = 0.35
LEVEL = 0.07

Sound = NDArray[np.float32]


def machine_voices() -> dict[str, Sound]:
    """A minute of each of Kokoro's voices."""
    return {f"{each.id}": _spoken(each.id, each.language, at) for at, each in enumerate(KOKORO)}


def human_voices() -> dict[str, Sound]:
    """As much of each person as there is, up to a minute; 8 kHz of it, and none over a telephone."""
    found = {}
    for name in (name for name, voice in VOICES.items() if not voice.telephone):
        parts = [sound for sound, _ in pieces(name, telephone=False)]
        sound = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        if len(sound) > 10 * 16_000:
            found[name] = _levelled(soxr.resample(sound, 16_000, RATE_HZ))
    return found


def music() -> dict[str, Sound]:
    """Half a minute of each kind."""
    random = np.random.default_rng(1)
    bed, rate_hz = soundfile.read(ROOT / "examples" / "background.flac", dtype="float32")
    example = soxr.resample(bed.mean(axis=1) if bed.ndim > 1 else bed, rate_hz, RATE_HZ)
    return {
        "the example's": _levelled(example),
        "chords": _levelled(_chords(random)),
        "strings": _levelled(_strings(random)),
        "drums": _levelled(_drums(random)),
        "band": _levelled(_chords(random) + 1.5 * _strings(random) + _drums(random)),
        "noise": _levelled(_noise(random)),
    }


def _levelled(sound: NDArray[np.floating]) -> Sound:
    return (sound * (LEVEL / max(1e-9, float(np.sqrt(np.mean(sound**2)))))).astype(np.float32)


@cache
def _synthesizer() -> KokoroSynthesizer:
    return KokoroSynthesizer(LocalModelStore(load_settings().models))


def _sentences(language: str, first: int) -> Iterator[str]:
    lines = files("ytdubber.testing.vendor_double.sentences").joinpath(f"{language}.txt")
    said = [line for line in lines.read_text("utf-8").splitlines() if line.strip()]
    while True:
        yield said[first % len(said)]
        first += 1


def _spoken(voice: str, language: str, number: int) -> Sound:
    path = HOME / f"{voice}.flac"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        parts, length_s = list[Sound](), 0.0
        for text in _sentences(language, 7 * number):
            into = HOME / "line.wav"
            asked = SynthesisRequest(text, language, voice)
            _synthesizer().synthesize(asked, into, CallContext(UUID(int=1)))
            line, rate_hz = soundfile.read(into, dtype="float32")
            line = soxr.resample(line, rate_hz, RATE_HZ)
            parts += [line.astype(np.float32), np.zeros(round(PAUSE_S * RATE_HZ), np.float32)]
            length_s += len(line) / RATE_HZ + PAUSE_S
            if length_s > VOICE_S:
                break
        soundfile.write(path, _levelled(np.concatenate(parts)), RATE_HZ, subtype="PCM_24")
    return np.asarray(soundfile.read(path, dtype="float32")[0], np.float32)


def _times(seconds: float) -> NDArray[np.float64]:
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def _chords(random: np.random.Generator) -> Sound:
    """Slow chords of eight harmonics each, a pad."""
    parts = []
    for root in (220.0, 174.6, 261.6, 196.0) * 4:
        t = _times(1.875)
        chord = np.zeros(len(t))
        for step in (0, 4, 7, 12):
            for harmonic in range(1, 9):
                phase = random.uniform(0, 2 * np.pi)
                hz = root * 2 ** (step / 12) * harmonic
                chord += np.sin(2 * np.pi * hz * t + phase) / harmonic
        parts.append(chord * np.minimum(1, np.minimum(t, t[-1] - t) / 0.1))
    return np.concatenate(parts).astype(np.float32)


def _strings(random: np.random.Generator) -> Sound:
    """Plucked notes that die away."""
    out = np.zeros(30 * RATE_HZ)
    for at in np.arange(0, 29, 0.2):
        hz = 110 * 2 ** (random.integers(0, 36) / 12)
        t = _times(1.0)
        note = sum(
            np.exp(-t * (3 + harmonic)) * np.sin(2 * np.pi * hz * harmonic * t) / harmonic
            for harmonic in range(1, 12)
        )
        start = round(at * RATE_HZ)
        out[start : start + len(t)] += note
    return out.astype(np.float32)


def _drums(random: np.random.Generator) -> Sound:
    """A beat: bass drum, snare and hi-hat."""
    out = np.zeros(30 * RATE_HZ)
    for number, at in enumerate(np.arange(0, 29.5, 0.25)):
        t = _times(0.25)
        hit = 0.3 * random.standard_normal(len(t)) * np.exp(-t * 60)
        if number % 4 == 0:
            hit += 2 * np.sin(2 * np.pi * (50 + 80 * np.exp(-t * 30)) * t) * np.exp(-t * 12)
        if number % 4 == 2:
            hit += random.standard_normal(len(t)) * np.exp(-t * 20)
        start = round(at * RATE_HZ)
        out[start : start + len(t)] += hit
    return out.astype(np.float32)


def _noise(random: np.random.Generator) -> Sound:
    """Pink noise that comes and goes, as of a street."""
    white = np.fft.rfft(random.standard_normal(30 * RATE_HZ))
    hz = np.maximum(20.0, np.fft.rfftfreq(30 * RATE_HZ, 1 / RATE_HZ))
    pink = np.fft.irfft(white / np.sqrt(hz))
    swell = 1 + 0.7 * np.sin(2 * np.pi * 0.23 * _times(30))
    return (pink * swell).astype(np.float32)
