"""The watermark is in the voice, alike however it is rendered, and stays under it."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.unit.audio.sounds import speech

from ytdubber.audio.watermark import REACH_MS, WatermarkedTrack, pattern

RATE = 48_000
Samples = NDArray[np.float32]


class Sound:
    """A track of some samples."""

    def __init__(self, samples: Samples, at: int = 0) -> None:
        self._samples, self._at = samples, at

    def render(self, samples: int) -> Samples:
        block = self._samples[self._at : self._at + samples]
        self._at += len(block)
        return block


def marked(sound: Samples, size: int = RATE, rate_hz: int = RATE, start: int = 0) -> Samples:
    track = WatermarkedTrack(Sound(sound, start), len(sound), rate_hz, start)
    blocks = [track.render(size)]
    while len(blocks[-1]):
        blocks.append(track.render(size))
    return np.concatenate(blocks)


@pytest.fixture(scope="module")
def voice() -> Samples:
    """Three lines with silence around them."""
    lines = [np.pad(speech(1.4, RATE, seed), (9_000, 14_000)) for seed in range(3)]
    return np.concatenate(lines).astype(np.float32)


def test_the_pattern_is_the_one_that_is_in_files_already() -> None:
    assert pattern().shape == (32, 50)
    assert hashlib.sha256(pattern().tobytes()).hexdigest().startswith("4d651955659962fd")


@settings(max_examples=15)
@given(data=st.data())
def test_it_is_the_same_in_blocks_of_any_size_and_from_anywhere(
    voice: Samples, data: st.DataObject
) -> None:
    whole = marked(voice)
    assert len(whole) == len(voice)
    assert np.array_equal(marked(voice, data.draw(st.integers(700, 300_000))), whole)
    start = data.draw(st.integers(0, len(voice) - 1))
    reach = RATE * REACH_MS // 1000
    part = marked(voice, RATE, start=start)
    assert np.array_equal(part[reach:], whole[start + reach :])


@settings(max_examples=10)
@given(rate_hz=st.sampled_from([8_000, 22_050, 44_100, 96_000]), samples=st.integers(1, 30_000))
def test_any_rate_and_length_is_kept(rate_hz: int, samples: int) -> None:
    sound = speech(1.0, 30_000)[:samples]
    found = marked(sound, 1_000, rate_hz)
    assert found.shape == sound.shape
    assert found.dtype == np.float32
    assert np.isfinite(found).all()


def test_silence_stays_silence_and_changes_stay_under_the_voice(voice: Samples) -> None:
    assert not marked(np.zeros(RATE, np.float32)).any()
    change = marked(voice) - voice
    assert change.any()
    blocks = voice[: len(voice) // 480 * 480].reshape(-1, 480).astype(np.float64)
    changes = change[: blocks.size].reshape(-1, 480).astype(np.float64)
    power, changed = (np.square(each).mean(axis=1) for each in (blocks, changes))
    assert not change[voice == 0].any()
    loud = power > 1e-3 * power.max()
    assert (changed[loud] < 10**-1.2 * power[loud]).all()
    assert changed.sum() < 10**-1.9 * power.sum()


def test_no_critical_band_is_a_decibel_louder_or_softer(voice: Samples) -> None:
    """Bands of an ERB each (Glasberg & Moore, 1990), within 43 ms, where they are heard."""
    frames = [
        np.lib.stride_tricks.sliding_window_view(each, 2048)[::512] * np.hanning(2048)
        for each in (voice, marked(voice))
    ]
    hz = np.fft.rfftfreq(2048, 1 / RATE)
    erb = np.floor(21.4 * np.log10(1 + 0.00437 * hz)).astype(int)
    starts = np.unique(erb, return_index=True)[1][8:30]
    before, after = (
        np.add.reduceat(np.square(np.abs(np.fft.rfft(each))), starts, axis=1)[:, :-1]
        for each in frames
    )
    heard = before > 1e-5 * before.max()
    assert np.abs(10 * np.log10(after[heard] / before[heard])).max() < 1.5
    assert np.quantile(np.abs(10 * np.log10(after[heard] / before[heard])), 0.99) < 1.0
