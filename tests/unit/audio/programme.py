"""A voice and a background, what is made of them, and how it sounds."""

from collections.abc import Sequence
from pathlib import Path

from tests.unit.audio.judge import Samples, decoded

from ytdubber.audio.mixer import Mastered
from ytdubber.audio.profiles import AudioFormat, Content, Deliverable
from ytdubber.audio.timeline import Clip
from ytdubber.domain.media import AudioFile

RATE = 48_000
TOTAL = 12 * RATE + 17


def clips(sounds: Path) -> list[Clip]:
    lines = [
        AudioFile(sounds / f"line{turn}.wav", 24_000, 1, round((2.0 + turn / 2) * 24_000))
        for turn in range(3)
    ]
    return [
        Clip(lines[0], 12_003, 96_000),
        Clip(lines[1], 150_000, 108_000, gain_db=2.0),
        Clip(lines[2], 333_333, 131_071, gain_db=-1.5),
    ]


def bed(sounds: Path, channels: int = 2) -> AudioFile:
    return AudioFile(sounds / f"bed{channels}.wav", RATE, channels, round(12.1 * RATE))


def everything(
    folder: Path, formats: Sequence[AudioFormat] = tuple(AudioFormat)
) -> list[Deliverable]:
    return [
        Deliverable(content, audio_format, folder / f"{content}.{audio_format}")
        for content in (Content.VOICE, Content.MIX)
        for audio_format in formats
    ]


def heard(mastered: Mastered) -> Samples:
    sound, rate_hz = decoded(mastered.path)
    assert rate_hz == mastered.sample_rate_hz
    assert sound.shape == (mastered.samples, mastered.channels)
    return sound
