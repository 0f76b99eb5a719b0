"""How loud the original is."""

from pathlib import Path

import numpy as np
import pytest
import soxr
from tests.unit.audio.judge import ebur128
from tests.unit.audio.sounds import Samples, music, speech

from ytdubber.audio.files import write_wav
from ytdubber.audio.original import original_lufs
from ytdubber.domain.errors import Cancelled
from ytdubber.domain.media import AudioFile

RATE, SECONDS = 48_000, 20
VOICE_HZ = 16_000


def stem(folder: Path, gain: float) -> tuple[AudioFile, Samples]:
    """A voice as it is kept, and at the background's rate."""
    voice = gain * speech(SECONDS, RATE, seed=3)
    voice[4 * RATE : 9 * RATE] = 0.0
    kept = soxr.resample(voice, RATE, VOICE_HZ)
    return write_wav(folder / "voice.wav", kept, VOICE_HZ), voice


@pytest.mark.parametrize(("voice_gain", "music_gain"), [(1.0, 0.3), (0.5, 0.5), (0.1, 0.8)])
def test_the_mix_of_two_stems_is_as_loud_as_a_meter_says(
    tmp_path: Path, voice_gain: float, music_gain: float
) -> None:
    kept, voice = stem(tmp_path, voice_gain)
    bed = music_gain * music(SECONDS, RATE)
    background = write_wav(tmp_path / "bed.wav", bed.astype(np.float32), RATE)
    mixed = (bed + voice[:, np.newaxis]).astype(np.float32)
    judged = ebur128(mixed, RATE).integrated_lufs
    assert original_lufs(kept, background, lambda: None) == pytest.approx(judged, abs=0.3)


def test_a_voice_alone_is_as_loud_as_a_meter_says(tmp_path: Path) -> None:
    kept, voice = stem(tmp_path, 0.7)
    judged = ebur128(voice[:, np.newaxis], RATE).integrated_lufs
    assert original_lufs(kept, None, lambda: None) == pytest.approx(judged, abs=0.3)


@pytest.mark.parametrize("samples", [0, 100, 4_000, VOICE_HZ])
def test_silence_is_no_louder_however_short(tmp_path: Path, samples: int) -> None:
    silent = write_wav(tmp_path / "voice.wav", np.zeros(samples, np.float32), VOICE_HZ)
    assert original_lufs(silent, None, lambda: None) == -70.0


def test_it_is_stopped_between_blocks(tmp_path: Path) -> None:
    kept, _ = stem(tmp_path, 1.0)

    def check() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        original_lufs(kept, None, check)
