"""Whether music or noise is heard under a voice."""

from pathlib import Path

import numpy as np
import pytest
from tests.mixes import example_mix
from tests.unit.audio.sounds import Samples, noise

from ytdubber.adapters.local.silero import SileroVoiceActivity
from ytdubber.audio.files import write_wav
from ytdubber.audio.resample import write_mono
from ytdubber.audio.under_voice import is_silent, rest_db, under_voice
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.separation import UnderVoice

RATE_HZ = 16_000


def recording(folder: Path, sound: Samples) -> AudioFile:
    return write_mono(write_wav(folder / "mix.wav", sound, 48_000), RATE_HZ, folder / "mono.wav")


def heard(folder: Path, sound: Samples) -> UnderVoice:
    voice = recording(folder, sound)
    found = under_voice(voice, SileroVoiceActivity().speech(voice))
    assert found is not None
    return found


@pytest.mark.parametrize("ratio_db", [30, 20, 10, 0])
def test_music_is_heard_however_soft(tmp_path: Path, ratio_db: int) -> None:
    found = heard(tmp_path, example_mix(ratio_db).sound)
    assert found.heard
    assert found.loudness_db < ratio_db + 6


def test_a_clean_voice_with_its_breaths_is_alone(tmp_path: Path) -> None:
    assert not heard(tmp_path, example_mix(90).voice).heard


def test_a_jingle_is_heard_in_a_recording_that_is_quiet_otherwise(tmp_path: Path) -> None:
    mix = example_mix(0)
    jingle, lead = mix.background[5 * 48_000 : 6 * 48_000], np.zeros((48_000, 2), np.float32)
    sound = np.concatenate([jingle, lead, mix.voice])
    found = heard(tmp_path, sound)
    assert found.usual_db < -35
    assert found.heard


def test_speech_without_a_pause_says_nothing(tmp_path: Path) -> None:
    voice = write_wav(tmp_path / "mono.wav", noise(RATE_HZ), RATE_HZ)
    assert under_voice(voice, [Interval(0, 1000)]) is None


def test_silence_before_a_late_sound_is_no_pause(tmp_path: Path) -> None:
    """Of a film whose sound begins later than its picture, under whose voice there is music."""
    music, late = noise(4 * RATE_HZ, amplitude=0.05), np.zeros(2 * RATE_HZ, np.float32)
    music[RATE_HZ : 3 * RATE_HZ] += noise(2 * RATE_HZ, 1, amplitude=0.2)
    sound = write_wav(tmp_path / "late.wav", np.concatenate([late, music]), RATE_HZ)
    found = under_voice(sound, [Interval(3000, 5000)])
    assert found is not None
    assert found.usual_db == pytest.approx(-12, abs=1)


def test_silence_is_silent_and_music_is_not(tmp_path: Path) -> None:
    assert is_silent(write_wav(tmp_path / "a.wav", np.zeros(RATE_HZ, np.float32), RATE_HZ))
    assert is_silent(write_wav(tmp_path / "b.wav", noise(RATE_HZ, amplitude=0.0005), RATE_HZ))
    assert not is_silent(write_wav(tmp_path / "c.wav", noise(RATE_HZ, amplitude=0.01), RATE_HZ))


def test_what_a_voice_leaves_is_measured_against_it(tmp_path: Path) -> None:
    mix = example_mix(12, seconds=4)
    whole = write_wav(tmp_path / "mix.wav", mix.sound, 48_000)
    voice = write_wav(tmp_path / "voice.wav", mix.voice, 48_000)
    power = np.square(mix.background).mean() / np.square(mix.voice).mean()
    assert rest_db(whole, voice) == pytest.approx(10 * np.log10(power), abs=0.1)
