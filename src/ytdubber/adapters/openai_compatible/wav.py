"""WAV files as such servers write them: 16 or 32 bits or floating-point, mono or stereo, also with
a head that was sent before the length was known.
"""

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytdubber.audio.speech import Samples

LOWEST_HZ, HIGHEST_HZ = 8_000, 96_000
_STREAMED = 0x7FFF_0000
"""Sizes from here on, and none, say that the length was not known beforehand."""
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_CODINGS = {(_PCM, 16): ("<i2", 2.0**15), (_PCM, 32): ("<i4", 2.0**31), (_FLOAT, 32): ("<f4", 1.0)}


def wav_samples(data: bytes) -> "tuple[Samples, int]":
    """The sound, its channels mixed, between -1 and 1, and its rate.

    Raises:
        ValueError: it is something else, or cut short.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("it is not a WAV file")
    form, place = b"", 12
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        body = data[place + 8 : place + 8 + size]
        if name == b"fmt ":
            form = body
        if name == b"data" and form:
            if not size or size >= _STREAMED:
                return _samples(form, data[place + 8 :])
            if len(body) < size:
                raise ValueError("it is cut short")
            return _samples(form, body)
        place += 8 + size + size % 2
    raise ValueError("it has no sound in it")


def _samples(form: bytes, body: bytes) -> "tuple[Samples, int]":
    import numpy as np

    if len(form) < 16:
        raise ValueError("its head is cut short")
    kind, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", form)
    if kind == _EXTENSIBLE and len(form) >= 26:
        (kind,) = struct.unpack_from("<H", form, 24)
    if (kind, bits) not in _CODINGS or channels not in (1, 2):
        raise ValueError(f"of coding {kind}, {bits} bits and {channels} channels")
    if not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
        raise ValueError(f"it has {rate_hz} Hz")
    coding, full = _CODINGS[kind, bits]
    whole = len(body) // (bits // 8 * channels) * (bits // 8 * channels)
    levels = np.frombuffer(body[:whole], coding).reshape(-1, channels) / full
    if not np.isfinite(levels).all():
        raise ValueError("it holds what is no number")
    return np.clip(levels.mean(axis=1), -1.0, 1.0).astype(np.float32), rate_hz
