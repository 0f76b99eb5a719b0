"""The dubbed voice on its timeline, rendered block after block."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from ytdubber.audio.files import read_mono, write_wav
from ytdubber.audio.offset import centred
from ytdubber.audio.stretch import stretch
from ytdubber.domain.media import AudioFile
from ytdubber.log import ContextPool

_FADE_MS = 5
_THREADS = 2  # the stretcher releases the interpreter's lock


@dataclass(frozen=True, slots=True)
class Clip:
    """A spoken line and where it lies.

    Attributes:
        audio: The line as spoken, at any rate; several channels are averaged.
        start_sample: Its first sample on the timeline, at the timeline's rate.
        samples: How many samples it lasts there; `stretch_clips` makes it that long.
        gain_db: Its gain.
        begins_whole: Whether its sound begins there, and fades in; False where it goes on.
        ends_whole: The same at its end.
        synthetic: Whether a machine speaks in it.
    """

    audio: AudioFile
    start_sample: int
    samples: int
    gain_db: float = 0.0
    begins_whole: bool = True
    ends_whole: bool = True
    synthetic: bool = False

    @property
    def end_sample(self) -> int:
        """The sample after its last."""
        return self.start_sample + self.samples

    def is_stretched(self, sample_rate_hz: int) -> bool:
        """Whether it does not last its own length on a timeline of this rate.

        A length that rounds to the one asked for, at either rate, is no reason to stretch.
        """
        native_hz = self.audio.sample_rate_hz
        own_samples = self.audio.samples * sample_rate_hz / native_hz
        return abs(own_samples - self.samples) > max(1.0, sample_rate_hz / native_hz)


def stretch_clips(
    clips: Sequence[Clip],
    sample_rate_hz: int,
    into: Path,
    check: Callable[[], None],
    progress: Callable[[float], None],
) -> list[Clip]:
    """The clips with new sound of their own length for each that is stretched.

    Stretching costs several times what else is done to a clip, so it is done once, and not each
    time that the clips are rendered.

    Args:
        clips: The clips, in any order.
        sample_rate_hz: The timeline's rate.
        into: A folder for the new sound.
        check: Called before each; raises to cancel.
        progress: Told the share that is done.
    """
    due = [place for place, clip in enumerate(clips) if clip.is_stretched(sample_rate_hz)]

    def one(place: int) -> Clip:
        check()
        clip, native_hz = clips[place], clips[place].audio.sample_rate_hz
        samples = -(-clip.samples * native_hz // sample_rate_hz)
        sound = stretch(centred(read_mono(clip.audio)), samples, native_hz)
        return replace(clip, audio=write_wav(into / f"{place}.wav", sound, native_hz))

    result = list(clips)
    with ContextPool(_THREADS) as pool:
        for done, (place, clip) in enumerate(zip(due, pool.map(one, due), strict=True), start=1):
            result[place] = clip
            progress(done / len(due))
    return result


def fit_clip(clip: Clip, sample_rate_hz: int) -> NDArray[np.float32]:
    """The clip as it sounds on the timeline: float32[clip.samples], gain and edge fades applied."""
    voice, native_hz = centred(read_mono(clip.audio)), clip.audio.sample_rate_hz
    if native_hz != sample_rate_hz:
        voice = soxr.resample(voice, native_hz, sample_rate_hz, quality="HQ")
    fitted = np.zeros(clip.samples, np.float32)
    common = min(clip.samples, voice.size)
    fitted[:common] = voice[:common]
    fitted *= np.float32(10.0 ** (clip.gain_db / 20.0))
    fade = min(sample_rate_hz * _FADE_MS // 1000, common // 2)
    if fade:
        ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(fade) + 0.5) / fade)).astype(np.float32)
        if clip.begins_whole:
            fitted[:fade] *= ramp
        if clip.ends_whole:
            fitted[common - fade : common] *= ramp[::-1]
    return fitted


class VoiceTrack:
    """The clips as one mono track, read once from its start or from a later sample.

    Clips may overlap: they add up. Only those that reach into the block being rendered are held.
    """

    def __init__(
        self, clips: Sequence[Clip], total_samples: int, sample_rate_hz: int, start_sample: int = 0
    ) -> None:
        for clip in clips:
            if clip.start_sample < 0 or clip.samples < 1 or clip.end_sample > total_samples:
                raise ValueError(f"{clip} does not lie within 0 and {total_samples}")
            if clip.is_stretched(sample_rate_hz):
                raise ValueError(f"{clip} is not as long as its sound: it is yet to be stretched")
        self._coming = sorted(clips, key=lambda clip: clip.start_sample, reverse=True)
        self._sounding: list[tuple[int, NDArray[np.float32]]] = []
        self._position = start_sample
        self._total_samples = total_samples
        self._sample_rate_hz = sample_rate_hz

    def render(self, samples: int) -> NDArray[np.float32]:
        """The next float32[samples]; fewer at the end."""
        start = self._position
        end = min(self._total_samples, start + samples)
        while self._coming and self._coming[-1].start_sample < end:
            clip = self._coming.pop()
            self._sounding.append((clip.start_sample, fit_clip(clip, self._sample_rate_hz)))
        block = np.zeros(end - start, np.float32)
        for clip_start, voice in self._sounding:
            first, last = max(start, clip_start), min(end, clip_start + voice.size)
            block[first - start : last - start] += voice[first - clip_start : last - clip_start]
        self._sounding = [each for each in self._sounding if each[0] + each[1].size > end]
        self._position = end
        return block
