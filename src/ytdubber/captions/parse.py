"""Cues back from a SubRip or WebVTT file."""

import html
import re

from ytdubber.domain.media import Interval

from .cues import Cue

_CLOCK = r"(?:(\d+):)?(\d\d):(\d\d)[,.](\d{3})"
_TIMES = re.compile(rf"^\s*{_CLOCK}\s+-->\s+{_CLOCK}", re.MULTILINE)


def parse(text: str) -> tuple[Cue, ...]:
    """The cues of a caption file, in the order they stand; what is no cue is passed over."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = []
    for when, body in blocks(text):
        lines = tuple(html.unescape(line.strip()) for line in body.split("\n") if line.strip())
        found.append(Cue(when.start_ms, when.end_ms, lines, speech_end_ms=when.end_ms))
    return tuple(found)


def blocks(text: str) -> list[tuple[Interval, str]]:
    """When each cue of a caption file is shown and what stands in it, in the order they stand.

    Args:
        text: Its lines end in a line feed alone.
    """
    found = []
    for block in re.split(r"\n\s*\n", text):
        times = _TIMES.search(block)
        if times is None:
            continue
        parts = [int(part or 0) for part in times.groups()]
        when = Interval(_ms(parts[:4]), _ms(parts[4:]))
        found.append((when, block[times.end() :].partition("\n")[2]))
    return found


def _ms(parts: list[int]) -> int:
    hours, minutes, seconds, millis = parts
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis
