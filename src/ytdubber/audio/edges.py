"""Where speech begins and ends by its energy: finer than a voice activity detector's 30 ms."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.files import read_mono
from ytdubber.domain.media import AudioFile, Interval

FRAME_MS = 10
REACH_MS = 150
"""How far an edge may be moved."""
STEADY_FRAMES = 3
"""Speech is louder than the threshold for at least this many frames: a click is not."""
ABOVE_FLOOR_DB = 12.0
BELOW_SPEECH_DB = 25.0
"""An edge lies where the level passes both the floor by the one and comes within the other of the
stretch's own level."""


def onto_energy(audio: AudioFile, speech: Sequence[Interval]) -> tuple[Interval, ...]:
    """The intervals with their edges where the energy rises and falls; order is kept, and none
    meets another that it did not meet before.

    Args:
        audio: The recording, mono.
        speech: When somebody speaks, as a detector heard it.
    """
    result: list[Interval] = []
    for index, stretch in enumerate(speech):
        before = speech[index - 1].end_ms if index else 0
        after = speech[index + 1].start_ms if index + 1 < len(speech) else audio.duration_ms
        earliest = max(stretch.start_ms - REACH_MS, (before + stretch.start_ms) // 2)
        latest = min(stretch.end_ms + REACH_MS, (stretch.end_ms + after) // 2)
        result.append(_edges(audio, stretch, earliest, latest))
    return tuple(result)


def _edges(audio: AudioFile, stretch: Interval, earliest: int, latest: int) -> Interval:
    levels = _levels_db(audio, earliest, latest)
    inside = (stretch.start_ms - earliest) // FRAME_MS
    past = (latest - stretch.end_ms) // FRAME_MS
    spoken = levels[inside : len(levels) - past or None]
    if spoken.size < 2 * STEADY_FRAMES:
        return stretch
    quiet = np.concatenate([levels[:inside], levels[len(levels) - past :]])
    floor = float(np.percentile(quiet, 10)) if quiet.size else -120.0
    speech_db = float(np.percentile(spoken, 90))
    threshold = max(floor + ABOVE_FLOOR_DB, speech_db - BELOW_SPEECH_DB)
    steady = _steady(levels > threshold)
    if not steady.size or speech_db <= threshold:
        return stretch
    start = earliest + int(steady[0]) * FRAME_MS
    end = earliest + (int(steady[-1]) + STEADY_FRAMES) * FRAME_MS
    if abs(start - stretch.start_ms) > REACH_MS:
        start = stretch.start_ms
    if abs(end - stretch.end_ms) > REACH_MS:
        end = stretch.end_ms
    return Interval(start, min(end, latest)) if start < end else stretch


def _levels_db(audio: AudioFile, start_ms: int, end_ms: int) -> NDArray[np.float64]:
    """The level of every whole frame around its mean, in dB of full scale: an offset has none, and
    one that comes and goes with the sound moves no edge.
    """
    rate_hz = audio.sample_rate_hz
    part = read_mono(audio, start_ms * rate_hz // 1000, end_ms * rate_hz // 1000)
    frame = rate_hz * FRAME_MS // 1000
    whole = part[: part.size // frame * frame].reshape(-1, frame).astype(np.float64)
    powers: NDArray[np.float64] = whole.var(axis=1)
    return 10.0 * np.log10(powers + 1e-12)


def _steady(loud: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Where runs of STEADY_FRAMES loud frames begin."""
    if loud.size < STEADY_FRAMES:
        return np.zeros(0, np.intp)
    runs = np.lib.stride_tricks.sliding_window_view(loud, STEADY_FRAMES).all(axis=1)
    return np.flatnonzero(runs)
