import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audio.sounds import speech, tone

from ytdubber.audio.stretch import IS_OWN, stretch


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


@pytest.mark.parametrize("rate", [1.03, 1.15, 1.25])
def test_the_edges_of_a_line_stay_where_and_as_loud_as_they_are(rate: float) -> None:
    """A sound that begins with its first sample and ends with its last, as trimmed lines do."""
    sample_rate_hz = 24_000
    sound = tone(sample_rate_hz, sample_rate_hz, 200.0)
    out = stretch(sound, round(sound.size / rate), sample_rate_hz)
    first, last = out[:240], out[-240:]
    assert 0.2 < np.abs(first).max() < 0.3
    assert 0.2 < np.abs(last).max() < 0.3
    assert np.abs(out[:48]).max() > 0.1  # within 2 ms


def test_the_same_sound_gives_the_same_samples() -> None:
    sound = speech(1.0)
    assert np.array_equal(stretch(sound, 20_000, 24_000), stretch(sound, 20_000, 24_000))


@pytest.mark.skipif(IS_OWN, reason="python-stretch is not installed: the overlap-add is rougher")
@pytest.mark.parametrize("rate", [1.06, 1.15, 1.25])
def test_there_and_back_the_spectrum_is_much_the_same_at_every_moment(rate: float) -> None:
    def spectra(x: np.ndarray) -> np.ndarray:
        frames = np.lib.stride_tricks.sliding_window_view(x, 512)[::128]
        return np.abs(np.fft.rfft(frames * np.hanning(512)))

    sound = speech(3.0)
    back = stretch(stretch(sound, round(sound.size / rate), 24_000), sound.size, 24_000)
    before, after = spectra(sound), spectra(back)
    apart = ((before - after) ** 2).sum() / (before**2).sum()
    assert -10.0 * np.log10(apart) > 17.0  # overlap-add by similarity (WSOLA) gives 14 to 15


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
