"""What is left of a mixed recording when its voice is taken away.

Where nobody speaks that is the recording itself, sample by sample. Where somebody speaks it is the
mix less the voice, and a ghost of the voice stays in that, which no separator takes out whole. Each
bin is lowered the more, the more of it was voice, and each band to how loud it is in the pauses
around; what is much louder than the voice itself is no ghost, and stays.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from ytdubber.audio.resample import resampled
from ytdubber.audio.spectrum import BINS, DELAY, HOP, Analysis, Samples, Spectra, Synthesis
from ytdubber.audio.surroundings import WIDTHS, Powers, Span, Surroundings, band_powers
from ytdubber.audio.wav import WavFile
from ytdubber.domain.media import AudioFile, Interval

LEAD_MS, TAIL_MS = 120, 250
"""Speech is taken to begin so long before a detector hears it, and to end so long after."""
FADE_MS = 30
"""From the recording to what is left of it, before that, and back after it."""
EXPONENT = 5
"""A bin of which half is voice is lowered by 30 dB, one of which a tenth is by 5 dB."""
LOUDER = 4.0
"""Times the power of the voice nearby, from which on a band holds something else."""
NEARBY_FRAMES = 24
"""Half a second on either side."""
BLOCK_FRAMES = 96

_BLOCK = BLOCK_FRAMES * HOP
_LATE = DELAY + NEARBY_FRAMES * HOP
_TINY = np.float32(1e-20)


def write_background(
    mix: AudioFile,
    voice: AudioFile,
    speech: Sequence[Interval],
    path: Path,
    check: Callable[[], None] = lambda: None,
    progress: Callable[[float], None] = lambda done: None,
) -> AudioFile:
    """Write what is not the voice, float samples at the recording's rate, as long as it.

    Args:
        mix: The recording.
        voice: The voice in it, as a separator gave it, with the same channels at any rate.
        speech: When somebody speaks, in order; there the voice is taken out.
        path: Where to.
        check: Called for every block of two seconds; raises to cancel.
        progress: Told how much is done, 0 to 1.
    """
    spoken = _spans(mix, speech)
    pauses = _between(spoken, mix.samples)
    removal = _Removal(mix, spoken, Surroundings(mix, pauses, check))
    with WavFile(str(path), "FLOAT") as wav:
        wav.rate_hz, wav.channels = mix.sample_rate_hz, mix.channels
        for mixed, voiced in _blocks(mix, voice):
            check()
            block = removal.rest(mixed, voiced)
            wav.write(np.ascontiguousarray(block[: mix.samples - wav.samples]))
            progress(wav.samples / max(1, mix.samples))
    return AudioFile(path, mix.sample_rate_hz, mix.channels, mix.samples)


def _spans(mix: AudioFile, speech: Sequence[Interval]) -> list[Span]:
    """Where the voice is taken out, in samples: apart, in order, within the recording."""
    per_ms = mix.sample_rate_hz / 1000
    spans: list[Span] = []
    for each in speech:
        start = max(0, round((each.start_ms - LEAD_MS) * per_ms))
        stop = min(mix.samples, round((each.end_ms + TAIL_MS) * per_ms))
        if spans and start - 2 * FADE_MS * per_ms <= spans[-1][1]:
            start, stop = spans[-1][0], max(stop, spans.pop()[1])
        if start < stop:
            spans.append((start, stop))
    return spans


def _between(spans: Sequence[Span], samples: int) -> list[Span]:
    starts = [0, *(stop for _, stop in spans)]
    stops = [*(start for start, _ in spans), samples]
    return list(zip(starts, stops, strict=True))


def _blocks(mix: AudioFile, voice: AudioFile) -> Iterator[tuple[Samples, Samples]]:
    """Both side by side, in whole blocks, with silence after them that pushes out all of them."""
    voices, missing = resampled(voice, mix.sample_rate_hz, _BLOCK), 0
    for mixed in resampled(mix, mix.sample_rate_hz, _BLOCK):
        missing = _BLOCK - len(mixed)
        yield _whole(mixed), _whole(next(voices, mixed[:0]))
    if missing < _LATE:
        silence = np.zeros((_BLOCK, mix.channels), np.float32)
        yield silence, silence


def _whole(block: Samples) -> Samples:
    return np.pad(block, ((0, _BLOCK - len(block)), (0, 0)))


class _Removal:
    """Takes the voice out of a stream of blocks, with the spectra of some frames before and after.

    Args:
        mix: The recording.
        spans: Where the voice is taken out, in samples.
        surroundings: How loud the recording is elsewhere.
    """

    def __init__(self, mix: AudioFile, spans: Sequence[Span], surroundings: Surroundings) -> None:
        channels, held = mix.channels, 2 * NEARBY_FRAMES
        self._rate_hz, self._surroundings = mix.sample_rate_hz, surroundings
        self._analyses = Analysis(channels), Analysis(channels)
        self._synthesis = Synthesis(channels)
        self._seen = [np.zeros((channels, held, BINS), np.complex64) for _ in self._analyses]
        self._mix = np.zeros((_LATE, channels), np.float32)
        self._place = -_LATE
        fade = FADE_MS * mix.sample_rate_hz // 1000
        ramps = [
            point
            for start, stop in spans
            for point in ((start - fade, 0.0), (start, 1.0), (stop, 1.0), (stop + fade, 0.0))
        ]
        self._at = np.array([at for at, _ in ramps] or [0], np.float64)
        self._weight = np.array([weight for _, weight in ramps] or [0], np.float64)

    def rest(self, mixed: Samples, voiced: Samples) -> Samples:
        """What is left of the next of what was given before: nothing of what comes before it."""
        original = np.concatenate([self._mix, mixed])
        self._mix = original[_BLOCK:]
        place, self._place = self._place, self._place + _BLOCK
        at = np.arange(place, place + _BLOCK)
        weight = np.interp(at, self._at, self._weight).astype(np.float32)[:, np.newaxis]
        heard = zip(self._seen, self._analyses, (mixed, voiced), strict=True)
        self._seen = [
            np.concatenate([seen[:, -2 * NEARBY_FRAMES :], analysis.spectra(block)], axis=1)
            for seen, analysis, block in heard
        ]
        left = self._synthesis.sound(self._left(place))
        original = original[:_BLOCK]
        rest = np.where(weight > 0, original + weight * (left - original), original)
        return rest[max(0, -place) :]

    def _left(self, place: int) -> Spectra:
        """The spectra of what is left, those at the ends excepted, which are only looked at."""
        mix, voice = self._seen
        inner = slice(NEARBY_FRAMES, -NEARBY_FRAMES)
        near = np.lib.stride_tricks.sliding_window_view(
            band_powers(voice), 2 * NEARBY_FRAMES + 1, axis=0
        ).max(axis=-1)
        mix, voice = mix[:, inner], voice[:, inner]
        left = mix - voice
        share = np.minimum(1, np.abs(left) / (np.abs(mix) + _TINY))
        left *= share ** (EXPONENT - 1)
        gains = self._gains(band_powers(left), near, place)
        left *= np.repeat(gains, WIDTHS, axis=1)
        return left

    def _gains(self, left: Powers, voice: Powers, place: int) -> Powers:
        """The gain of each band in each frame, at most 1."""
        middles = place + DELAY - HOP + HOP * np.arange(len(left))
        seconds = np.maximum(0, middles) // self._rate_hz
        limit = np.stack([self._surroundings.loudest(int(each)) for each in seconds])
        ghost = (left > limit) & (left < LOUDER * voice)
        return np.where(ghost, np.sqrt(np.minimum(limit, left) / (left + _TINY)), 1).astype(
            np.float32
        )
