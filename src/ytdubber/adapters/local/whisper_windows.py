"""The windows of sound whisper hears: up to 30 s of speech each, long pauses left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from ytdubber.domain.media import Interval

LONGEST_MS = 29_000
"""A little under whisper's 30 s."""

PAD_MS = 200
"""Sound kept around speech, so that soft beginnings and ends are heard."""


@dataclass(frozen=True, slots=True)
class Window:
    """Stretches of a recording that are heard as if one followed the other."""

    parts: tuple[Interval, ...]

    @property
    def duration_ms(self) -> int:
        """How long it is without the pauses between its parts."""
        return sum(part.duration_ms for part in self.parts)

    def original_ms(self, heard_ms: float, anchor_ms: float) -> int:
        """The time in the recording of a time in the window.

        Args:
            heard_ms: The time in the window.
            anchor_ms: A time in the window that tells which part is meant: the middle of a word,
                for both of its edges.
        """
        began = 0
        for part in self.parts:
            if anchor_ms < began + part.duration_ms:
                break
            began += part.duration_ms
        else:
            began -= part.duration_ms
        return round(min(max(part.start_ms + heard_ms - began, part.start_ms), part.end_ms))


def windows(speech: Sequence[Interval], duration_ms: int) -> tuple[Window, ...]:
    """All the speech, in as few windows as its pauses allow."""
    found: list[Window] = []
    parts: list[Interval] = []
    for piece in _pieces(speech, duration_ms):
        if parts and sum(part.duration_ms for part in parts) + piece.duration_ms > LONGEST_MS:
            found.append(Window(tuple(parts)))
            parts = []
        parts.append(piece)
    if parts:
        found.append(Window(tuple(parts)))
    return tuple(found)


def _pieces(speech: Sequence[Interval], duration_ms: int) -> list[Interval]:
    """Speech with its padding, in pieces that fit a window; neighbours share a short pause."""
    pieces: list[Interval] = []
    for index, interval in enumerate(speech):
        before = speech[index - 1].end_ms if index else -interval.start_ms
        after = speech[index + 1].start_ms if index + 1 < len(speech) else 2 * duration_ms
        start = max(interval.start_ms - PAD_MS, (before + interval.start_ms + 1) // 2)
        end = min(interval.end_ms + PAD_MS, (interval.end_ms + after + 1) // 2, duration_ms)
        while end - start > LONGEST_MS:
            pieces.append(Interval(start, start + LONGEST_MS))
            start += LONGEST_MS
        pieces.append(Interval(start, end))
    return pieces
