"""`python -m ytdubber.audio.compile_ahead`: compile every loop, so that no dub waits for it."""

import numpy as np

from ytdubber.audio import kernels
from ytdubber.audio.limiter import Limiter
from ytdubber.audio.loudness import LoudnessMeter, TruePeakMeter
from ytdubber.audio.offset import OffsetRemover
from ytdubber.audio.stretch import stretch


def compile_all() -> None:
    """Compile every loop for the types in use, into the cache on disk."""
    stretch(np.zeros(4800, np.float32), 4000, 24_000)
    block = np.full((4800, 2), 0.5, np.float32)
    for channels in (1, 2):
        LoudnessMeter(48_000, channels).add(block[:, :channels])
    TruePeakMeter(2).add(block)
    kernels.to_24_bits(block)
    OffsetRemover(48_000, 2).remove(block.copy())
    limiter = Limiter(48_000, 2, gain_db=12.0, ceiling_dbtp=-1.0)
    limiter.process(block)
    limiter.flush()


if __name__ == "__main__":
    compile_all()
