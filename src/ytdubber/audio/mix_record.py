"""How a finished FLAC file was mixed, so that only what changed of it is mixed again."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.flac_frames import Frames
from ytdubber.audio.levels import GainSetting
from ytdubber.audio.loudness import SILENCE_LUFS, gated_lufs, to_lufs
from ytdubber.audio.mastering_job import Metered
from ytdubber.audio.profiles import Content
from ytdubber.audio.verify import Loudness

_GATING_BLOCK = 4
"""Of mean squares of 100 ms."""


@dataclass(frozen=True, slots=True)
class PlacedClip:
    """A clip of a mix.

    Attributes:
        sound: The hash of all that decides how it sounds.
        start: Its first sample.
        stop: The sample after its last.
    """

    sound: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class MixRecord:
    """Of one file.

    Attributes:
        basis: The hash of all it was mixed from but its clips: a mix of anything else has none of
            its samples.
        clips: In no order.
        setting: What it was levelled with.
        frames: Where its frames are.
        metered: What was metered of it.
        true_peak_dbtp: Its true peak.
    """

    basis: str
    clips: Sequence[PlacedClip]
    setting: GainSetting
    frames: Frames
    metered: Metered
    true_peak_dbtp: float

    def to_bytes(self) -> bytes:
        """As `record_of` reads it."""
        metered = self.metered
        told: dict[str, object] = {
            "basis": self.basis,
            "setting": asdict(self.setting),
            "frame_samples": self.frames.samples,
            "voice": asdict(metered.voice),
            "peak_sample": metered.peak_sample,
            "true_peak_dbtp": self.true_peak_dbtp,
            "clips": [[each.sound, each.start, each.stop] for each in self.clips],
        }
        out = io.BytesIO()
        np.savez_compressed(
            out,
            told=np.frombuffer(json.dumps(told).encode(), np.uint8),
            sizes=self.frames.sizes,
            squares=metered.mean_squares,
            voice_squares=metered.voice_mean_squares,
        )
        return out.getvalue()


def record_of(data: bytes) -> MixRecord:
    """A record as it was written.

    Raises:
        ValueError: it cannot be read.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            told: dict[str, Any] = json.loads(kept["told"].tobytes())
            squares = kept["squares"], kept["voice_squares"]
            frames = Frames(told["frame_samples"], kept["sizes"])
        setting = told["setting"]
        return MixRecord(
            told["basis"],
            [PlacedClip(*each) for each in told["clips"]],
            GainSetting(**setting | {"content": Content(setting["content"])}),
            frames,
            Metered(*squares, Loudness(**told["voice"]), told["peak_sample"]),
            told["true_peak_dbtp"],
        )
    except (EOFError, KeyError, OSError, TypeError) as error:
        raise ValueError("it is no record of a mix") from error


def patched(
    metered: Metered,
    first: int,
    squares: NDArray[np.float64],
    voice_squares: NDArray[np.float64],
    voice_peak_dbtp: float,
) -> Metered:
    """What was metered, with stretches of 100 ms replaced from `first` on, and with what may be the
    highest of the voice.
    """

    def joined(old: NDArray[np.float64], new: NDArray[np.float64]) -> NDArray[np.float64]:
        found = old.copy()
        found[first : first + len(new)] = new[: max(0, len(found) - first)]
        return found

    voice = joined(metered.voice_mean_squares, voice_squares)
    return replace(
        metered,
        mean_squares=joined(metered.mean_squares, squares),
        voice_mean_squares=voice,
        voice=Loudness(lufs_of(voice), max(metered.voice.true_peak_dbtp, voice_peak_dbtp)),
    )


def lufs_of(squares: NDArray[np.float64]) -> float:
    """The integrated loudness of mean squares of 100 ms; -70 for silence."""
    if len(squares) < _GATING_BLOCK:
        return to_lufs(float(squares.mean())) if len(squares) else SILENCE_LUFS
    return gated_lufs(squares)
