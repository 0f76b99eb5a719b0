"""Spoken lines: trimmed, read from what vendors send, joined, written."""

import io
import struct
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from ytdubber.domain.media import AudioFile, Interval
from ytdubber.files.encrypted import open_sound, write_bytes

Samples = NDArray[np.float32]

FRAME_MS = 5
KEEP_BEFORE_MS, KEEP_AFTER_MS = 5, 20
"""Silence left: little before, since a line is placed by where it begins."""

FADE_MS = 5
SILENCE = 0.01
"""The share of the loudest sample under which a frame is silence: -40 dB."""

HIGHEST = 0.98
"""Samples are scaled down to this where they would exceed it."""

_STREAMED = 0x7FFF_0000  # data sizes from here on say that the length was not known beforehand


def trimmed(samples: Samples, rate_hz: int) -> Samples:
    """The samples without the silence at their ends but for a little, faded; pauses stay.

    Empty when all of it is silence.
    """
    frame = rate_hz * FRAME_MS // 1000
    loud = np.abs(samples).max(initial=0.0)
    if loud < 1e-3:
        return samples[:0]
    padded = np.pad(samples, (0, -len(samples) % frame))
    peaks = np.abs(padded).reshape(-1, frame).max(axis=1)
    heard = np.flatnonzero(peaks > SILENCE * loud)
    start = max(0, int(heard[0]) * frame - rate_hz * KEEP_BEFORE_MS // 1000)
    end = min(len(samples), (int(heard[-1]) + 1) * frame + rate_hz * KEEP_AFTER_MS // 1000)
    return faded(samples[start:end], rate_hz) * np.float32(min(1.0, HIGHEST / loud))


def faded(samples: Samples, rate_hz: int) -> Samples:
    """A copy that rises from silence and falls back to it, over FADE_MS each."""
    line = samples.copy()
    fade = min(rate_hz * FADE_MS // 1000, len(line) // 2)
    ramp = np.linspace(0.0, 1.0, fade, endpoint=False, dtype=np.float32)
    line[:fade] *= ramp
    line[len(line) - fade :] *= ramp[::-1]
    return line


def pcm16(data: bytes) -> Samples:
    """Mono samples between -1 and 1 from signed 16-bit little-endian ones.

    Raises:
        ValueError: it is not a whole number of samples.
    """
    return np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32_768)


def wav_pcm16(data: bytes) -> tuple[Samples, int]:
    """The samples and the rate of a mono 16-bit WAV file, also one whose header was sent before
    its length was known.

    Raises:
        ValueError: it is something else, or cut short.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("it is not a WAV file")
    place, rate_hz = 12, 0
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        body = data[place + 8 : place + 8 + size]
        if name == b"fmt " and len(body) >= 16:
            kind, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", body)
            if (kind, channels, bits) != (1, 1, 16):
                raise ValueError("it is not 16-bit mono")
        if name == b"data" and rate_hz:
            if len(body) < size < _STREAMED:
                raise ValueError("it is cut short")
            return pcm16(body[: len(body) // 2 * 2]), rate_hz
        place += 8 + size + size % 2
    raise ValueError("it has no sound in it")


def write(samples: Samples, rate_hz: int, into: Path) -> AudioFile:
    """A 16-bit mono WAV file. (A float one would carry the time of day in its PEAK chunk.)"""
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, subtype="PCM_16", format="WAV")
    write_bytes(
        into, file.getvalue()
    )  # a full disk is an error here, and no file that is too short
    return AudioFile(into, rate_hz, 1, len(samples))


def joined(parts: Sequence[AudioFile], pauses_ms: Sequence[int], into: Path) -> AudioFile:
    """The parts of a line one after another in one file, a pause after each but the last.

    Every part fades at the ends that meet a pause, so that nothing clicks; its length is exactly
    that of the parts and the pauses together.
    """
    rate_hz = parts[0].sample_rate_hz
    line: list[Samples] = []
    for part, pause_ms in zip(parts, [*pauses_ms, 0], strict=True):
        with open_sound(part.path) as sound:
            samples = sound.read(dtype="float32")
        line += [faded(samples, rate_hz), np.zeros(rate_hz * pause_ms // 1000, np.float32)]
    return write(np.concatenate(line), rate_hz, into)


def pauses(samples: Samples, rate_hz: int, least_ms: int) -> tuple[Interval, ...]:
    """When a line is silent within for so long or longer, from its beginning on, in order."""
    frame = rate_hz * FRAME_MS // 1000
    peaks = np.abs(samples[: len(samples) // frame * frame]).reshape(-1, frame).max(axis=1)
    heard = np.flatnonzero(peaks > SILENCE * peaks.max(initial=0.0)).tolist()
    between = (Interval((a + 1) * FRAME_MS, b * FRAME_MS) for a, b in pairwise(heard))
    return tuple(each for each in between if each.duration_ms >= least_ms)
