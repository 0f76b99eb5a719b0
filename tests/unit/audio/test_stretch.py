import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audio.sounds import speech, tone

from ytdubber.audio.stretch import stretch


@settings(deadline=None, max_examples=150)
@given(
    samples=st.integers(0, 12_000),
    samples_out=st.integers(0, 12_000),
    sample_rate_hz=st.sampled_from((8000, 16_000, 22_050, 24_000, 44_100, 48_000, 192_000)),
)
def test_has_exactly_the_length_asked_for(
    samples: int, samples_out: int, sample_rate_hz: int
) -> None:
    out = stretch(tone(samples, sample_rate_hz), samples_out, sample_rate_hz)
    assert out.shape == (samples_out,)
    assert out.dtype == np.float32
    assert np.abs(out).max(initial=0.0) < 0.6


@pytest.mark.parametrize("rate", [0.8, 0.9, 1.1, 1.25])
@pytest.mark.parametrize("hz", [90.0, 220.0, 400.0])
def test_keeps_the_pitch_and_the_level(rate: float, hz: float) -> None:
    sample_rate_hz, seconds = 24_000, 2
    out = stretch(
        tone(seconds * sample_rate_hz, sample_rate_hz, hz),
        round(seconds * sample_rate_hz / rate),
        sample_rate_hz,
    )
    middle = out[4800:-4800]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(middle.size)))
    assert np.argmax(spectrum) * sample_rate_hz / middle.size == pytest.approx(hz, rel=0.01)
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.25 / np.sqrt(2), rel=0.05)


def test_the_same_length_is_the_same_sound() -> None:
    sound = speech(0.5)
    out = stretch(sound, sound.size, 24_000)
    assert np.array_equal(out, sound)
    assert out is not sound


@pytest.mark.parametrize("rate", [0.87, 1.15, 1.3])
def test_what_is_said_when_moves_in_proportion(rate: float) -> None:
    """Bursts of a tone stay bursts, each where its turn is."""
    sample_rate_hz = 24_000
    sound = np.zeros(3 * sample_rate_hz, np.float32)
    starts = [round(at * sample_rate_hz) for at in (0.3, 1.0, 1.9, 2.5)]
    for start in starts:
        sound[start : start + 2400] = tone(2400, sample_rate_hz, 300.0)
    out = stretch(sound, round(sound.size / rate), sample_rate_hz)
    for start in starts:
        at = round(start / rate)
        margin = round(0.02 * sample_rate_hz)
        assert np.abs(out[at + margin : at + margin + 1000]).max() > 0.2
        assert np.abs(out[at - 3 * margin : at - margin]).max() < 0.01


def test_stretching_there_and_back_gives_much_the_same_spectrum() -> None:
    sound = speech(3.0)
    back = stretch(stretch(sound, round(sound.size / 1.2), 24_000), sound.size, 24_000)

    def bands(x: np.ndarray) -> np.ndarray:
        power = np.abs(np.fft.rfft(x)) ** 2
        return np.array([part.sum() for part in np.array_split(power[: x.size // 6], 24)])

    assert np.abs(10 * np.log10(bands(back) / bands(sound))).max() < 2.0
