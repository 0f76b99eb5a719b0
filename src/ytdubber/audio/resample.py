"""Sound files read at another rate, in blocks of any size."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from ytdubber.audio.files import read_blocks
from ytdubber.audio.wav import WavFile
from ytdubber.domain.media import AudioFile

Samples = NDArray[np.float32]


def samples_at(audio: AudioFile, rate_hz: int) -> int:
    """How many samples a channel a file has at a rate."""
    return round(Fraction(audio.samples * rate_hz, audio.sample_rate_hz))


def resampled(audio: AudioFile, rate_hz: int, block_samples: int) -> Iterator[Samples]:
    """All of a file at a rate: float32[n, channels] in blocks of `block_samples`, the last of which
    may be shorter. Nothing is moved in time.
    """
    due, held, waiting = samples_at(audio, rate_hz), list[Samples](), 0
    for block in _converted(audio, rate_hz):
        held.append(block)
        waiting += len(block)
        while waiting >= block_samples and due >= block_samples:
            sound = np.concatenate(held)
            yield sound[:block_samples]
            held, waiting = [sound[block_samples:]], waiting - block_samples
            due -= block_samples
    if due:
        last = np.zeros((due, audio.channels), np.float32)
        sound = np.concatenate(held)[:due]
        last[: len(sound)] = sound
        yield last


def _converted(audio: AudioFile, rate_hz: int) -> Iterator[Samples]:
    """Blocks as they come; never none."""
    yield np.zeros((0, audio.channels), np.float32)
    if audio.sample_rate_hz == rate_hz:
        yield from read_blocks(audio)
        return
    stream = soxr.ResampleStream(
        audio.sample_rate_hz, rate_hz, audio.channels, dtype="float32", quality="HQ"
    )
    for block in read_blocks(audio):
        yield _columns(stream.resample_chunk(_rows(block)))
    empty = np.zeros((0, audio.channels), np.float32)
    yield _columns(stream.resample_chunk(_rows(empty), last=True))


def _rows(block: Samples) -> Samples:
    """As soxr takes it: one channel has one dimension."""
    return block[:, 0] if block.shape[1] == 1 else block


def _columns(block: Samples) -> Samples:
    return block[:, np.newaxis] if block.ndim == 1 else block


def write_mono(audio: AudioFile, rate_hz: int, path: Path) -> AudioFile:
    """Write a file's channels, averaged, at another rate, with 16 bits."""
    with WavFile(str(path), "PCM_16") as wav:
        wav.rate_hz, wav.channels = rate_hz, 1
        for block in resampled(audio, rate_hz, 2 * rate_hz):
            wav.write(block.mean(axis=1, keepdims=True, dtype=np.float32))
        return AudioFile(path, rate_hz, 1, wav.samples)
