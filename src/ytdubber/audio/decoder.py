"""The decoding child: a program of its own that reads one media file and writes WAV files.

It is forked where everything is loaded already (`decoder_server`) or, where that cannot be,
started as `python -I -m ytdubber.audio.decoder`. It gets its orders as one JSON object on standard
input and the media as an open file descriptor (by its path on Windows, where it opens it itself):
the file's name never reaches FFmpeg. Its reports are JSON objects, one a line, on standard output.
"""

import contextlib
import functools
import importlib
import io
import json
import os
import pkgutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
import soxr

from ytdubber.audio.decoder_confinement import confine
from ytdubber.audio.decoder_limits import NEEDS_MEMORY, restrain, step_back
from ytdubber.audio.downmix import Samples, ToMono, bounded
from ytdubber.audio.placing import Block, Placing
from ytdubber.audio.source import CODECS, FORMATS, Refused, Source, check_shape
from ytdubber.audio.wav import WavFile
from ytdubber.files.encrypted import encrypted, open_file

# An AAC decoder ends on whole frames; an edit list or iTunSMPB tag says how much of them is sound.
MAX_PADDING_SAMPLES = 8192
REPORT_EVERY_S = 0.1
TOLD_SHARE = 0.1
"""From so much of its power on, a sound that is out of phase is worth a word."""
# PyAV before 19 refuses files with tags that are no UTF-8 unless told not to.
ANY_TAGS: dict[str, Any] = (
    {"metadata_errors": "ignore"} if int(av.__version__.partition(".")[0]) < 19 else {}
)


class Output:
    """One WAV file, at its own rate and channel count whatever the source changes to."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.wav = WavFile(order["path"], order["subtype"])
        self.wav.rate_hz = order["sample_rate_hz"] or 0
        self.wav.channels = order["channels"] or 0
        self._resampler: soxr.ResampleStream | None = None
        self.to_mono = ToMono()

    def begin(self, rate_hz: int, channels: int) -> None:
        """Expect blocks of a source with `channels` at `rate_hz`, mixed down to two of them."""
        self.wav.rate_hz = self.wav.rate_hz or rate_hz
        self.wav.channels = self.wav.channels or min(2, channels)
        # A centre at -3 dB on either side has its own level again; two equal sides have theirs.
        self.to_mono.level = 2**0.5 if channels > 2 else 1.0
        self._resampler = None
        if rate_hz != self.wav.rate_hz:
            self._resampler = soxr.ResampleStream(
                rate_hz, self.wav.rate_hz, self.wav.channels, dtype="float32", quality="HQ"
            )

    def put(self, block: Samples) -> None:
        """Take float32[n, 1 or 2]."""
        if block.shape[1] > self.wav.channels:
            block = self.to_mono(block)
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


class Decode:
    """One full decode: counts what comes, and hands it to the outputs in blocks of a second.

    A stream may change its rate or channels on the way (chained Ogg, a damaged MP3): each stretch
    of one shape is a segment, and the outputs keep the first segment's shape.
    """

    def __init__(self, source: Source, outputs: Sequence[Output], max_duration_s: float) -> None:
        self._source, self._outputs, self._max_duration_s = source, outputs, max_duration_s
        self.placing = Placing(source, max_duration_s)
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
        for block in self.placing.blocks():
            self._take(block)
        if not self._taken and not self._before:
            raise Refused(self._source.nothing())
        self._trim()
        for block in self.placing.after():
            self._take(block)
        self._end_segment()

    def _take(self, block: Block) -> None:
        shape = (block.rate_hz, block.channels)
        if shape != self._shape:
            self._begin_segment(*shape)
        self._blocks.append(block.samples)
        samples = block.samples.shape[0]
        self._waiting += samples
        self._taken += samples
        if self._waiting >= shape[0] + MAX_PADDING_SAMPLES:
            self._flush(keep=MAX_PADDING_SAMPLES)

    def _begin_segment(self, rate_hz: int, channels: int) -> None:
        check_shape(rate_hz, channels)
        if self._taken:
            self._end_segment()
        self._shape = (rate_hz, channels)
        if not self.rate_hz:
            self.rate_hz, self.channels = rate_hz, channels
        for output in self._outputs:
            output.begin(rate_hz, channels)

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

    def notes(self) -> list[str]:
        """What a person should know of the sound, each as the rest of a sentence on the file."""
        notes = self.placing.notes()
        if any(output.to_mono.turned_share > TOLD_SHARE for output in self._outputs):
            notes.append(
                "its left and right channels are out of phase: one was turned over, so that they"
                " do not cancel where they are listened to as one"
            )
        return notes

    def _trim(self) -> None:
        """Drop the encoder's padding from the end, where the container states the length."""
        stated, placing = self._source.stated_end(), self.placing
        if stated is None or self._before:
            return
        lead = round(placing.lead_s * self._shape[0])
        extra = self._taken + placing.primed - lead - round(stated * self._shape[0])
        if 0 < extra <= min(MAX_PADDING_SAMPLES, self._waiting) and extra < self._taken:
            self._blocks = [np.concatenate(self._blocks)[:-extra]]
            self._waiting -= extra
            self._taken -= extra
            placing.end_s -= extra / self._shape[0]


def report(**facts: object) -> None:
    """Tell the parent."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


@functools.cache
def load_all() -> None:
    """Load every part of PyAV, some of which it loads on demand: no file can be opened later."""
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


@dataclass(frozen=True, slots=True)
class Media:
    """The file to decode: a path that leads to a descriptor, or a file that Python reads."""

    file: str | io.BufferedIOBase
    size_bytes: int


def opened(order: dict[str, Any]) -> Media:
    """The media that was handed down, or that is opened here, where files cannot be."""
    if order["media_fd"] is not None:
        media_fd = int(order["media_fd"])
        return Media(f"/dev/fd/{media_fd}", os.fstat(media_fd).st_size)
    file = open_file(Path(order["media_path"]))
    size_bytes = file.seek(0, os.SEEK_END)
    file.seek(0)
    return Media(file, size_bytes)


def work(order: dict[str, Any]) -> dict[str, object]:
    """Carry out one order.

    Raises:
        Refused: the media is none we take.
    """
    step_back(order["niceness"])
    with contextlib.ExitStack() as folders:
        for folder, key in order["folder_keys"].items():
            folders.enter_context(encrypted(Path(folder), bytes.fromhex(key)))
        try:
            outputs = [Output(each) for each in order["outputs"]]
        except OSError as error:
            raise Refused("not_writable", error.strerror or str(error)) from error
        media = opened(order)
    load_all()
    restrain(order["max_memory_bytes"], order["max_cpu_s"])
    confine(order["media_fd"])
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": FORMATS,
        "codec_whitelist": ",".join(CODECS),
    }
    try:
        container = av.open(media.file, options=options, **ANY_TAGS)
    except av.error.MemoryError:
        raise
    except (av.error.FFmpegError, ValueError) as error:
        raise Refused("not_audio", str(error)) from error
    with container:
        source = Source(container, media.size_bytes, order["track"], order["languages"])
        decode = Decode(source, outputs, order["max_duration_s"])
        decode.run()
        notes = decode.notes()
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
        "sound_samples": round(decode.placing.end_of_sound_s * decode.rate_hz),
        "track": source.number,
        "zero_s": decode.placing.zero_s,
        "notes": notes,
        "files": files,
        "film": source.film,
    }


def main() -> None:
    """Read the order, have its program carry it out, tell how it went."""
    av.logging.set_level(None)
    order = json.load(sys.stdin)
    try:
        report(done=importlib.import_module(order["program"]).work(order))
    except Refused as refused:
        report(refused=refused.kind, reason=refused.reason)
    except MemoryError:
        report(refused="unsupported", reason=NEEDS_MEMORY)


if __name__ == "__main__":
    main()
