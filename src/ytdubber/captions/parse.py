"""Cues back from a SubRip or WebVTT file."""

import html
import re

from .cues import Cue

_CLOCK = r"(?:(\d+):)?(\d\d):(\d\d)[,.](\d{3})"
_TIMES = re.compile(rf"^\s*{_CLOCK}\s+-->\s+{_CLOCK}", re.MULTILINE)


def parse(text: str) -> tuple[Cue, ...]:
    """The cues of a caption file, in the order they stand; what is no cue is passed over."""
    found = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        times = _TIMES.search(block)
        if times is None:
            continue
        parts = [int(part or 0) for part in times.groups()]
        start, end = _ms(parts[:4]), _ms(parts[4:])
        body = block[times.end() :].partition("\n")[2]
        lines = tuple(html.unescape(line.strip()) for line in body.split("\n") if line.strip())
        found.append(Cue(start, end, lines, speech_end_ms=end))
    return tuple(found)


def _ms(parts: list[int]) -> int:
    hours, minutes, seconds, millis = parts
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + millis
