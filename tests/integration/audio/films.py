"""Media with time in it: films, sounds that begin late, holes, several tracks; made by PyAV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
from tests.unit.audio.sounds import Samples, noise

RATE_HZ = 48_000
_Packet: TypeAlias = "av.Packet[av.stream.Stream]"


def sweep(seconds: float, seed: int = 0) -> Samples:
    """A sound whose place in another is certain to the sample, float32[n]."""
    samples = round(seconds * RATE_HZ)
    at = np.arange(samples) / RATE_HZ
    gate = np.sin(2 * np.pi * 1.7 * at + seed) > -0.2
    sound: Samples = (0.3 * np.sin(2 * np.pi * (200 + 300 * at) * at) * gate).astype(np.float32)
    return sound + noise(samples, seed, 0.05)


def lag(original: Samples, decoded: Samples) -> int:
    """By how many samples `decoded` is later than `original`, both float32[n]."""
    size = 1 << (len(original) + len(decoded)).bit_length()
    spectrum = np.fft.rfft(decoded, size) * np.conj(np.fft.rfft(original, size))
    best = int(np.argmax(np.fft.irfft(spectrum, size)))
    return best if best < size // 2 else best - size


@dataclass(frozen=True)
class Sound:
    """One track: float32[n] that begins at `delay_s`, packets starting in `holes_s` left out."""

    samples: Samples
    codec: str
    delay_s: float = 0.0
    holes_s: Sequence[tuple[float, float]] = ()
    language: str | None = None
    default: bool | None = None
    rate_hz: int = RATE_HZ
    bends: dict[int, int] = field(default_factory=dict)
    """What is added to the timestamp of a packet, by its number, in samples."""


@dataclass(frozen=True)
class Picture:
    """What is seen: a frame at each time, of a grey of its own."""

    times_s: Sequence[float]
    codec: str = "mpeg4"
    options: dict[str, str] = field(default_factory=dict)
    hidden_s: float = 0.0
    """So much of its beginning lies before time 0, behind an edit list."""
    size: tuple[int, int] = (64, 48)
    """Its width and height."""


def steady(seconds: float, delay_s: float = 0.0) -> list[float]:
    """The times of 25 frames a second."""
    return [delay_s + number / 25 for number in range(round(seconds * 25))]


def media(
    path: Path,
    container: str,
    sounds: Sequence[Sound],
    picture_s: float | None = None,
    picture_delay_s: float = 0.0,
    options: dict[str, str] | None = None,
    picture: Picture | None = None,
    tags: dict[str, str] | None = None,
) -> Path:
    """Write the sounds, and a picture if there is one or it lasts."""
    if picture_s is not None:
        picture = Picture(steady(picture_s, picture_delay_s))
    with av.open(str(path), "w", format=container, options=options or {}) as file:
        file.metadata.update(tags or {})
        packets: list[_Packet] = []
        if picture is not None:
            packets += _picture(file, picture)
        for sound in sounds:
            packets += _encoded(file, sound)
        if picture is not None:
            packets.sort(key=_time_s)
        for packet in packets:
            file.mux(packet)
    return path


def _time_s(packet: _Packet) -> float:
    assert packet.dts is not None
    return float(packet.dts * packet.time_base)


def _picture(file: av.container.OutputContainer, picture: Picture) -> list[_Packet]:
    width, height = picture.size
    stream = file.add_stream(
        picture.codec, rate=25, width=width, height=height, options=dict(picture.options)
    )
    assert isinstance(stream, av.VideoStream)
    stream.pix_fmt = stream.codec_context.codec.video_formats[0].name  # type: ignore[index]
    stream.codec_context.time_base = Fraction(1, 1000)
    packets: list[_Packet] = []
    for number, time_s in enumerate(picture.times_s):
        grey = np.full((height, width, 3), number * 7 % 250, np.uint8)
        frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
        frame.pts, frame.time_base = round(time_s * 1000), Fraction(1, 1000)
        packets += stream.encode(frame)
    packets += stream.encode(None)
    for packet in packets:
        assert packet.pts is not None
        assert packet.dts is not None
        hidden = round(picture.hidden_s / packet.time_base)
        packet.pts, packet.dts = packet.pts - hidden, packet.dts - hidden
    return packets


def _encoded(file: av.container.OutputContainer, sound: Sound) -> list[_Packet]:
    stream = file.add_stream(
        sound.codec, rate=sound.rate_hz, layout="mono", options={"b": "128000"}
    )
    assert isinstance(stream, av.AudioStream)
    if sound.language:
        stream.metadata["language"] = sound.language
    if sound.default is not None:
        kind = type(stream.disposition)
        stream.disposition = kind.default if sound.default else kind(0)
    frame = av.AudioFrame.from_ndarray(sound.samples[np.newaxis], format="fltp", layout="mono")
    frame.sample_rate, frame.pts = sound.rate_hz, round(sound.delay_s * sound.rate_hz)
    frame.time_base = Fraction(1, sound.rate_hz)
    size = stream.codec_context.frame_size or 1024
    resampler = av.AudioResampler(stream.format.name, "mono", sound.rate_hz, frame_size=size)
    packets: list[_Packet] = []
    for converted in [*resampler.resample(frame), *resampler.resample(None)]:
        packets += stream.encode(converted)
    packets += stream.encode(None)
    kept = []
    for number, packet in enumerate(packets):
        assert packet.pts is not None
        assert packet.dts is not None
        start_s = float(packet.pts * packet.time_base)
        if not any(begin <= start_s < end for begin, end in sound.holes_s):
            bend = round(sound.bends.get(number, 0) / sound.rate_hz / packet.time_base)
            packet.pts, packet.dts = packet.pts + bend, packet.dts + bend
            kept.append(packet)
    return kept


def copied(source: Path, path: Path, container: str) -> Path:
    """The sound of a bare stream in a container that then says nothing of its priming."""
    with av.open(str(source)) as file, av.open(str(path), "w", format=container) as out:
        track = out.add_stream_from_template(file.streams.audio[0])
        for packet in file.demux(file.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = track
                out.mux(packet)
    return path


def clusters_moved(mkv: bytes, moved_ms: Callable[[int], int]) -> bytes:
    """A Matroska file with its clusters' timestamps changed, in milliseconds by their number."""
    parts = mkv.split(b"\x1f\x43\xb6\x75")
    for number, part in enumerate(parts[1:]):
        at = part.index(b"\xe7") + 1  # Timestamp (RFC 9559): its id, its size, itself
        size = part[at] & 0x7F
        time_ms = int.from_bytes(part[at + 1 : at + 1 + size]) + moved_ms(number)
        stamp = bytes([0x80 | 8]) + time_ms.to_bytes(8)
        # It grows into the cluster's size field, which may say "unknown".
        parts[number + 1] = b"\x01" + b"\xff" * 7 + b"\xe7" + stamp + part[at + 1 + size :]
    return b"\x1f\x43\xb6\x75".join(parts)


def damaged(data: bytes, first: int, size: int, seed: int = 3) -> bytes:
    """The data with noise in it."""
    return data[:first] + np.random.default_rng(seed).bytes(size) + data[first + size :]
