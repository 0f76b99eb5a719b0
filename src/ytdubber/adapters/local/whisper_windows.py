"""The windows of sound whisper hears: up to 30 s of speech each, long pauses left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ytdubber.domain.media import Interval

LONGEST_MS = 29_000
"""A little under whisper's 30 s."""

PAD_MS = 200
"""Sound kept around speech, so that soft beginnings and ends are heard."""

CUT_MS = 10_000
"""Speech without a pause is cut in the last so much of a window."""

Quietest = Callable[[Interval], int]
"""The time within an interval at which speech is least likely."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech in one language, as a detector placed it."""

    interval: Interval
    language: str


@dataclass(frozen=True, slots=True)
class Window:
    """Stretches of a recording that are heard as if one followed the other, in one language."""

    parts: tuple[Interval, ...]
    language: str

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


def windows(speech: Sequence[Stretch], duration_ms: int, quietest: Quietest) -> tuple[Window, ...]:
    """All the speech, in as few windows as its pauses and languages allow.

    Args:
        speech: What is said, in order.
        duration_ms: The recording's length.
        quietest: Where speech that has no pause for a whole window is cut.
    """
    found: list[Window] = []
    parts: list[Interval] = []
    language = ""
    for piece in _pieces(speech, duration_ms, quietest):
        full = sum(part.duration_ms for part in parts) + piece.interval.duration_ms > LONGEST_MS
        if parts and (full or piece.language != language):
            found.append(Window(tuple(parts), language))
            parts = []
        parts.append(piece.interval)
        language = piece.language
    if parts:
        found.append(Window(tuple(parts), language))
    return tuple(found)


def padded(speech: Sequence[Interval], duration_ms: int) -> list[Interval]:
    """Speech with the sound around it; neighbours share a short pause."""
    found: list[Interval] = []
    for index, interval in enumerate(speech):
        before = speech[index - 1].end_ms if index else -interval.start_ms
        after = speech[index + 1].start_ms if index + 1 < len(speech) else 2 * duration_ms
        start = max(interval.start_ms - PAD_MS, (before + interval.start_ms + 1) // 2)
        end = min(interval.end_ms + PAD_MS, (interval.end_ms + after + 1) // 2, duration_ms)
        found.append(Interval(start, end))
    return found


def _pieces(speech: Sequence[Stretch], duration_ms: int, quietest: Quietest) -> list[Stretch]:
    """Speech with its padding, in pieces that fit a window."""
    pieces: list[Stretch] = []
    whole = padded([stretch.interval for stretch in speech], duration_ms)
    for stretch, interval in zip(speech, whole, strict=True):
        start, end = interval.start_ms, interval.end_ms
        while end - start > LONGEST_MS:
            latest = start + LONGEST_MS
            cut = quietest(Interval(latest - CUT_MS, latest))
            pieces.append(Stretch(Interval(start, cut), stretch.language))
            start = cut
        pieces.append(Stretch(Interval(start, end), stretch.language))
    return pieces
