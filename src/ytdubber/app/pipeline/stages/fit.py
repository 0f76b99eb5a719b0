"""Where every spoken line goes."""

from collections.abc import Sequence

from ytdubber.app.pipeline.lines import FittedLine, SpokenLine
from ytdubber.domain.timing import place


def fit(lines: Sequence[SpokenLine]) -> tuple[FittedLine, ...]:
    """Each line where it was planned, stretched to the length that it was to have there."""
    return tuple(
        FittedLine(
            line.scripted,
            line.audio,
            place(line.scripted.slot, line.planned, line.audio.duration_ms),
        )
        for line in lines
    )
