"""Room on the disk: what a dub takes, and what is said when there is none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ytdubber.app.full_disk import full_place
from ytdubber.app.pipeline.artifacts import Source
from ytdubber.domain.errors import (
    Cancelled,
    DatabaseAway,
    DiskFull,
    HandedBack,
    LeaseLost,
    PutOff,
)
from ytdubber.domain.job import DubOptions
from ytdubber.domain.video import VideoOptions

_NO_FAILURES = Cancelled, DatabaseAway, DiskFull, HandedBack, LeaseLost, PutOff
_PCM_BYTES = 3
"""Of a sample in the lossless formats, which hold 24 bits."""
_FLAC_SHARE = 0.6
"""What FLAC leaves of that, measured on the example."""
_LOSSY_BYTES_A_SECOND = 12_000
"""For each channel, at 96 kbit/s."""
_SPOKEN_BYTES_A_SECOND = 48_000 + 96_000
"""Of lines at 24 kHz: as they are spoken, 16 bits, and stretched, 32 bits."""


def needed_bytes(source: Source, options: DubOptions, languages: int) -> int:
    """About what the finished files of all languages take, and one language on its way."""
    seconds = source.total_samples / source.sample_rate_hz
    under = source.background or source.mix
    channels = 1 + (under.channels if under else 0)
    a_second = sum(_channel_bytes_a_second(source, name) for name in options.formats)
    finished = languages * channels * a_second + _SPOKEN_BYTES_A_SECOND
    return round(seconds * (finished + _separating_bytes_a_second(source)))


def _separating_bytes_a_second(source: Source) -> int:
    """Of the background that a recording may be separated into, and of its voice, which is kept,
    too.
    """
    if source.mix is None:
        return 0
    return source.mix.channels * (source.sample_rate_hz * 4 + 2 * 44_100 * 2)


def video_bytes(
    source: Source, picture_bytes: int, options: VideoOptions, sound: str, languages: int
) -> int:
    """About what videos take.

    Args:
        source: The recording.
        picture_bytes: Its file's size.
        options: What is asked for.
        sound: The format that the dubs' sound has in them.
        languages: How many languages are in them in all.
    """
    seconds = source.total_samples / source.sample_rate_hz
    channels = source.background.channels if source.background else 1
    sounds = seconds * languages * channels * _channel_bytes_a_second(source, sound)
    return round((languages if options.per_language else 1) * picture_bytes + sounds)


def _channel_bytes_a_second(source: Source, sound: str) -> float:
    """Of a channel in a format of sound."""
    pcm = _PCM_BYTES * source.sample_rate_hz
    return {"wav": pcm, "flac": pcm * _FLAC_SHARE}.get(sound, _LOSSY_BYTES_A_SECOND)


@contextmanager
def full_disk_told(folder: Path) -> Iterator[None]:
    """Say so where something fails because a disk is full.

    Args:
        folder: Where most is written.

    Raises:
        DiskFull: in place of whatever was raised then.
    """
    try:
        yield
    except _NO_FAILURES:
        raise
    except Exception as error:  # libraries wrap it in errors of their own; all others go on
        if (where := full_place(error, folder)) is None:
            raise
        raise DiskFull(where=str(where)) from error
