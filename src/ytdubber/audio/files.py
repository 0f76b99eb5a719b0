"""Uncompressed sound on disk, read and written."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.wav import WavFile
from ytdubber.domain.media import AudioFile
from ytdubber.files.encrypted import open_sound


def inspect_wav(path: Path) -> AudioFile:
    """The facts of a WAV file of our own making, from its header."""
    with open_sound(path) as sound:
        return AudioFile(path, sound.samplerate, sound.channels, sound.frames)


def read_mono(
    audio: AudioFile, start_sample: int = 0, stop_sample: int | None = None
) -> NDArray[np.float32]:
    """Samples [start, stop) as float32[n]; several channels are averaged."""
    stop = audio.samples if stop_sample is None else min(stop_sample, audio.samples)
    start = min(max(0, start_sample), stop)
    with open_sound(audio.path) as file:
        file.seek(start)
        block: NDArray[np.float32] = file.read(stop - start, dtype="float32", always_2d=True)
    return block[:, 0] if block.shape[1] == 1 else block.mean(axis=1, dtype=np.float32)


def read_part(audio: AudioFile, start_sample: int, stop_sample: int) -> NDArray[np.float32]:
    """Samples [start, stop) as float32[n, channels], as many of them as there are."""
    with open_sound(audio.path) as file:
        file.seek(start_sample)
        block: NDArray[np.float32] = file.read(
            stop_sample - start_sample, dtype="float32", always_2d=True
        )
    return block


def read_blocks(audio: AudioFile) -> Iterator[NDArray[np.float32]]:
    """All of it, float32[n, channels], two seconds at a time."""
    with open_sound(audio.path) as file:
        while True:
            block: NDArray[np.float32] = file.read(
                2 * audio.sample_rate_hz, dtype="float32", always_2d=True
            )
            if not block.size:
                return
            yield block


def write_wav(path: Path, samples: NDArray[np.float32], sample_rate_hz: int) -> AudioFile:
    """Write float32[n] or float32[n, channels] as a 32-bit float WAV file."""
    block = samples if samples.ndim == 2 else samples[:, np.newaxis]
    with WavFile(str(path), "FLOAT") as wav:
        wav.rate_hz, wav.channels = sample_rate_hz, block.shape[1]
        wav.write(block)
    return AudioFile(path, sample_rate_hz, block.shape[1], block.shape[0])
