"""How the background steps back while the voice speaks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.timeline import Clip


@dataclass(frozen=True, slots=True)
class Ducking:
    """How far and how fast.

    Attributes:
        depth_db: The background's gain under the voice.
        attack_ms: How long before a clip it starts to go down; it is down when the clip starts.
        release_ms: How long after a clip it takes to come back up.
    """

    depth_db: float = -4.0
    attack_ms: int = 40
    release_ms: int = 400


class DuckingEnvelope:
    """The background's gain over time, known ahead from where the clips lie.

    Between clips closer than attack and release together it stays down.
    """

    def __init__(self, clips: Sequence[Clip], sample_rate_hz: int, ducking: Ducking) -> None:
        attack = ducking.attack_ms * sample_rate_hz // 1000
        release = ducking.release_ms * sample_rate_hz // 1000
        depth = 10.0 ** (ducking.depth_db / 20.0)
        spans: list[list[int]] = []
        for clip in sorted(clips, key=lambda clip: clip.start_sample):
            if spans and clip.start_sample - attack <= spans[-1][1] + release:
                spans[-1][1] = max(spans[-1][1], clip.end_sample)
            else:
                spans.append([clip.start_sample, clip.end_sample])
        points = [
            point
            for start, end in spans
            for point in ((start - attack, 1.0), (start, depth), (end, depth), (end + release, 1.0))
        ]
        self._at = np.array([at for at, _ in points], np.float64)
        self._gain = np.array([gain for _, gain in points], np.float64)

    def gains(self, start_sample: int, samples: int) -> NDArray[np.float32]:
        """The gain of each of float32[samples] from `start_sample` on."""
        if not self._at.size:
            return np.ones(samples, np.float32)
        at = np.arange(start_sample, start_sample + samples)
        return np.interp(at, self._at, self._gain).astype(np.float32)
