"""A look-ahead true-peak limiter behind a constant gain."""

import math

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio import kernels
from ytdubber.audio.loudness import interpolator

AHEAD_MS = 4.0
RELEASE_MS = 60.0
MARGIN_DB = 0.1
"""How far under its ceiling the limiter keeps what it interpolates: a gain that changes bends the
waveform between samples a little above that."""


class Gain:
    """A limiter that has nothing to limit: a constant gain."""

    def __init__(self, gain_db: float) -> None:
        self._gain = np.float32(10.0 ** (gain_db / 20.0))

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take float32[n, channels]; give as many."""
        out: NDArray[np.float32] = block * self._gain
        return out

    def flush(self) -> NDArray[np.float32]:
        """There is no rest."""
        return np.zeros((0, 1), np.float32)


class Limiter:
    """Gain, then whatever reduction keeps the true peak under the ceiling.

    What comes out is as long as what went in, and the same whatever the blocks it came in; where
    nothing passes the ceiling it is the input times the gain, to the bit.
    """

    def __init__(
        self,
        sample_rate_hz: int,
        channels: int,
        *,
        gain_db: float,
        ceiling_dbtp: float,
        followers: int = 0,
    ) -> None:
        """Begin.

        Args:
            sample_rate_hz: The rate of what is limited.
            channels: Its channel count.
            gain_db: The gain.
            ceiling_dbtp: What the true peak is kept under.
            followers: More channels, after the others, that get what those get at every moment,
                whatever their own peaks.
        """
        self._channels = channels
        self._gain = 10.0 ** (gain_db / 20.0)
        self._ceiling = 10.0 ** ((ceiling_dbtp - MARGIN_DB) / 20.0)
        self._phases, self._growth = interpolator()
        taps = self._phases.shape[1]
        self._ahead = max(1, round(sample_rate_hz * AHEAD_MS / 1000.0))
        self._release = 1.0 - math.exp(-1000.0 / (RELEASE_MS * sample_rate_hz))
        self._delay = self._ahead + taps // 2
        self._late = self._delay  # samples of the delay still to be dropped from the front
        self._input = np.zeros((self._delay + taps // 2 - 1, channels + followers), np.float32)
        # What the last samples required, one that has gone and those that are still to go.
        self._required = np.ones(1 + self._ahead, np.float32)
        self._state = np.array([1.0, self._ahead + 1, 0.0])
        self._box = np.full(self._ahead, 1 << 40, np.int64)

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take float32[n, channels + followers]; give what is ready, up to as many samples."""
        samples = block.shape[0]
        taps = self._phases.shape[1]
        joined = np.concatenate([self._input, block])
        required = np.empty(1 + self._ahead + samples, np.float32)
        required[: 1 + self._ahead] = self._required
        kernels.required_gains(
            np.ascontiguousarray(
                joined[joined.shape[0] - samples - taps + 1 :, : self._channels].T
            ),
            self._phases,
            self._growth,
            self._gain,
            self._ceiling,
            required[1 + self._ahead :],
        )
        gains = kernels.applied_gains(required, self._ahead, self._release, self._state, self._box)
        first = joined.shape[0] - samples - self._delay
        out = kernels.amplify(joined[first : first + samples], self._gain, gains)
        self._input = joined[samples:]
        self._required = required[samples:]
        early = min(self._late, samples)
        self._late -= early
        return out[early:]

    def flush(self) -> NDArray[np.float32]:
        """The rest; the limiter is done then."""
        channels = self._input.shape[1]
        return self.process(np.zeros((self._delay, channels), np.float32))
