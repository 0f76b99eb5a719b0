"""Probes a codec: what it does to a programme, measured on excerpts before all of it is coded."""

import heapq
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.encode import Encoder
from ytdubber.audio.limiter import Limiter
from ytdubber.audio.loudness import LoudnessMeter, TruePeakMeter
from ytdubber.audio.profiles import AudioFormat
from ytdubber.audio.verify import decoded_blocks

Samples = NDArray[np.float32]

# Pieces with the highest peaks show the overshoot; others, from all over, show the loss.
_HIGHEST, _SPREAD = 16, 6
_PARTS = 8  # pieces that a block of two seconds is cut into
_FADE_SAMPLES = 240


@dataclass(frozen=True, slots=True)
class CodecEffect:
    """How what a codec gives back differs from what it was given.

    LAME scales by 0.95 to 1 depending on the bit rate, every codec drops something, and coding
    noise adds to the peaks.

    Attributes:
        loss_lu: How much quieter it is.
        overshoot_db: How much higher its true peak is.
    """

    loss_lu: float = 0.0
    overshoot_db: float = 0.0


class Excerpts:
    """Keeps pieces of the blocks that pass by: the highest peaks, and others from all over."""

    def __init__(self, block_count: int) -> None:
        self._stride = max(1, block_count // _SPREAD)
        self._spread: list[Samples] = []
        self._highest: list[tuple[float, int, Samples]] = []
        self._seen = 0

    def add(self, block: Samples) -> None:
        """Consider float32[n, channels]."""
        pieces = np.array_split(block, _PARTS)
        if self._seen % self._stride == self._stride // 2 and len(self._spread) < _SPREAD:
            self._spread.append(_faded(pieces[0]))
        self._seen += 1
        height, piece = max(((_height(each), each) for each in pieces), key=lambda found: found[0])
        if len(self._highest) < _HIGHEST:
            heapq.heappush(self._highest, (height, self._seen, _faded(piece)))
        elif height > self._highest[0][0]:
            heapq.heapreplace(self._highest, (height, self._seen, _faded(piece)))

    def spread(self) -> list[Samples]:
        """The pieces from all over."""
        return self._spread

    def highest(self) -> list[Samples]:
        """The pieces with the highest peaks."""
        return [piece for _, _, piece in self._highest]


def _height(piece: Samples) -> float:
    """How high its peaks are: the fourth power counts them, not the bed under them."""
    squares = piece * piece
    return float(np.vdot(squares, squares))


def _faded(piece: Samples) -> Samples:
    """The piece with its ends faded, so that it can follow any other."""
    faded = piece.copy()
    if piece.shape[0] >= 2 * _FADE_SAMPLES:
        ramp = np.linspace(0.0, 1.0, _FADE_SAMPLES, dtype=np.float32)[:, np.newaxis]
        faded[:_FADE_SAMPLES] *= ramp
        faded[-_FADE_SAMPLES:] *= ramp[::-1]
    return faded


def probe(
    excerpts: Excerpts,
    limiter: Limiter,
    audio_format: AudioFormat,
    sample_rate_hz: int,
    folder: Path,
) -> CodecEffect:
    """Limit, code and decode the excerpts; nothing of it stays in `folder`."""
    parts = [*excerpts.spread(), *excerpts.highest()]
    spread_s = sum(part.shape[0] for part in excerpts.spread()) / sample_rate_hz
    channels = parts[0].shape[1]
    before = _ExcerptMeter(sample_rate_hz, channels, spread_s)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        path = Path(scratch, f"probe.{audio_format}")
        encoder = Encoder(path, audio_format, sample_rate_hz, channels)
        for limited in [*map(limiter.process, parts), limiter.flush()]:
            encoder.put(limited)
            before.add(limited)
        encoder.close()
        after = _ExcerptMeter(encoder.sample_rate_hz, channels, spread_s)
        for coded in decoded_blocks(path):
            after.add(coded)
    if not math.isfinite(before.true_peak_dbtp) or not math.isfinite(after.true_peak_dbtp):
        return CodecEffect()
    return CodecEffect(
        loss_lu=before.integrated_lufs - after.integrated_lufs,
        overshoot_db=after.true_peak_dbtp - before.true_peak_dbtp,
    )


class _ExcerptMeter:
    """The loudness of the first seconds, and the peak of all."""

    def __init__(self, sample_rate_hz: int, channels: int, seconds: float) -> None:
        self._loudness = LoudnessMeter(sample_rate_hz, channels)
        self._peak = TruePeakMeter(channels)
        self._left = round(seconds * sample_rate_hz)

    def add(self, block: Samples) -> None:
        """Meter float32[n, channels]."""
        self._loudness.add(block[: self._left])
        self._left -= min(self._left, block.shape[0])
        self._peak.add(block)

    @property
    def integrated_lufs(self) -> float:
        return self._loudness.integrated_lufs()

    @property
    def true_peak_dbtp(self) -> float:
        return self._peak.true_peak_dbtp()
