"""Decoded frames of any sample format and channel layout as float32 mono or stereo."""

from collections.abc import Sequence

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

# A float recording may pass full scale; nothing real passes it by more than 36 dB.
MAX_AMPLITUDE = 64.0
# ITU-R BS.775-4, annex 4: centre and surrounds at -3 dB, no LFE; by FFmpeg's channel names.
# Its headroom scaling is left out: float needs none, and music must not step back for it.
CENTRE = 0.7071
DOWNMIX = {
    "FL": (1.0, 0.0), "FR": (0.0, 1.0), "FC": (CENTRE, CENTRE), "LFE": (0.0, 0.0),
    "BL": (CENTRE, 0.0), "BR": (0.0, CENTRE), "SL": (CENTRE, 0.0), "SR": (0.0, CENTRE),
    "BC": (0.5, 0.5), "FLC": (1.0, 0.0), "FRC": (0.0, 1.0), "LFE2": (0.0, 0.0),
    "DL": (1.0, 0.0), "DR": (0.0, 1.0), "WL": (1.0, 0.0), "WR": (0.0, 1.0),
}  # fmt: skip
# Channels without names, in the order of a WAV file (Microsoft's KSAUDIO_SPEAKER_* masks).
UNNAMED = {
    3: "FL FR FC",
    4: "FL FR BL BR",
    5: "FL FR FC BL BR",
    6: "FL FR FC LFE BL BR",
    7: "FL FR FC LFE BC SL SR",
    8: "FL FR FC LFE BL BR SL SR",
}
# Two channels whose difference holds so many times their sum's power are out of phase: 9 dB.
OUT_OF_PHASE = 8.0
TURN_SAMPLES = 256
"""How long turning a channel over, or back, takes."""


def to_float(frame: av.AudioFrame) -> Samples:
    """A frame of any sample format as float32[samples, channels], full scale at 1, unbounded."""
    array = frame.to_ndarray()  # [channels, samples] where planar, else [1, samples * channels]
    channels = array.size // max(1, frame.samples)
    data = array.T if array.shape[0] == channels else array.reshape(-1, max(1, channels))
    if data.dtype.kind == "f":
        return data.astype(np.float32, copy=False)
    if data.dtype == np.uint8:
        return (data.astype(np.float32) - 128.0) / 128.0
    scale = 1.0 / (1 << (8 * data.dtype.itemsize - 1))
    return data.astype(np.float32) * np.float32(scale)


def bounded(block: Samples) -> Samples:
    """The block with nothing in it but numbers that can be meant."""
    if np.abs(block).max(initial=0.0) <= MAX_AMPLITUDE:  # false if there is a NaN
        return block
    finite = np.nan_to_num(block, nan=0.0, posinf=MAX_AMPLITUDE, neginf=-MAX_AMPLITUDE)
    return np.clip(finite, -MAX_AMPLITUDE, MAX_AMPLITUDE)


def channel_names(layout: av.AudioLayout) -> list[str]:
    """The channels' names; a WAV file's, where the layout has none."""
    names = [channel.name for channel in layout.channels]
    return UNNAMED.get(len(names), "").split() if has_no_names(layout) else names


def has_no_names(layout: av.AudioLayout) -> bool:
    """Whether nothing says which channel is which."""
    return all(channel.name == "NONE" for channel in layout.channels)


def to_stereo(block: Samples, names: Sequence[str]) -> Samples:
    """float32[n, more than 2] to float32[n, 2], each channel at its full level."""
    matrix = np.array([_sides(name) for name in names], np.float32)
    stereo: Samples = block @ matrix
    return stereo


def _sides(name: str) -> tuple[float, float]:
    """What a channel adds to left and right; one above or below is heard on its side."""
    if name in DOWNMIX:
        return DOWNMIX[name]
    return {"L": (CENTRE, 0.0), "R": (0.0, CENTRE)}.get(name[-1:], (0.5, 0.5))


class ToMono:
    """Left and right to one channel, block by block; nothing cancels.

    Where the channels are out of phase the right one is turned over first.

    Attributes:
        level: What a sound that is the same on both sides is multiplied with.
    """

    def __init__(self) -> None:
        self.level = 1.0
        self._sign = 1.0
        self._power = self._turned_power = 0.0

    @property
    def turned_share(self) -> float:
        """How much of the sound's power was out of phase, 0 to 1."""
        return self._turned_power / self._power if self._power else 0.0

    def __call__(self, block: Samples) -> Samples:
        """float32[n, 2] to float32[n, 1]."""
        left, right = np.ascontiguousarray(block.T)
        before = self._sign
        self._note_phase(left, right)
        signs: float | Samples = self._sign
        if before != self._sign:
            signs = np.full(block.shape[0], self._sign, np.float32)
            turn = min(TURN_SAMPLES, block.shape[0])
            signs[:turn] = np.linspace(before, self._sign, turn, dtype=np.float32)
        mono: Samples = (left + right * signs) * np.float32(self.level / 2)
        return mono[:, np.newaxis]

    def _note_phase(self, left: Samples, right: Samples) -> None:
        """Turn the right channel over for a block that is out of phase, and back for one in it."""
        power = float(left @ left) + float(right @ right)
        cross = 2.0 * float(left @ right)
        total, difference = power + cross, power - cross  # powers of left + right, left - right
        if difference > OUT_OF_PHASE * total:
            self._sign = -1.0
        elif total > difference:
            self._sign = 1.0
        self._power += power
        self._turned_power += power if self._sign < 0 else 0.0
