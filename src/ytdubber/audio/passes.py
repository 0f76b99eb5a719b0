"""Passes over a programme: each renders it once and feeds limiters, meters and encoders."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.levels import Setting
from ytdubber.audio.limiter import Limiter
from ytdubber.audio.profiles import Content
from ytdubber.audio.programme import Programme

Samples = NDArray[np.float32]
Sink = Callable[[Samples], None]

# The loops, the codecs and the resampler release the interpreter's lock.
THREADS = 2


def make_limiter(programme: Programme, setting: Setting) -> Limiter:
    """A limiter at its start, for one content of the programme."""
    return Limiter(
        programme.sample_rate_hz,
        programme.channels(setting.content),
        gain_db=setting.gain_db,
        ceiling_dbtp=setting.ceiling_dbtp,
    )


class Chain:
    """A content, through a limiter if there is a setting, into sinks that each take all of it."""

    def __init__(
        self, programme: Programme, content: Content, setting: Setting | None, sinks: Sequence[Sink]
    ) -> None:
        self.content = content
        self._sinks = sinks
        self._limiter = make_limiter(programme, setting) if setting else None

    def put(self, pool: ThreadPoolExecutor, block: Samples) -> list[Future[None]]:
        """Limit the block and hand it to the sinks, which take it in the pool."""
        limited = block if self._limiter is None else self._limiter.process(block)
        return [pool.submit(sink, limited) for sink in self._sinks]

    def flush(self, pool: ThreadPoolExecutor) -> list[Future[None]]:
        """Hand the limiter's rest to the sinks."""
        if self._limiter is None:
            return []
        rest = self._limiter.flush()
        return [pool.submit(sink, rest) for sink in self._sinks]


def run_pass(
    programme: Programme,
    chains: Sequence[Chain],
    check: Callable[[], None],
    advance: Callable[[float], None],
) -> None:
    """Render the programme once; each block while the one before it is limited and encoded.

    Args:
        programme: What to render.
        chains: What to feed.
        check: Called for every block; raises to cancel.
        advance: Told the share of the pass done since it was last told.
    """
    contents = frozenset(chain.content for chain in chains)
    with ThreadPoolExecutor(THREADS) as pool:
        pending: list[Future[list[Future[None]]]] = []
        try:
            for block in programme.blocks(contents):
                check()
                _finish(pending)
                pending = [pool.submit(chain.put, pool, block[chain.content]) for chain in chains]
                advance(1.0 / programme.block_count)
            _finish(pending)
            pending = [pool.submit(chain.flush, pool) for chain in chains]
        finally:
            _finish(pending)


def _finish(pending: Sequence[Future[list[Future[None]]]]) -> None:
    """Wait for the chains' work and for their sinks'."""
    for chain in pending:
        for sink in chain.result():
            sink.result()
