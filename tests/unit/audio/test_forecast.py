from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audio.judge import Samples
from tests.unit.audio.sounds import creak, music, speech

from ytdubber.audio.forecast import Peaks
from ytdubber.audio.limiter import Limiter
from ytdubber.audio.verify import Meters

RATE = 48_000
SOUNDS: dict[str, Callable[[], Samples]] = {
    "speech": lambda: speech(8.0, RATE)[:, np.newaxis],
    "creak": lambda: creak(8.0, RATE)[:, np.newaxis],
    "music": lambda: music(8.0),
    "speech over music": lambda: music(8.0) + speech(8.0, RATE, 3)[:, np.newaxis],
}


@cache
def sound_of(name: str) -> Samples:
    """Made when it is wanted, once."""
    return SOUNDS[name]()


def forecast(sound: Samples, gain_db: float, block: int, rate_hz: int = RATE) -> float:
    meters, peaks = Meters(rate_hz, sound.shape[1]), Peaks(rate_hz)
    for start in range(0, sound.shape[0], block):
        meters.add(sound[start : start + block])
        peaks.add(sound[start : start + block])
    lufs = peaks.limited_lufs(
        meters.mean_squares(), meters.read().true_peak_dbtp, gain_db, ceiling_dbtp=-1.0
    )
    assert lufs is not None
    return lufs


def limited(sound: Samples, gain_db: float) -> float:
    limiter = Limiter(RATE, sound.shape[1], gain_db=gain_db, ceiling_dbtp=-1.0)
    meters = Meters(RATE, sound.shape[1])
    meters.add(limiter.process(sound))
    meters.add(limiter.flush())
    return meters.read().integrated_lufs


@settings(deadline=None, max_examples=40)
@given(name=st.sampled_from(sorted(SOUNDS)), gain_db=st.floats(-6.0, 16.0))
def test_little_that_is_foreseen_is_little_that_is_eaten(name: str, gain_db: float) -> None:
    sound = sound_of(name)
    meters = Meters(RATE, sound.shape[1])
    meters.add(sound)
    plain = meters.read(gain_db).integrated_lufs
    foreseen = plain - forecast(sound, gain_db, 10_000)
    eaten = plain - limited(sound, gain_db)
    assert foreseen >= -1e-9
    if foreseen <= 0.1:
        assert eaten <= 0.15


@pytest.mark.parametrize("name", SOUNDS)
def test_what_is_foreseen_is_what_happens(name: str) -> None:
    for gain_db in (3.0, 6.0, 9.0):
        assert forecast(sound_of(name), gain_db, 96_000) == pytest.approx(
            limited(sound_of(name), gain_db), abs=0.5
        )


@settings(deadline=None, max_examples=40)
@given(block=st.integers(1000, 100_000), rate_hz=st.sampled_from((8000, 11_025, 22_050, 48_000)))
def test_blocks_make_no_difference(block: int, rate_hz: int) -> None:
    sound = sound_of("speech over music")[: 3 * rate_hz]
    whole = forecast(sound, 9.0, sound.shape[0], rate_hz)
    assert forecast(sound, 9.0, block, rate_hz) == pytest.approx(whole, abs=1e-6)


def test_the_shortest_of_sounds_is_not_foreseen() -> None:
    peaks = Peaks(RATE)
    peaks.add(np.zeros((100, 1), np.float32))
    assert peaks.limited_lufs(np.zeros(0), -3.0, 6.0, -1.0) is None
