"""Finished sound to sign."""

from datetime import date
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.encode import Encoder
from ytdubber.audio.profiles import AudioFormat
from ytdubber.audio.tags import tags
from ytdubber.domain.engine import EngineId
from ytdubber.domain.provenance import Provenance

RATE_HZ = 48_000
FROM = Provenance(
    'Straße; a=b "c"', ("pt",), date(2026, 1, 2), (EngineId("kokoro", "82m", "1-ab12"),)
)


def sound(folder: Path, audio_format: AudioFormat, seconds: float = 1.5) -> Path:
    """Noise in stereo, with its fields of text."""
    path = folder / f"mix.{audio_format.value}"
    encoder = Encoder(path, audio_format, RATE_HZ, 2, tags(FROM, audio_format))
    noise = np.random.default_rng(7).normal(0, 0.1, (round(seconds * RATE_HZ), 2))
    encoder.put(noise.astype(np.float32))
    encoder.close()
    return path


def decoded(path: Path) -> NDArray[np.generic]:
    """All its samples, as FFmpeg gives them."""
    with av.open(str(path)) as container:
        return np.concatenate([f.to_ndarray() for f in container.decode(audio=0)], axis=1)


def packets(path: Path) -> list[bytes]:
    """The packets of its first stream."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(container.streams[0]) if packet.size]
