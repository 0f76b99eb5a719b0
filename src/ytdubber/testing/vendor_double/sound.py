"""Sound in and out of the formats vendors take and give."""

import io

import numpy as np
import soundfile as sf
import soxr

from .content import Sound

FORMATS = {
    "pcm": ("RAW", "PCM_16", "audio/pcm"),
    "wav": ("WAV", "PCM_16", "audio/wav"),
    "flac": ("FLAC", "PCM_16", "audio/flac"),
    "mp3": ("MP3", "MPEG_LAYER_III", "audio/mpeg"),
    "opus": ("OGG", "OPUS", "audio/ogg"),
    "ulaw": ("RAW", "ULAW", "audio/basic"),
    "alaw": ("RAW", "ALAW", "audio/basic"),
}
"""Per codec: the container, the coding and the content type."""


def decoded(data: bytes) -> Sound | None:
    """The sound in a file, its channels mixed; None when there is none to be read."""
    try:
        samples, rate_hz = sf.read(io.BytesIO(data), dtype="float32", always_2d=True)
    except sf.LibsndfileError:
        return None
    return Sound(samples.mean(axis=1), rate_hz) if len(samples) else None


def encoded(sound: Sound, codec: str, rate_hz: int) -> tuple[bytes, str]:
    """The sound as a file of a codec at a rate, and its content type."""
    container, coding, media_type = FORMATS[codec]
    file = io.BytesIO()
    samples = resampled(sound, rate_hz).samples
    sf.write(file, samples, rate_hz, format=container, subtype=coding)
    return file.getvalue(), media_type


def resampled(sound: Sound, rate_hz: int) -> Sound:
    """The same at another rate."""
    if sound.rate_hz == rate_hz or not len(sound.samples):
        return Sound(sound.samples, rate_hz)
    samples = np.asarray(soxr.resample(sound.samples, sound.rate_hz, rate_hz), dtype=np.float32)
    return Sound(samples, rate_hz)


def silence(rate_hz: int) -> Sound:
    """No samples at all."""
    return Sound(np.zeros(0, dtype=np.float32), rate_hz)
