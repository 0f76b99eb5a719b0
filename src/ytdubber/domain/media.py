"""Sound in files, and stretches of time in it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch of time, [start_ms, end_ms)."""

    start_ms: int
    end_ms: int

    @property
    def duration_ms(self) -> int:
        """Its length."""
        return self.end_ms - self.start_ms

    def overlap_ms(self, other: "Interval") -> int:
        """How long both last at once; 0 when they do not meet."""
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))


@dataclass(frozen=True, slots=True)
class AudioFile:
    """Uncompressed sound on disk: a WAV file of `samples` samples a channel."""

    path: Path
    sample_rate_hz: int
    channels: int
    samples: int

    @property
    def duration_ms(self) -> int:
        """Its length, rounded to the nearest millisecond."""
        return round(self.samples * 1000 / self.sample_rate_hz)
