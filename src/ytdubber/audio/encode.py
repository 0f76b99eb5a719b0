"""Finished files, encoded block by block."""

import array
import contextlib
import hashlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from ytdubber.audio import kernels
from ytdubber.audio.flac_frames import Frames
from ytdubber.audio.profiles import AudioFormat
from ytdubber.audio.tags import Tags
from ytdubber.files.encrypted import key_of, open_file

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Coding:
    """How a format is written.

    Attributes:
        codec: FFmpeg's encoder.
        container: FFmpeg's muxer.
        sample_format: What the encoder takes.
        bit_rates: For one channel and for two; none when lossless.
        options: The encoder's.
        container_options: The muxer's.
        rates_hz: The sample rates it can have; none when any. Sound at another is resampled to
            48 kHz.
    """

    codec: str
    container: str
    sample_format: str
    bit_rates: tuple[int, int] | None
    options: dict[str, str]
    container_options: dict[str, str]
    rates_hz: frozenset[int] | None


# FLAC and WAV hold 24 bits: against 16 that takes a seventh longer to encode and needs no dither.
_CODINGS = {
    AudioFormat.FLAC: _Coding("flac", "flac", "s32", None, {"compression_level": "5"}, {}, None),
    AudioFormat.WAV: _Coding("pcm_s24le", "wav", "s32", None, {}, {"rf64": "auto"}, None),
    AudioFormat.MP3: _Coding(
        "libmp3lame",
        "mp3",
        "fltp",
        (96_000, 192_000),
        {"compression_level": "7"},
        {"write_xing": "1"},  # the Xing tag carries the encoder's delay and padding: gapless
        frozenset((8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)),
    ),
    AudioFormat.M4A: _Coding(
        "aac",
        "mp4",
        "fltp",
        (96_000, 192_000),
        {"aac_coder": "fast"},
        {"movflags": "+faststart"},
        frozenset((8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000)),
    ),
    AudioFormat.OPUS: _Coding(
        "libopus", "ogg", "flt", (96_000, 160_000), {"vbr": "on"}, {}, frozenset((48_000,))
    ),
}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A finished file.

    Attributes:
        bytes: Its size.
        sha256: Its SHA-256 in hex.
        samples: Samples a channel put into it.
        frames: Where its frames are, for FLAC.
    """

    bytes: int
    sha256: str
    samples: int
    frames: Frames | None = None


class Encoder:
    """A file under way.

    Attributes:
        sample_rate_hz: The file's rate: the one asked for, or 48 kHz when the format has it not.
    """

    def __init__(
        self,
        path: Path,
        audio_format: AudioFormat,
        sample_rate_hz: int,
        channels: int,
        tags: Tags | None = None,
    ) -> None:
        coding = _CODINGS[audio_format]
        known = coding.rates_hz is None or sample_rate_hz in coding.rates_hz
        self.sample_rate_hz = sample_rate_hz if known else 48_000
        self._path, self._channels = path, channels
        self._sample_format = coding.sample_format
        self._layout = "mono" if channels == 1 else "stereo"
        self._is_mp3 = audio_format is AudioFormat.MP3
        self._is_flac = audio_format is AudioFormat.FLAC
        self._frame_bytes = array.array("L")
        self._put = self._encoded = 0  # samples, at the rate asked for and at the file's
        self._given_rate_hz = sample_rate_hz
        self._resampler: soxr.ResampleStream | None = None
        if not known:
            self._resampler = soxr.ResampleStream(
                sample_rate_hz, self.sample_rate_hz, channels, dtype="float32", quality="HQ"
            )
        options = {"fflags": "+bitexact", **coding.container_options}
        if audio_format is AudioFormat.M4A:
            options["movie_timescale"] = str(self.sample_rate_hz)  # the edit list, to the sample
        self._encrypted = None if key_of(path) is None else open_file(path, "w+b")
        target: Any = self._encrypted or str(path)
        self._container = av.open(target, "w", format=coding.container, options=options)
        stream = self._container.add_stream(
            coding.codec,
            rate=self.sample_rate_hz,
            options=dict(coding.options),
            layout=self._layout,
            format=coding.sample_format,
        )
        assert isinstance(stream, av.AudioStream)  # noqa: S101 -- every codec above is one
        self._stream = stream
        if coding.bit_rates:
            self._stream.bit_rate = coding.bit_rates[channels - 1]
        if tags:
            self._container.metadata.update(tags.file)
            self._stream.metadata.update(tags.stream)

    def put(self, block: Samples) -> None:
        """Encode float32[n, channels]."""
        self._put += block.shape[0]
        self._encode(block if self._resampler is None else self._resampled(block, last=False))

    def close(self) -> Encoded:
        """Finish the file."""
        if self._resampler is not None:
            due = round(self._put * self.sample_rate_hz / self._given_rate_hz)
            tail = self._resampled(np.zeros((0, self._channels), np.float32), last=True)
            rest = np.zeros((due - self._encoded, self._channels), np.float32)
            common = min(rest.shape[0], tail.shape[0])
            rest[:common] = tail[:common]
            self._encode(rest)
        for packet in self._stream.encode(None):
            # LAME may end on a frame of nothing but padding, which FFmpeg's MP3 muxer would take
            # for all the padding there is. (A file of a single frame is none, though.)
            one_frame = self._encoded <= self._stream.codec_context.frame_size
            if packet.duration or one_frame or not self._is_mp3:
                self._mux(packet)
        frame_samples = self._stream.codec_context.frame_size
        frames = Frames(frame_samples, np.array(self._frame_bytes)) if self._is_flac else None
        self._close_file()
        with open_file(self._path) as file:
            digest = hashlib.file_digest(file, "sha256")
            return Encoded(file.tell(), digest.hexdigest(), self._encoded, frames)

    def discard(self) -> None:
        """Give the file up and remove it."""
        with contextlib.suppress(av.error.FFmpegError, OSError, ValueError):
            self._close_file()
        self._path.unlink(missing_ok=True)

    def _close_file(self) -> None:
        try:
            self._container.close()
        finally:
            if self._encrypted is not None:
                self._encrypted.close()

    def _resampled(self, block: Samples, *, last: bool) -> Samples:
        assert self._resampler is not None  # noqa: S101 -- both callers have looked
        mono = self._channels == 1
        out: Samples = self._resampler.resample_chunk(block[:, 0] if mono else block, last=last)
        return out[:, np.newaxis] if mono else out

    def _encode(self, block: Samples) -> None:
        if not block.shape[0]:
            return
        frame = av.AudioFrame.from_ndarray(
            self._arranged(block), format=self._sample_format, layout=self._layout
        )
        frame.sample_rate = self.sample_rate_hz
        frame.time_base = Fraction(1, self.sample_rate_hz)
        frame.pts = self._encoded
        self._encoded += block.shape[0]
        for packet in self._stream.encode(frame):
            self._mux(packet)

    def _mux(self, packet: Any) -> None:
        if self._is_flac and packet.size:
            self._frame_bytes.append(packet.size)
        self._container.mux(packet)

    def _arranged(self, block: Samples) -> NDArray[np.float32] | NDArray[np.int32]:
        """The block as the encoder takes it."""
        if self._sample_format == "fltp":
            return np.ascontiguousarray(block.T)
        if self._sample_format == "flt":
            return np.ascontiguousarray(block).reshape(1, -1)
        return kernels.to_24_bits(block).reshape(1, -1)
