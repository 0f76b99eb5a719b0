"""Timestamps of packets, from a source's clock to a video's: sample 0 of a dub is at 0 (ADR 57)."""

from fractions import Fraction
from typing import TypeAlias

import av

Packet: TypeAlias = "av.Packet[av.stream.Stream]"

FINEST_HZ = 90_000
"""Clocks of pictures are made at least so fine: a picture moves by half a tick at most."""
_REORDERED = 64
"""So many packets at most come before the first whose time of decoding is known."""
_JITTER_S = Fraction(2, 1000)
"""A sound's packets may be so far off its samples' count: the rounding of a millisecond's clock."""


def finer(time_base: Fraction) -> Fraction:
    """A time base with whole ticks for one of a picture's, and as fine as `FINEST_HZ`."""
    return time_base / -(-FINEST_HZ * time_base.numerator // time_base.denominator)


class DecodingTimes:
    """Gives a picture's packets a time of decoding.

    Matroska stores when they are shown alone; FFmpeg works the other out from the second or third
    packet on. Those before it are counted back from there.
    """

    def __init__(self) -> None:
        self._waiting: list[Packet] = []

    def __call__(self, packet: Packet) -> list[Packet]:
        """The packets that are complete, once this one is known."""
        if packet.pts is None:
            packet.pts = packet.dts
        if packet.pts is not None:
            self._waiting.append(packet)
        if packet.dts is not None or len(self._waiting) == _REORDERED:
            return self.rest()
        return []

    def rest(self) -> list[Packet]:
        """Those that still wait."""
        packets, self._waiting = self._waiting, []
        if not packets:
            return packets
        last = packets[-1]
        step = max(1, last.duration or 1)
        if last.dts is None:
            times = [packet.pts or 0 for packet in packets]
            last.dts = min(times[-1], min(times) + step * (len(packets) - 1))
        for back, packet in enumerate(reversed(packets)):
            if packet.dts is None:
                packet.dts = last.dts - back * step
        return packets


class Shift:
    """Moves packets to a video's clock, and keeps their times of decoding in order.

    Args:
        zero_s: The source's time at sample 0 of the dub.
        source: The time base of its packets.
        out: The one they get; a source's tick is a whole number of its own.
        earliest: Packets that would be shown before that are shown then; None for as they are.
    """

    def __init__(
        self, zero_s: Fraction, source: Fraction, out: Fraction, earliest: int | None = None
    ) -> None:
        self._ticks = int(source / out)
        self._zero = round(zero_s / out)
        self._out, self._earliest = out, earliest
        self._last: int | None = None

    def __call__(self, packet: Packet) -> Packet:
        assert packet.pts is not None and packet.dts is not None  # noqa: S101, PT018 -- they are set
        pts = packet.pts * self._ticks - self._zero
        dts = packet.dts * self._ticks - self._zero
        if self._earliest is not None:
            pts = max(pts, self._earliest)
        if self._last is not None:
            dts = max(dts, self._last + 1)
        self._last = dts
        packet.dts, packet.pts = dts, max(pts, dts)
        packet.duration = (packet.duration or 0) * self._ticks
        packet.time_base = self._out
        return packet


class SampleClock:
    """Moves a sound's packets to a video's clock, which counts its samples.

    Where a source's clock is coarser than that, packets that follow one another without a hole are
    counted by the samples in them.

    Args:
        zero_s: The source's time at sample 0 of the dub.
        source: The time base of its packets.
        rate_hz: The sound's sample rate.
        frame_samples: Samples in a packet; 0 where that is not known or differs.
        exact: Whether its packets last whole ticks.
    """

    def __init__(
        self,
        zero_s: Fraction,
        source: Fraction,
        rate_hz: int,
        frame_samples: int = 0,
        *,
        exact: bool = False,
    ) -> None:
        self._zero_s, self._source, self._rate_hz = zero_s, source, rate_hz
        self._coarse = source * rate_hz > 1
        self._frame = frame_samples if self._coarse else 0
        self._counts = self._coarse and bool(frame_samples or exact)
        self._next: int | None = None
        self._earliest: int | None = None

    def __call__(self, packet: Packet) -> Packet:
        at = self._at(packet)
        if self._earliest is not None:
            at = max(at, self._earliest)
        samples = self._frame or round((packet.duration or 0) * self._source * self._rate_hz)
        self._next, self._earliest = at + samples, at + 1
        packet.pts = packet.dts = at
        packet.duration = samples
        packet.time_base = Fraction(1, self._rate_hz)
        return packet

    def _at(self, packet: Packet) -> int:
        stated = packet.pts if packet.pts is not None else packet.dts
        if stated is None:
            return self._next or 0
        at_s = stated * self._source
        if self._coarse:
            at_s = self._unrounded(at_s, packet)
        at = round((at_s - self._zero_s) * self._rate_hz)
        if self._counts and self._next is not None:
            apart_s = Fraction(abs(at - self._next), self._rate_hz)
            return self._next if apart_s <= _JITTER_S else at
        return at

    def _unrounded(self, at_s: Fraction, packet: Packet) -> Fraction:
        """The time of a packet whose beginning is no sound: that of its sound has whole ticks."""
        if not packet.has_sidedata("skip_samples"):
            return at_s
        skipped_s = Fraction(_skipped(packet), self._rate_hz)
        return round((at_s + skipped_s) / self._source) * self._source - skipped_s


def _skipped(packet: Packet) -> int:
    """How many samples at its beginning are no sound (AV_PKT_DATA_SKIP_SAMPLES)."""
    return int.from_bytes(bytes(packet.get_sidedata("skip_samples"))[:4], "little")
