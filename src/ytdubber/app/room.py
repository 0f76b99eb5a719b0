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

_NO_FAILURES = Cancelled, DatabaseAway, DiskFull, HandedBack, LeaseLost, PutOff
_PCM_BYTES = 3
"""Of a sample in the lossless formats, which hold 24 bits."""
_FLAC_SHARE = 0.6
"""What FLAC leaves of that, measured on the example."""
_LOSSY_BYTES_A_SECOND = 12_000
"""For each channel, at 96 kbit/s."""
_SPOKEN_BYTES_A_SECOND = 48_000 * 2
"""Of lines as they are spoken, 16 bits at 24 kHz, some of them twice."""


def needed_bytes(source: Source, options: DubOptions, languages: int) -> int:
    """About what the finished files of all languages take, and one language on its way."""
    seconds = source.total_samples / source.sample_rate_hz
    channels = 1 + (source.background.channels if source.background else 0)
    pcm = _PCM_BYTES * source.sample_rate_hz
    of_format = {"wav": pcm, "flac": pcm * _FLAC_SHARE}
    a_second = sum(of_format.get(name, _LOSSY_BYTES_A_SECOND) for name in options.formats)
    return round(seconds * (languages * channels * a_second + _SPOKEN_BYTES_A_SECOND))


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
