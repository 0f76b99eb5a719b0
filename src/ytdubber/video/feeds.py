"""Sounds and captions that go beside a picture, packet by packet on the video's clock."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

import av

from ytdubber.video.clocks import Packet, SampleClock

Mux = Callable[[Packet], None]


def time_of(packet: Packet) -> Fraction:
    """When it is decoded, in seconds."""
    return (packet.dts or 0) * packet.time_base


class Feeds:
    """Streams of packets, each in order, merged with another by their times.

    Args:
        mux: Takes the packets.
    """

    def __init__(self, mux: Mux) -> None:
        self._mux = mux
        self._waiting: list[tuple[Fraction, int, Packet, Iterator[Packet]]] = []

    def add(self, stream: av.stream.Stream, packets: Iterable[Packet]) -> None:
        """Take in the packets of one stream more."""
        self._wait(stream.index, self._of(stream, iter(packets)))

    @staticmethod
    def _of(stream: av.stream.Stream, packets: Iterator[Packet]) -> Iterator[Packet]:
        for packet in packets:
            packet.stream = stream
            yield packet

    def _wait(self, number: int, packets: Iterator[Packet]) -> None:
        packet = next(packets, None)
        if packet is not None:
            heapq.heappush(self._waiting, (time_of(packet), number, packet, packets))

    def until(self, time: Fraction | None) -> None:
        """Hand over all packets up to this time; all that are left where there is none."""
        while self._waiting and (time is None or self._waiting[0][0] <= time):
            _, number, packet, packets = heapq.heappop(self._waiting)
            self._mux(packet)
            self._wait(number, packets)


def copied(sound: av.AudioStream) -> Iterator[Packet]:
    """A sound file's packets as they are."""
    assert sound.time_base is not None  # noqa: S101 -- every sound that was opened has one
    clock = SampleClock(Fraction(0), sound.time_base, sound.rate)
    for packet in sound.container.demux(sound):  # type: ignore[attr-defined]  # an input's
        if packet.size:
            yield clock(packet)


def encoded(sound: av.AudioStream, stream: av.AudioStream) -> Iterator[Packet]:
    """A sound file's packets in a stream's own coding, from sample 0 on."""
    samples = 0
    for frame in sound.container.decode(sound):  # type: ignore[attr-defined]  # an input's
        frame.pts, frame.time_base = samples, Fraction(1, frame.sample_rate)
        samples += frame.samples
        yield from stream.encode(frame)
    yield from stream.encode(None)
