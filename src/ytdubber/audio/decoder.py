"""The decoding child: a program of its own that reads one media file and writes WAV files.

It is started as `python -I -m ytdubber.audio.decoder`, gets its orders as one JSON object on
standard input and the media as an open file descriptor, so that the file's name never reaches
FFmpeg. Its reports are JSON objects, one a line, on standard output.
"""

import contextlib
import importlib
import json
import os
import pkgutil
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
import soxr
from numpy.typing import NDArray

from ytdubber.audio.sealed import sealed
from ytdubber.audio.wav import WavFile

Samples = NDArray[np.float32]

# Containers that name no other file: playlists, concat scripts and session descriptions are out.
FORMATS = "mp3,wav,flac,ogg,mov,matroska,aac"
CODECS = (
    "aac ac3 adpcm_ima_wav adpcm_ms alac eac3 flac mp2 mp2float mp3 mp3float opus vorbis pcm_alaw "
    "pcm_f32be pcm_f32le pcm_f64be pcm_f64le pcm_mulaw pcm_s16be pcm_s16le pcm_s24be pcm_s24le "
    "pcm_s32be pcm_s32le pcm_u8"
).split()
MIN_RATE_HZ, MAX_RATE_HZ, MAX_CHANNELS = 8_000, 192_000, 8
# An AAC decoder ends on whole frames; an edit list or iTunSMPB tag says how much of them is sound.
MAX_PADDING_SAMPLES = 8192
# A float recording may pass full scale; nothing real passes it by more than 36 dB.
MAX_AMPLITUDE = 64.0
REPORT_EVERY_S = 0.1
# PyAV before 19 refuses files with tags that are no UTF-8 unless told not to.
ANY_TAGS: dict[str, Any] = (
    {"metadata_errors": "ignore"} if int(av.__version__.partition(".")[0]) < 19 else {}
)
# BS.775-4 downmix to stereo, by FFmpeg's channel names; LFE is left out.
DOWNMIX = {
    "FL": (1.0, 0.0), "FR": (0.0, 1.0), "FC": (0.7071, 0.7071), "LFE": (0.0, 0.0),
    "BL": (0.7071, 0.0), "BR": (0.0, 0.7071), "SL": (0.7071, 0.0), "SR": (0.0, 0.7071),
    "BC": (0.5, 0.5), "FLC": (1.0, 0.0), "FRC": (0.0, 1.0),
}  # fmt: skip


class Refused(Exception):
    """The media is none we take; `kind` says which error the parent raises."""

    def __init__(self, kind: str, reason: str = "") -> None:
        super().__init__(kind, reason)
        self.kind = kind
        self.reason = reason


class Output:
    """One WAV file, at its own rate and channel count whatever the source changes to."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.wav = WavFile(order["path"], order["subtype"])
        self.wav.rate_hz = order["sample_rate_hz"] or 0
        self.wav.channels = order["channels"] or 0
        self._resampler: soxr.ResampleStream | None = None

    def begin(self, rate_hz: int, channels: int) -> None:
        """Expect blocks of `channels` (1 or 2) at `rate_hz`."""
        self.wav.rate_hz = self.wav.rate_hz or rate_hz
        self.wav.channels = self.wav.channels or channels
        self._resampler = None
        if rate_hz != self.wav.rate_hz:
            self._resampler = soxr.ResampleStream(
                rate_hz, self.wav.rate_hz, self.wav.channels, dtype="float32", quality="HQ"
            )

    def put(self, block: Samples) -> None:
        """Take float32[n, 1 or 2]."""
        if block.shape[1] > self.wav.channels:
            block = block.mean(axis=1, keepdims=True, dtype=np.float32)
        elif block.shape[1] < self.wav.channels:
            block = np.repeat(block, 2, axis=1)
        self.wav.write(self._resampled(block, last=False))

    def end(self, samples_in: int, rate_hz: int) -> None:
        """Make the file exactly as long as all of the source so far, `samples_in` at `rate_hz`."""
        samples = round(Fraction(samples_in * self.wav.rate_hz, rate_hz))
        if self._resampler is not None:
            empty = np.zeros((0, self.wav.channels), np.float32)
            tail = self._resampled(empty, last=True)
            self.wav.write(tail[: max(0, samples - self.wav.samples)])
        missing = samples - self.wav.samples
        if missing > 0:
            self.wav.write(np.zeros((missing, self.wav.channels), np.float32))

    def _resampled(self, block: Samples, *, last: bool) -> Samples:
        if self._resampler is None:
            return block
        mono = self.wav.channels == 1
        out: Samples = self._resampler.resample_chunk(block[:, 0] if mono else block, last=last)
        return out[:, np.newaxis] if mono else out


def to_float(frame: av.AudioFrame) -> Samples:
    """A frame of any sample format as float32[samples, channels], full scale at 1, unbounded."""
    array = frame.to_ndarray()
    channels = frame.layout.nb_channels
    data = array.T if frame.format.is_planar else array.reshape(-1, channels)
    if data.dtype.kind == "f":
        return data.astype(np.float32, copy=False)
    if data.dtype == np.uint8:
        return (data.astype(np.float32) - 128.0) / 128.0
    scale = 1.0 / (1 << (8 * data.dtype.itemsize - 1))
    return data.astype(np.float32) * np.float32(scale)


def bounded(block: Samples) -> Samples:
    """The block with nothing in it but numbers that can be meant."""
    if np.abs(block).max(initial=0.0) <= MAX_AMPLITUDE:  # false if there is a NaN
        return block
    finite = np.nan_to_num(block, nan=0.0, posinf=MAX_AMPLITUDE, neginf=-MAX_AMPLITUDE)
    return np.clip(finite, -MAX_AMPLITUDE, MAX_AMPLITUDE)


def to_stereo(block: Samples, names: Sequence[str]) -> Samples:
    """float32[n, more than 2] to float32[n, 2], scaled so that nothing real can clip."""
    unknown = (0.7071, 0.7071)
    matrix = np.array([DOWNMIX.get(name, unknown) for name in names], np.float32)
    stereo: Samples = block @ (matrix / max(1.0, float(matrix.sum(axis=0).max())))
    return stereo


def _codec_name(stream: av.AudioStream) -> str:
    """The decoder's name; none for a stream that no decoder here knows."""
    context: av.AudioCodecContext | None = stream.codec_context
    return "" if context is None else context.name


class Source:
    """The first sound in a container, frame by frame."""

    def __init__(self, container: av.container.InputContainer, file_bytes: int) -> None:
        if not container.streams.audio:
            raise Refused("no_sound")
        self._container, self._file_bytes = container, max(1, file_bytes)
        self._stream = self._first_known(container.streams.audio)
        self.container_name = container.format.name
        self.codec_name = self._stream.codec_context.name
        self.rate_hz, self.channels = self._stream.rate, self._stream.channels
        if self.rate_hz or self.channels:
            check_shape(self.rate_hz, self.channels)
        self.progress = 0.0

    @staticmethod
    def _first_known(streams: Sequence[av.AudioStream]) -> av.AudioStream:
        names = [_codec_name(stream) for stream in streams]
        for stream, name in zip(streams, names, strict=True):
            if name in CODECS:
                return stream
        coding = names[0] or "something unknown"
        raise Refused("unsupported", f"its sound is coded as {coding}, which we do not read")

    def frames(self) -> Iterator[av.AudioFrame]:
        """Every frame that decodes; packets that do not are passed over."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except av.error.MemoryError:
                raise
            except av.error.FFmpegError:
                return  # cut off in the middle: what came before is what it holds
            if packet is None:
                return
            if packet.pos is not None:
                self.progress = max(self.progress, min(1.0, packet.pos / self._file_bytes))
            try:
                frames = packet.decode()
            except av.error.MemoryError:
                raise
            except av.error.FFmpegError:
                continue
            yield from frames

    def nothing(self) -> str:
        """Why no frame came: these two are told by a bit pattern that any file may hold."""
        return "not_audio" if self.container_name in ("mp3", "aac") else "no_samples"

    def stated_duration(self) -> Fraction | None:
        """Seconds of sound by the MP4 edit list or iTunes' gapless tag, if there is one."""
        if "mp4" not in self.container_name:
            return None
        tag = self._container.metadata.get("iTunSMPB", "").split()
        with contextlib.suppress(IndexError, ValueError):
            return Fraction(int(tag[3], 16), self.rate_hz)
        if not self._stream.duration or self._stream.time_base is None:
            return None
        return Fraction(self._stream.duration * self._stream.time_base)


def is_known_shape(rate_hz: int, channels: int) -> bool:
    """Whether rate and channel count are within bounds."""
    return MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ and 1 <= channels <= MAX_CHANNELS


def check_shape(rate_hz: int, channels: int) -> None:
    """Refuse a rate or channel count out of bounds."""
    if is_known_shape(rate_hz, channels):
        return
    if 1 <= channels <= MAX_CHANNELS:
        raise Refused("unsupported", f"its sample rate of {rate_hz} Hz is out of range")
    count = f"{channels} channels" if channels > 0 else "a channel count that cannot be"
    raise Refused("unsupported", f"it has {count}")


class Decode:
    """One full decode: counts what comes, and hands it to the outputs in blocks of a second.

    A stream may change its rate or channels on the way (chained Ogg, a damaged MP3): each stretch
    of one shape is a segment, and the outputs keep the first segment's shape.
    """

    def __init__(self, source: Source, outputs: Sequence[Output], max_duration_s: float) -> None:
        self._source, self._outputs, self._max_duration_s = source, outputs, max_duration_s
        self._blocks: list[Samples] = []  # not yet with the outputs
        self._waiting = 0  # their samples
        self._before = Fraction(0)  # seconds in the segments that ended
        self._taken = 0  # samples in the running segment
        self._shape = (0, 0)  # its rate and channels
        self._reported_s = 0.0
        self.rate_hz = self.channels = 0

    @property
    def duration(self) -> Fraction:
        """Seconds of sound so far."""
        return self._before + (Fraction(self._taken, self._shape[0]) if self._taken else 0)

    @property
    def samples(self) -> int:
        """Samples so far, at the first segment's rate."""
        return round(self.duration * self.rate_hz)

    def run(self) -> None:
        """Decode all of it."""
        for frame in self._source.frames():
            shape = (frame.sample_rate, frame.layout.nb_channels)
            if not frame.samples or (self.rate_hz and not is_known_shape(*shape)):
                continue  # a damaged frame of a sound that has begun
            if shape != self._shape:
                self._begin_segment(*shape)
            block = to_float(frame)
            if block.shape[1] > 2:
                block = to_stereo(block, [channel.name for channel in frame.layout.channels])
            self._blocks.append(block)
            self._waiting += block.shape[0]
            self._taken += block.shape[0]
            if self._waiting >= shape[0] + MAX_PADDING_SAMPLES:
                self._flush(keep=MAX_PADDING_SAMPLES)
        if not self._taken and not self._before:
            raise Refused(self._source.nothing())
        self._trim()
        self._end_segment()

    def _begin_segment(self, rate_hz: int, channels: int) -> None:
        check_shape(rate_hz, channels)
        if self._taken:
            self._end_segment()
        self._shape = (rate_hz, channels)
        if not self.rate_hz:
            self.rate_hz, self.channels = rate_hz, channels
        for output in self._outputs:
            output.begin(rate_hz, min(2, channels))

    def _end_segment(self) -> None:
        self._flush(keep=0)
        self._before, self._taken = self.duration, 0
        for output in self._outputs:
            output.end(self.samples, self.rate_hz)

    def _flush(self, keep: int) -> None:
        if self.duration > self._max_duration_s:
            raise Refused("too_long")
        due = self._waiting - keep
        if due > 0:
            block = bounded(np.concatenate(self._blocks))
            for output in self._outputs:
                output.put(block[:due])
            self._blocks, self._waiting = ([block[due:]] if keep else []), keep
        now_s = time.monotonic()
        if now_s - self._reported_s >= REPORT_EVERY_S:
            self._reported_s = now_s
            report(progress=round(self._source.progress, 4))

    def _trim(self) -> None:
        """Drop the encoder's padding from the end, where the container states the length."""
        stated = self._source.stated_duration()
        if stated is None or self._before:
            return
        extra = self._taken - round(stated * self._shape[0])
        if 0 < extra <= min(MAX_PADDING_SAMPLES, self._waiting) and extra < self._taken:
            self._blocks = [np.concatenate(self._blocks)[:-extra]]
            self._waiting -= extra
            self._taken -= extra


def report(**facts: object) -> None:
    """Tell the parent."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def restrain(max_memory_bytes: int, max_cpu_s: int) -> None:
    """Give up what decoding does not need: memory, time, and all but one more open file."""
    for module in pkgutil.walk_packages(av.__path__, "av."):  # PyAV imports some on demand
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    with contextlib.suppress(OSError, ValueError):  # macOS knows no address space of a process
        with open("/proc/self/statm", encoding="ascii") as statm:
            own_bytes = int(statm.read().split()[0]) * resource.getpagesize()
        total = own_bytes + max_memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (total, total))
    # Over the first of the two it ends by SIGXCPU, so that SIGKILL is somebody else's doing.
    resource.setrlimit(resource.RLIMIT_CPU, (max_cpu_s, max_cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    next_free = os.dup(0)
    os.close(next_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_free + 1, next_free + 1))


def work(order: dict[str, Any]) -> dict[str, object]:
    """Carry out one order.

    Raises:
        Refused: the media is none we take.
    """
    with contextlib.ExitStack() as seals:
        for folder, key in order["seals"].items():
            seals.enter_context(sealed(Path(folder), bytes.fromhex(key)))
        try:
            outputs = [Output(each) for each in order["outputs"]]
        except OSError as error:
            raise Refused("not_writable", error.strerror or str(error)) from error
    media = int(order["media_fd"])
    size = os.fstat(media).st_size
    restrain(order["max_memory_bytes"], order["max_cpu_s"])
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": FORMATS,
        "codec_whitelist": ",".join(CODECS),
    }
    try:
        container = av.open(f"/dev/fd/{media}", options=options, **ANY_TAGS)
    except av.error.MemoryError:
        raise
    except (av.error.FFmpegError, ValueError) as error:
        raise Refused("not_audio", str(error)) from error
    with container:
        source = Source(container, size)
        decode = Decode(source, outputs, order["max_duration_s"])
        decode.run()
    try:
        for output in outputs:
            output.wav.close()
    except OSError as error:
        raise Refused("not_writable", error.strerror or str(error)) from error
    files = [(o.wav.rate_hz, o.wav.channels, o.wav.samples) for o in outputs]
    return {
        "container": source.container_name,
        "codec": source.codec_name,
        "sample_rate_hz": decode.rate_hz,
        "channels": decode.channels,
        "samples": decode.samples,
        "files": files,
    }


def main() -> None:
    """Read the order, carry it out, tell how it went."""
    av.logging.set_level(None)
    try:
        report(decoded=work(json.load(sys.stdin)))
    except Refused as refused:
        report(refused=refused.kind, reason=refused.reason)
    except MemoryError:
        report(refused="unsupported", reason="decoding it needs more memory than is allowed")


if __name__ == "__main__":
    main()
