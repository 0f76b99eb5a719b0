"""Times as TTML writes them (TTML2, 12.3 and 7.2)."""

import re
from dataclasses import dataclass
from fractions import Fraction

from .xml_tree import Element

PARAMETER = "http://www.w3.org/ns/ttml#parameter"

_CLOCK = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d|60)(?:(\.\d+)|:(\d{2,})(?:\.(\d+))?)?")
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t)")
_SECONDS = {"h": Fraction(3_600), "m": Fraction(60), "s": Fraction(1), "ms": Fraction(1, 1_000)}
_USUAL_RATE = "30"
_DROPPED = {"dropNTSC": 2, "dropPAL": 4}
"""Numbers of frames that are passed over each minute but the tenth (every other one in PAL)."""


class NotATime(Exception):
    """What is written there is no time."""


@dataclass(frozen=True, slots=True)
class TimeBase:
    """How a document counts.

    Attributes:
        frame_rate: Frames in a second of the recording.
        nominal_rate: Frames in a second of a clock time.
        sub_frames: Parts of a frame.
        tick_rate: Ticks in a second.
        smpte: Whether clock times count frames, which is another second where the two rates differ.
        dropped: As `_DROPPED`; 0 where none are.
    """

    frame_rate: Fraction
    nominal_rate: Fraction
    sub_frames: int
    tick_rate: Fraction
    smpte: bool = False
    dropped: int = 0

    def seconds(self, written: str) -> Fraction:
        """What a time is, in seconds.

        Raises:
            NotATime: it is none.
        """
        if clock := _CLOCK.fullmatch(written):
            return self._clock(clock)
        if offset := _OFFSET.fullmatch(written):
            count, metric = Fraction(offset[1]), offset[2]
            if metric == "f":
                return count / self.frame_rate
            return count / self.tick_rate if metric == "t" else count * _SECONDS[metric]
        raise NotATime(written)

    def _clock(self, clock: re.Match[str]) -> Fraction:
        hours, minutes, whole = (int(clock[part]) for part in (1, 2, 3))
        seconds = Fraction(hours * 3_600 + minutes * 60 + whole)
        frames = Fraction(int(clock[5] or 0)) + Fraction(int(clock[6] or 0), self.sub_frames)
        if not self.smpte:
            return seconds + Fraction(clock[4] or 0) + frames / self.frame_rate
        counted = seconds * self.nominal_rate + frames + Fraction(clock[4] or 0) * self.nominal_rate
        return (counted - self._skipped(hours * 60 + minutes)) / self.frame_rate

    def _skipped(self, minutes: int) -> int:
        """How many numbers of frames are passed over by a time of so many minutes."""
        if self.dropped == _DROPPED["dropPAL"]:
            return self.dropped * (minutes // 2 - minutes // 20)
        return self.dropped * (minutes - minutes // 10)


def time_base(root: Element) -> TimeBase:
    """How the document counts that this is the root of.

    Raises:
        NotATime: by the time of day, or by marks in the recording: then its times are no places.
    """

    def given(name: str, usual: str) -> str:
        return root.get(name, PARAMETER) or usual

    base = given("timeBase", "media")
    if base == "clock" or given("markerMode", "continuous") == "discontinuous":
        raise NotATime(f"ttp:timeBase {base}")
    try:
        nominal = Fraction(given("frameRate", _USUAL_RATE))
        above, _, below = given("frameRateMultiplier", "1").replace(":", " ").partition(" ")
        rate = nominal * Fraction(above) / Fraction(below or 1)
        sub_frames = int(given("subFrameRate", "1"))
        frames = root.get("frameRate", PARAMETER)
        ticks = Fraction(given("tickRate", str(rate * sub_frames) if frames else "1"))
        if rate <= 0 or ticks <= 0 or sub_frames <= 0:
            raise ValueError
    except (ValueError, ZeroDivisionError):
        raise NotATime("ttp:frameRate") from None
    dropped = _DROPPED.get(given("dropMode", "nonDrop"), 0)
    smpte = base == "smpte"
    return TimeBase(rate, nominal, sub_frames, ticks, smpte, dropped if smpte else 0)
