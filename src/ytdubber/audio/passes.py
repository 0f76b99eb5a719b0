"""Passes over a programme: each renders it once and feeds limiters, meters and encoders."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio.levels import GainSetting
from ytdubber.audio.limiter import Gain, Limiter
from ytdubber.audio.profiles import Content
from ytdubber.audio.programme import Programme
from ytdubber.log import ContextPool

Samples = NDArray[np.float32]
Sink = Callable[[Samples], None]

# The loops, the codecs and the resampler release the interpreter's lock.
THREADS = 2


def make_limiter(programme: Programme, setting: GainSetting, followers: int = 0) -> Limiter:
    """A limiter at its start, for one content of the programme."""
    return Limiter(
        programme.sample_rate_hz,
        programme.channels(setting.content),
        gain_db=setting.gain_db,
        ceiling_dbtp=setting.ceiling_dbtp,
        followers=followers,
    )


class Chain:
    """A content, levelled if there is a setting, into sinks that each take all of it.

    Attributes:
        contents: What it takes of every block: the content, and the voice within it where that is
            to follow, as one channel more, whatever the limiter does.
        sinks: Where it goes.
    """

    def __init__(
        self,
        programme: Programme,
        content: Content,
        setting: GainSetting | None,
        sinks: Sequence[Sink],
        *,
        limited: bool = True,
        with_voice: bool = False,
    ) -> None:
        """Build one; `limited` says whether the setting's limiter has anything to do."""
        self.contents = (content, Content.VOICE) if with_voice else (content,)
        self.sinks = sinks
        self._limiter: Limiter | Gain | None = None
        if setting is not None and limited:
            self._limiter = make_limiter(programme, setting, int(with_voice))
        elif setting is not None:
            self._limiter = Gain(setting.gain_db)

    def limit(self, block: Mapping[Content, Samples]) -> Samples:
        """What the limiter gives for the next block."""
        parts = [block[content] for content in self.contents]
        samples = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
        return samples if self._limiter is None else self._limiter.process(samples)

    def rest(self) -> Samples:
        """What the limiter still holds after the last block."""
        return np.zeros((0, 1), np.float32) if self._limiter is None else self._limiter.flush()


def run_pass(
    programme: Programme,
    chains: Sequence[Chain],
    check: Callable[[], None],
    advance: Callable[[float], None],
) -> None:
    """Render the programme once; each block is limited while the one before it is encoded.

    Sinks are served in the order of the chains, so the slowest belong first.

    Args:
        programme: What to render.
        chains: What to feed.
        check: Called for every block; raises to cancel.
        advance: Told the share of the pass done since it was last told.
    """
    contents = frozenset(content for chain in chains for content in chain.contents)
    with ContextPool(THREADS) as pool:
        taking: list[Future[None]] = []
        for block in programme.blocks(contents):
            check()
            limiting = [pool.submit(chain.limit, block) for chain in chains]
            limited = [future.result() for future in limiting]
            taking = _handed(pool, chains, limited, taking)
            advance(1.0 / programme.block_count)
        for future in _handed(pool, chains, [chain.rest() for chain in chains], taking):
            future.result()


def _handed(
    pool: ContextPool,
    chains: Sequence[Chain],
    limited: Sequence[Samples],
    before: Sequence[Future[None]],
) -> list[Future[None]]:
    """Hand the sinks what their chains gave, once they are done with what came before."""
    for future in before:
        future.result()
    return [
        pool.submit(sink, samples)
        for chain, samples in zip(chains, limited, strict=True)
        if samples.shape[0]
        for sink in chain.sinks
    ]
