"""Where every spoken line goes."""

from collections.abc import Sequence

from ytdubber.app.pipeline.lines import FittedLine, SpokenLine
from ytdubber.audio.files import read_mono
from ytdubber.audio.speech import pauses
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.scoreboard import PAUSE_MS
from ytdubber.domain.timing import Placement, place


def fit(lines: Sequence[SpokenLine]) -> tuple[FittedLine, ...]:
    """Each line where it was planned, stretched to the length that it was to have there."""
    return tuple(map(_fitted, lines))


def _fitted(line: SpokenLine) -> FittedLine:
    placement = place(line.scripted.slot, line.planned, line.audio.duration_ms)
    return FittedLine(line.scripted, line.audio, placement, _pauses(line.audio, placement))


def _pauses(audio: AudioFile, placement: Placement) -> tuple[Interval, ...]:
    """When a line is silent, where it goes."""
    start_ms, rate = placement.start_ms, placement.rate
    return tuple(
        Interval(start_ms + round(each.start_ms / rate), start_ms + round(each.end_ms / rate))
        for each in pauses(read_mono(audio), audio.sample_rate_hz, round(PAUSE_MS * rate))
    )
