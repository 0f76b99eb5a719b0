"""A file on its way to its loudness, and what it was levelled with before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.encode import Encoded
from ytdubber.audio.levels import GainSetting
from ytdubber.audio.profiles import AudioFormat, Content, Deliverable
from ytdubber.audio.verify import Loudness


@dataclass(frozen=True, slots=True)
class HeldLevel:
    """What a file was levelled with before, and how loud it was then."""

    setting: GainSetting
    integrated_lufs: float


LevelsBefore = Mapping[tuple[Content, AudioFormat], HeldLevel]
"""By content and format."""


@dataclass(frozen=True, slots=True)
class Metered:
    """What was metered of a file while it was written.

    Attributes:
        mean_squares: The K-weighted mean square of every 100 ms: float64[n].
        voice_mean_squares: The same of the voice within it, before any gain.
        voice: How loud and how high that is.
        peak_sample: The highest point is before this sample, by less than two seconds.
    """

    mean_squares: NDArray[np.float64]
    voice_mean_squares: NDArray[np.float64]
    voice: Loudness
    peak_sample: int


@dataclass(slots=True)
class Job:
    """A deliverable under way.

    Attributes:
        deliverable: What was asked for.
        setting: What it is written with.
        sample_rate_hz: The file's rate.
        encoded: The file, once written.
        limited_lufs: How loud what its encoder was given is, once known.
        loudness: What it decodes to, once known.
        metered: What was metered while it was written, where it is lossless.
    """

    deliverable: Deliverable
    setting: GainSetting
    sample_rate_hz: int = 0
    encoded: Encoded = field(default_factory=lambda: Encoded(0, "", 0))
    limited_lufs: float = 0.0
    loudness: Loudness = field(default_factory=lambda: Loudness(0.0, 0.0))
    metered: Metered | None = None
