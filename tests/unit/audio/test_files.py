from pathlib import Path

import numpy as np
import soundfile
from tests.unit.audio.sounds import music, tone

from ytdubber.audio.files import inspect_wav, read_mono, write_wav
from ytdubber.audio.wav import WavFile
from ytdubber.domain.media import AudioFile


def test_what_is_written_is_read(tmp_path: Path) -> None:
    sound = tone(12_345, 24_000)
    audio = write_wav(tmp_path / "a.wav", sound, 24_000)
    assert audio == AudioFile(tmp_path / "a.wav", 24_000, 1, 12_345) == inspect_wav(audio.path)
    assert np.array_equal(read_mono(audio), sound)
    assert np.array_equal(read_mono(audio, 100, 200), sound[100:200])
    assert np.array_equal(read_mono(audio, 12_000, 99_999), sound[12_000:])
    assert read_mono(audio, 500, 400).size == 0


def test_channels_are_averaged(tmp_path: Path) -> None:
    sound = music(0.1)
    audio = write_wav(tmp_path / "a.wav", sound, 48_000)
    assert audio.channels == 2
    assert np.allclose(read_mono(audio), sound.mean(axis=1))


def test_16_bit_samples_are_rounded_and_clipped(tmp_path: Path) -> None:
    wav = WavFile(str(tmp_path / "a.wav"), "PCM_16")
    wav.rate_hz, wav.channels = 16_000, 1
    wav.write(np.array([[0.0], [0.5], [-1.0], [2.0], [-2.0], [1.6 / 32768]], np.float32))
    wav.close()
    values, rate_hz = soundfile.read(tmp_path / "a.wav", dtype="int16")
    assert rate_hz == 16_000
    assert values.tolist() == [0, 16384, -32768, 32767, -32768, 2]


def test_past_4_gib_the_header_is_rf64(tmp_path: Path) -> None:
    path, samples = tmp_path / "a.wav", 600_000_000
    wav = WavFile(str(path), "FLOAT")
    wav.rate_hz, wav.channels, wav.samples = 48_000, 2, samples
    wav.close()
    with path.open("r+b") as file:
        assert file.read(4) == b"RF64"
        file.truncate(80 + samples * 8)  # a hole: nothing of it is on disk
    assert inspect_wav(path) == AudioFile(path, 48_000, 2, samples)
