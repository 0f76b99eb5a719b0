import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audio.judge import Samples, ebur128
from tests.unit.audio.sounds import music, noise, speech, tone

from ytdubber.audio.loudness import (
    LoudnessMeter,
    TruePeakMeter,
    k_weighting,
    speech_level_lufs,
)


def metered(sound: Samples, sample_rate_hz: int, block: int = 10_000) -> tuple[float, float]:
    loudness = LoudnessMeter(sample_rate_hz, sound.shape[1])
    peak = TruePeakMeter(sound.shape[1])
    for start in range(0, sound.shape[0], block):
        part = np.ascontiguousarray(sound[start : start + block])
        loudness.add(part)
        peak.add(part)
    return loudness.integrated_lufs(), peak.true_peak_dbtp()


def test_the_weights_at_48_khz_are_those_of_the_recommendation() -> None:
    """BS.1770-4, tables 1 and 2."""
    shelf = (
        1.53512485958697,
        -2.69169618940638,
        1.19839281085285,
        -1.69065929318241,
        0.73248077421585,
    )
    high = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)
    assert np.allclose(k_weighting(48_000), (shelf, high), atol=1e-6)


@pytest.mark.parametrize(
    "sample_rate_hz", [8000, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000, 192_000]
)
def test_a_full_scale_tone_has_its_loudness_at_any_rate(sample_rate_hz: int) -> None:
    """BS.1770-4 annex 1: 0 dBFS at 997 Hz in one channel reads -3.01."""
    sound = tone(4 * sample_rate_hz, sample_rate_hz, 997.0, 1.0)[:, np.newaxis]
    assert metered(sound, sample_rate_hz)[0] == pytest.approx(-3.01, abs=0.05)


def gated() -> Samples:
    """EBU Tech 3341 case 5 in spirit: loud, quieter, much quieter, silent."""
    levels = (0.1, 0.05, 0.2, 0.003, 0.0, 0.1)
    return np.concatenate([tone(3 * 48_000, amplitude=level) for level in levels])[:, np.newaxis]


SOUNDS: dict[str, tuple[Callable[[], Samples], int]] = {
    "music": (lambda: music(12.0), 48_000),
    "music in mono": (lambda: music(12.0, channels=1), 48_000),
    "speech": (lambda: speech(10.0, 48_000)[:, np.newaxis], 48_000),
    "speech at 24 kHz": (lambda: speech(10.0, 24_000)[:, np.newaxis], 24_000),
    "music at 44.1 kHz": (lambda: music(10.0, 44_100), 44_100),
    "gated": (gated, 48_000),
    "one side only": (lambda: np.stack([tone(240_000), 0 * tone(240_000)], axis=1), 48_000),
    "noise": (lambda: noise(240_000)[:, np.newaxis], 48_000),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_ffmpeg_agrees(name: str) -> None:
    make, sample_rate_hz = SOUNDS[name]
    sound = make()
    judged = ebur128(sound, sample_rate_hz)
    loudness, peak = metered(sound, sample_rate_hz)
    assert loudness == pytest.approx(judged.integrated_lufs, abs=0.1)
    assert peak == pytest.approx(judged.true_peak_dbtp, abs=0.2)


def test_a_peak_between_samples_is_found() -> None:
    """A quarter of the rate, 45 degrees off: samples reach 0.707 of the waveform."""
    at = np.arange(48_000)
    fade = np.minimum(1.0, np.minimum(at, at[::-1]) / 4800)
    sound = (fade * np.sin(np.pi / 2 * at + np.pi / 4)).astype(np.float32)
    assert 20 * math.log10(np.abs(sound).max()) == pytest.approx(-3.01, abs=0.01)
    assert metered(sound[:, np.newaxis], 48_000)[1] == pytest.approx(0.0, abs=0.1)


@settings(deadline=None, max_examples=20)
@given(block=st.integers(1, 30_000))
def test_blocks_make_no_difference(block: int) -> None:
    sound = music(2.0)
    block = max(block, 50)
    loudness, peak = metered(sound, 48_000, block)
    whole_loudness, whole_peak = metered(sound, 48_000, sound.shape[0])
    assert loudness == pytest.approx(whole_loudness, abs=1e-9)
    assert peak == whole_peak


def test_silence_has_no_loudness_and_no_peak() -> None:
    silence = np.zeros((96_000, 2), np.float32)
    assert metered(silence, 48_000) == (-70.0, -math.inf)
    assert metered(silence[:0], 48_000) == (-70.0, -math.inf)
    assert speech_level_lufs(silence[:100, 0], 48_000) == -70.0
    assert speech_level_lufs(silence[:0, 0], 48_000) == -70.0


def test_a_clip_too_short_to_gate_still_has_a_level() -> None:
    sound = tone(4800, hz=997.0, amplitude=1.0)
    assert speech_level_lufs(sound, 48_000) == pytest.approx(-3.01, abs=0.3)
    usual = metered(sound[:, np.newaxis], 48_000)[0]
    assert speech_level_lufs(sound, 48_000) == pytest.approx(usual, abs=1e-3)


def test_a_level_counts_pauses_and_an_integrated_loudness_does_not() -> None:
    sound = np.concatenate([tone(96_000), np.zeros(96_000, np.float32)])
    assert speech_level_lufs(sound, 48_000) == pytest.approx(
        speech_level_lufs(sound[:96_000], 48_000) - 3.01, abs=0.05
    )
    assert metered(sound[:, np.newaxis], 48_000)[0] == pytest.approx(
        metered(sound[:96_000, np.newaxis], 48_000)[0], abs=0.5
    )


def test_an_offset_has_no_level() -> None:
    quiet = speech(1.0) * np.float32(0.02)
    usual = speech_level_lufs(quiet, 24_000)
    assert speech_level_lufs(quiet + np.float32(0.3), 24_000) == pytest.approx(usual, abs=0.02)


def test_loudness_over_time_follows_the_sound() -> None:
    meter = LoudnessMeter(48_000, 1)
    meter.add(np.concatenate([tone(48_000), tone(48_000, amplitude=0.025)])[:, np.newaxis])
    momentary = meter.over_time_lufs()
    assert momentary.shape == (17,)
    assert momentary[3] - momentary[-1] == pytest.approx(20.0, abs=0.1)
    assert meter.over_time_lufs(3000).size == 0
