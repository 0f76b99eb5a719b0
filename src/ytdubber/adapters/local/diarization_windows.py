"""A recording in windows: who of up to three people speaks when in each, and what each sounds like.

People of one window are not yet those of another: `diarization_clusters` says who is who.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import campplus_network as campplus
from . import segmentation_network as segmentation
from .fbank import HOP, fbank
from .recording import RATE_HZ, Recording

WINDOW_S, STEP_S = 10, 2.5
"""What the network sees at once, as it was trained, and from one window to the next."""
FRAME_SAMPLES, FIRST_SAMPLE = 270, 360
"""From one frame of the network to the next, and where the middle of the first one is."""
FRAME_S = FRAME_SAMPLES / RATE_HZ
PEOPLE = 3

VOICE_FRAMES = 400
"""A voice is known by 4 s of it; more adds little."""
LEAST_VOICE_FRAMES = 30
"""Of 10 ms: less than 0.3 s of a voice says nothing about whose it is."""

_ACTIVE = np.array(
    [[person in people for person in range(PEOPLE)] for people in segmentation.CLASSES]
)


@dataclass(frozen=True, slots=True)
class LocalSpeaker:
    """One of the people in a window.

    Attributes:
        window: Which window.
        active: When they speak, bool[frames].
        alone_s: How long they speak with nobody else at once.
        voice: What they sound like, float32[192] of length 1; None where too little is heard.
    """

    window: int
    active: NDArray[np.bool_]
    alone_s: float
    voice: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Networks:
    """Both networks, loaded."""

    segmentation: Any
    voices: Any

    def windows(self, recording: Recording) -> Iterator[list[LocalSpeaker]]:
        """The people of every window, one window after another."""
        step, length = int(STEP_S * RATE_HZ), WINDOW_S * RATE_HZ
        for number in range(window_count(recording.samples)):
            samples = recording.read(number * step, length)
            yield self._people(number, np.pad(samples, (0, length - len(samples))))

    def _people(self, number: int, samples: NDArray[np.float32]) -> list[LocalSpeaker]:
        inputs = {segmentation.INPUT: samples[None, None]}
        likely = self.segmentation.run(None, inputs)[0][0]
        active = _ACTIVE[likely.argmax(axis=1)]
        alone = active & (active.sum(axis=1, keepdims=True) == 1)
        features = fbank(samples)
        found = []
        for person in range(PEOPLE):
            if active[:, person].any():
                heard = alone if alone[:, person].sum() * FRAME_S >= 0.5 else active
                voice = self._voice(features, heard[:, person])
                alone_s = float(alone[:, person].sum() * FRAME_S)
                found.append(LocalSpeaker(number, active[:, person], alone_s, voice))
        return found

    def _voice(
        self, features: NDArray[np.float32], heard: NDArray[np.bool_]
    ) -> NDArray[np.float32] | None:
        """What somebody sounds like, by the frames in which they are heard."""
        middles = (np.arange(len(features)) + 0.5) * HOP
        frames = np.clip((middles / FRAME_SAMPLES).astype(int), 0, len(heard) - 1)
        chosen = features[heard[frames]]
        if len(chosen) < LEAST_VOICE_FRAMES:
            return None
        start = max(0, (len(chosen) - VOICE_FRAMES) // 2)
        chosen = chosen[start : start + VOICE_FRAMES]
        chosen = chosen - chosen.mean(axis=0)
        voice: NDArray[np.float32] = self.voices.run(None, {campplus.INPUT: chosen[None]})[0][0]
        return voice / max(float(np.linalg.norm(voice)), 1e-9)


def window_count(samples: int) -> int:
    """How many windows a recording has: every sample is in one."""
    step, length = int(STEP_S * RATE_HZ), WINDOW_S * RATE_HZ
    return max(1, -(-(samples - length) // step) + 1)
