"""Voice and mix as they are before any loudness work, block after block."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.ducking import Ducking, DuckingEnvelope
from ytdubber.audio.offset import OffsetRemover
from ytdubber.audio.profiles import Content
from ytdubber.audio.timeline import Clip, VoiceTrack
from ytdubber.audio.watermark import Track, WatermarkedTrack
from ytdubber.domain.media import AudioFile
from ytdubber.files.encrypted import open_sound

Samples = NDArray[np.float32]
_BLOCK_S = 2


@dataclass(frozen=True, slots=True)
class _Together:
    """Two tracks that sound at once."""

    one: Track
    other: Track

    def render(self, samples: int) -> Samples:
        """The next float32[samples]; fewer at the end."""
        return self.one.render(samples) + self.other.render(samples)


@dataclass(frozen=True, slots=True)
class Programme:
    """What one language is made of. It can be rendered any number of times, to the same samples.

    Attributes:
        clips: The spoken lines.
        background: The music and effects, at `sample_rate_hz`, with one or two channels, padded
            or cut to `total_samples`; None for a mix of the voice alone.
        total_samples: How long it is.
        sample_rate_hz: The timeline's rate.
        ducking: How the background steps back, if it does.
        has_offset: Whether the background has an offset, which is taken out.
        watermark: Whether the lines that a machine speaks carry the watermark.
    """

    clips: Sequence[Clip]
    background: AudioFile | None
    total_samples: int
    sample_rate_hz: int
    ducking: Ducking | None = None
    has_offset: bool = False
    watermark: bool = False

    def __post_init__(self) -> None:
        bed = self.background
        if bed is not None and (bed.sample_rate_hz != self.sample_rate_hz or bed.channels > 2):
            raise ValueError(f"{bed} is no background at {self.sample_rate_hz} Hz")

    @property
    def block_samples(self) -> int:
        """How many samples a block has; the last may have fewer."""
        return _BLOCK_S * self.sample_rate_hz

    @property
    def block_count(self) -> int:
        """How many blocks there are."""
        return -(-self.total_samples // self.block_samples)

    def channels(self, content: Content) -> int:
        """The channel count of a content: the voice is mono, the mix and its stems are as the
        background.
        """
        if content is Content.VOICE or self.background is None:
            return 1
        return self.background.channels

    def blocks(
        self, contents: frozenset[Content], start: int = 0, stop: int | None = None
    ) -> Iterator[dict[Content, Samples]]:
        """The contents asked for, each float32[n, channels], block after block; of a part, where
        only clips within it need to have their length.

        Raises:
            ValueError: a part was asked for where the background has an offset.
        """
        end, size = self.total_samples if stop is None else stop, self.block_samples
        if start and self.has_offset:
            raise ValueError("what is taken out of a background depends on all before it")
        clips = self.clips
        if start or stop is not None:
            clips = [each for each in clips if each.start_sample < end and each.end_sample > start]
        track = self._track(clips, start)
        if Content.MIX not in contents:
            for at in range(start, end, size):
                yield {Content.VOICE: track.render(min(size, end - at))[:, np.newaxis]}
            return
        for bed in self._beds(start, end):
            voice = track.render(len(bed))[:, np.newaxis]
            np.add(bed, voice, out=bed)
            block = {Content.MIX: bed, Content.VOICE: voice}
            yield {content: block[content] for content in contents}

    def _track(self, clips: Sequence[Clip], start: int) -> Track:
        """The voice from a sample on; what a machine speaks of it with the watermark."""
        total, rate_hz = self.total_samples, self.sample_rate_hz
        if not self.watermark:
            return VoiceTrack(clips, total, rate_hz, start)
        spoken = VoiceTrack([each for each in clips if each.synthetic], total, rate_hz, start)
        marked = WatermarkedTrack(spoken, total, rate_hz, start)
        kept = [each for each in clips if not each.synthetic]
        return _Together(marked, VoiceTrack(kept, total, rate_hz, start)) if kept else marked

    def _beds(self, begin: int, end: int) -> Iterator[Samples]:
        """The background, ducked: float32[n, channels], exactly to the end that is asked for."""
        channels = self.channels(Content.MIX)
        envelope = (
            DuckingEnvelope(self.clips, self.sample_rate_hz, self.ducking) if self.ducking else None
        )
        remover = OffsetRemover(self.sample_rate_hz, channels) if self.has_offset else None
        with ExitStack() as files:
            file = (
                files.enter_context(open_sound(self.background.path)) if self.background else None
            )
            if file is not None:
                file.seek(min(begin, file.frames))
            for start in range(begin, end, self.block_samples):
                samples = min(self.block_samples, end - start)
                bed = np.zeros((samples, channels), np.float32)
                read = len(file.read(out=bed)) if file is not None else 0
                if remover is not None:
                    remover.remove(bed[:read])
                if envelope is not None:
                    bed *= envelope.gains(start, samples)[:, np.newaxis]
                yield bed
