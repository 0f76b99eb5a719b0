import hashlib
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.audio.judge import decoded
from tests.unit.audio.sounds import Samples, music, tone

from ytdubber.audio import kernels
from ytdubber.audio.encode import Encoder
from ytdubber.audio.profiles import AudioFormat

LENGTHS = (100, 959, 1153, 48_000, 50_021, 576_017)


def encode(
    path: Path,
    sound: Samples,
    audio_format: AudioFormat,
    rate_hz: int = 48_000,
    block: int = 7001,
) -> tuple[int, str]:
    encoder = Encoder(path, audio_format, rate_hz, sound.shape[1])
    for start in range(0, sound.shape[0], block):
        encoder.put(sound[start : start + block])
    encoded = encoder.close()
    assert encoded.bytes == path.stat().st_size
    return encoded.samples, encoded.sha256


@pytest.mark.parametrize("samples", LENGTHS)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("audio_format", AudioFormat)
def test_decodes_to_exactly_the_samples_put_in(
    tmp_path: Path, audio_format: AudioFormat, channels: int, samples: int
) -> None:
    sound = music(samples / 48_000, channels=channels)
    assert sound.shape == (samples, channels)
    path = tmp_path / "out"
    put, digest = encode(path, sound, audio_format)
    assert put == samples
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    heard, rate_hz = decoded(path)
    assert rate_hz == 48_000
    assert heard.shape == (samples, channels)


@pytest.mark.parametrize("audio_format", [AudioFormat.FLAC, AudioFormat.WAV])
def test_lossless_is_lossless_to_24_bits(tmp_path: Path, audio_format: AudioFormat) -> None:
    sound = music(1.0)
    encode(tmp_path / "out", sound, audio_format)
    heard, _ = decoded(tmp_path / "out")
    assert np.abs(heard - sound).max() <= 0.5 / (1 << 23) + 1e-9


@pytest.mark.parametrize("audio_format", [AudioFormat.MP3, AudioFormat.M4A, AudioFormat.OPUS])
def test_lossy_is_in_time_and_much_alike(tmp_path: Path, audio_format: AudioFormat) -> None:
    sound = np.zeros((96_000, 1), np.float32)
    sound[30_000:40_000, 0] = tone(10_000)
    encode(tmp_path / "out", sound, audio_format)
    heard, _ = decoded(tmp_path / "out")
    reach = range(-20, 21)
    likeness = [float(heard[30_000:40_000, 0] @ sound[30_000 + d : 40_000 + d, 0]) for d in reach]
    assert abs(reach[int(np.argmax(likeness))]) <= 1
    assert np.sqrt((heard[31_000:39_000] ** 2).mean()) == pytest.approx(0.25 / np.sqrt(2), rel=0.08)


@pytest.mark.parametrize(
    ("audio_format", "given_hz", "expected_hz"),
    [
        (AudioFormat.OPUS, 44_100, 48_000),
        (AudioFormat.OPUS, 24_000, 48_000),
        (AudioFormat.MP3, 44_100, 44_100),
        (AudioFormat.MP3, 96_000, 48_000),
        (AudioFormat.M4A, 44_100, 44_100),
        (AudioFormat.M4A, 192_000, 48_000),
        (AudioFormat.FLAC, 192_000, 192_000),
        (AudioFormat.WAV, 8_000, 8_000),
    ],
)
def test_a_rate_a_format_has_not_becomes_48_khz(
    tmp_path: Path, audio_format: AudioFormat, given_hz: int, expected_hz: int
) -> None:
    samples = given_hz + 123
    put, _ = encode(
        tmp_path / "out", tone(samples, given_hz)[:, np.newaxis], audio_format, given_hz
    )
    heard, rate_hz = decoded(tmp_path / "out")
    assert rate_hz == expected_hz
    assert put == heard.shape[0] == round(samples * expected_hz / given_hz)


@pytest.mark.parametrize("audio_format", AudioFormat)
def test_the_same_sound_makes_the_same_file(tmp_path: Path, audio_format: AudioFormat) -> None:
    sound = music(0.5)
    once = encode(tmp_path / "a", sound, audio_format, block=4000)
    again = encode(tmp_path / "b", sound, audio_format, block=24_000)
    assert once == again


def test_an_m4a_starts_with_its_index_and_states_its_length(tmp_path: Path) -> None:
    encode(tmp_path / "out", music(3.0), AudioFormat.M4A)
    data = (tmp_path / "out").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(tmp_path / "out")) as file:
        assert file.duration == 3_000_000


def test_what_is_discarded_is_gone(tmp_path: Path) -> None:
    encoder = Encoder(tmp_path / "out", AudioFormat.MP3, 48_000, 2)
    encoder.put(music(0.5))
    encoder.discard()
    assert not list(tmp_path.iterdir())
    encoder = Encoder(tmp_path / "out", AudioFormat.M4A, 48_000, 2)
    encoder.discard()
    assert not list(tmp_path.iterdir())


@given(st.lists(st.floats(-1.5, 1.5, width=32), min_size=1, max_size=200))
def test_24_bits_are_rounded_half_to_even_and_clipped(values: list[float]) -> None:
    block = np.array(values, np.float32)[:, np.newaxis]
    expected = np.clip(np.rint(block.astype(np.float64) * 2**23), -(2**23), 2**23 - 1) * 256
    assert np.array_equal(kernels.to_24_bits(block), expected.astype(np.int32))
