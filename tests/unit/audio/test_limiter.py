import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audio.judge import Samples, ebur128
from tests.unit.audio.sounds import music, noise, speech, tone

from ytdubber.audio.limiter import Limiter

RATE = 48_000


def limited(
    sound: Samples, gain_db: float, ceiling_dbtp: float = -1.0, blocks: tuple[int, ...] = (96_000,)
) -> Samples:
    limiter = Limiter(RATE, sound.shape[1], gain_db=gain_db, ceiling_dbtp=ceiling_dbtp)
    out, start, turn = [], 0, 0
    while start < sound.shape[0]:
        size = blocks[turn % len(blocks)]
        out.append(limiter.process(np.ascontiguousarray(sound[start : start + size])))
        start, turn = start + size, turn + 1
    whole: Samples = np.concatenate([*out, limiter.flush()])
    return whole


def between_samples() -> Samples:
    """A quarter of the rate, 45 degrees off: the waveform is 3 dB above its samples."""
    at = np.arange(RATE)
    swell = np.abs(np.sin(np.pi * at / RATE))
    sound: Samples = (swell * np.sin(np.pi / 2 * at + np.pi / 4)).astype(np.float32)
    return sound[:, np.newaxis]


def square() -> Samples:
    return np.where(tone(RATE, hz=997.0) < 0, -1, 1).astype(np.float32)[:, np.newaxis]


def bursts_at_block_edges() -> Samples:
    sound = tone(4 * 96_000, amplitude=0.05)
    for edge in range(96_000, 4 * 96_000, 96_000):
        sound[edge - 3 : edge + 3] = 1.0
        sound[edge + 4000 : edge + 4040] = noise(40, edge, 1.0)
    return sound[:, np.newaxis]


def clicks() -> Samples:
    sound = np.zeros((RATE, 2), np.float32)
    sound[::997, 0] = 1.0
    sound[500::1301, 1] = -1.0
    return sound


def starts_and_ends_loud() -> Samples:
    return tone(RATE // 2, hz=3000.0, amplitude=1.0)[7:-5, np.newaxis]


HOSTILE: dict[str, Callable[[], Samples]] = {
    "between samples": between_samples,
    "square": square,
    "bursts at block edges": bursts_at_block_edges,
    "clicks": clicks,
    "loud noise": lambda: noise(RATE, 3, 0.5)[:, np.newaxis],
    "music": lambda: music(3.0),
    "speech": lambda: speech(3.0, RATE)[:, np.newaxis],
    "loud from the first sample": starts_and_ends_loud,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("gain_db", [3.0, 12.0])
def test_nothing_passes_the_ceiling(name: str, gain_db: float) -> None:
    sound = HOSTILE[name]()
    out = limited(sound, gain_db)
    assert out.shape == sound.shape
    assert np.abs(out).max() <= 10 ** (-1 / 20)
    # FFmpeg mirrors a file's start into its interpolator: what starts loud reads too high.
    judged = np.concatenate([np.zeros((64, out.shape[1]), np.float32), out])
    assert ebur128(judged, RATE).true_peak_dbtp <= -1.0


@settings(deadline=None, max_examples=25)
@given(blocks=st.lists(st.integers(1, 5000), min_size=1, max_size=6), gain_db=st.floats(-6, 20))
def test_blocks_make_no_difference(blocks: list[int], gain_db: float) -> None:
    sound = np.concatenate([bursts_at_block_edges()[95_000:101_000], clicks()[:6000, :1]])
    blocks = [max(block, 30) for block in blocks]
    assert np.array_equal(
        limited(sound, gain_db, blocks=tuple(blocks)), limited(sound, gain_db, blocks=(12_000,))
    )


@settings(deadline=None, max_examples=25)
@given(samples=st.integers(0, 3000), block=st.integers(1, 700), gain_db=st.floats(-6, 20))
def test_what_comes_out_is_as_long_as_what_went_in(
    samples: int, block: int, gain_db: float
) -> None:
    sound = noise(samples, 1, 0.5)[:, np.newaxis]
    assert limited(sound, gain_db, blocks=(block,)).shape == sound.shape


def test_it_is_transparent_to_the_bit_where_nothing_passes() -> None:
    sound = music(2.0)
    assert np.array_equal(limited(sound, 0.0, 0.0, (7000,)), sound)
    gain = np.float32(10 ** (-3 / 20))
    assert np.array_equal(limited(sound, -3.0, 0.0, (7000,)), sound * gain)


def test_it_is_transparent_again_some_time_after_a_peak() -> None:
    sound = tone(4 * RATE, amplitude=0.1)[:, np.newaxis]
    sound[RATE] = 1.0
    out = limited(sound, 6.0)
    gain = np.float32(10 ** (6 / 20))
    assert np.array_equal(out[: RATE - 300], sound[: RATE - 300] * gain)
    assert np.array_equal(out[3 * RATE :], sound[3 * RATE :] * gain)
    assert not np.array_equal(out[RATE : RATE + 100], sound[RATE : RATE + 100] * gain)


def test_both_channels_are_turned_down_alike() -> None:
    sound = np.stack([tone(RATE, amplitude=1.0), tone(RATE, amplitude=0.1)], axis=1)
    out = limited(sound, 6.0)
    assert np.allclose(out[:, 0], 10 * out[:, 1], atol=1e-5)


def test_a_steady_tone_is_held_just_under_the_ceiling() -> None:
    out = limited(tone(2 * RATE, amplitude=1.0)[:, np.newaxis], 6.0)
    assert 20 * math.log10(np.abs(out[RATE:]).max()) == pytest.approx(-1.1, abs=0.05)
