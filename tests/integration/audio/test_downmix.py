"""Every layout at the level of its stereo version, and no voice that cancels itself."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.unit.audio.sounds import Samples, music, speech

from ytdubber.audio.decode import Decoded, DecodeOutput, decode

RATE_HZ = 48_000
# Where music stands that is left and right in stereo, and speech that is in its middle.
LAYOUTS = {
    "stereo": ("WAVEX", 2, (0, 1), ()),
    "3.0": ("FLAC", 3, (0, 1), (2,)),
    "quad": ("WAVEX", 4, (0, 1), ()),
    "5.0": ("FLAC", 5, (0, 1), (2,)),
    "5.1": ("WAVEX", 6, (0, 1), (2,)),
    "5.1(side)": ("FLAC", 6, (0, 1), (2,)),
    "6.1": ("FLAC", 7, (0, 1), (2,)),
    "7.1": ("FLAC", 8, (0, 1), (2,)),
    "7.1(wide)": ("WAVEX", 8, (0, 1), (2,)),
    "4 unnamed": ("WAV", 4, (0, 1), ()),
    "6 unnamed": ("WAV", 6, (0, 1), (2,)),
    "8 unnamed": ("AIFF", 8, (0, 1), (2,)),
}


def decoded(
    folder: Path, channels: Samples, kind: str, mono: bool = False
) -> tuple[Decoded, Samples]:
    """float32[n, channels] through a file of that kind."""
    soundfile.write(folder / "in", channels, RATE_HZ, format=kind, subtype="PCM_24")
    rate_hz, count = (16_000, 1) if mono else (RATE_HZ, None)
    result = decode(folder / "in", [DecodeOutput(folder / "out.wav", rate_hz, count)])  # type: ignore[arg-type]  # 1 or None
    sound, _ = soundfile.read(folder / "out.wav", dtype="float32", always_2d=True)
    return result, sound


def level_db(sound: Samples) -> float:
    return float(10 * np.log10(np.mean(sound.astype(np.float64) ** 2)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_music_keeps_the_level_of_its_stereo_version(tmp_path: Path, layout: str) -> None:
    kind, count, sides, _ = LAYOUTS[layout]
    stereo = music(2.0)
    channels = np.zeros((len(stereo), count), np.float32)
    channels[:, sides] = stereo
    result, sound = decoded(tmp_path, channels, kind)
    assert result.channels == count
    assert np.abs(sound - stereo).max() < 1e-3


@pytest.mark.parametrize("layout", [name for name, layout in LAYOUTS.items() if layout[3]])
def test_a_voice_in_the_centre_is_heard_at_its_own_level(tmp_path: Path, layout: str) -> None:
    kind, count, _, centre = LAYOUTS[layout]
    voice = speech(3.0, RATE_HZ)
    channels = np.zeros((len(voice), count), np.float32)
    channels[:, centre[0]] = voice
    _, both = decoded(tmp_path, channels, kind)
    assert level_db(both) == pytest.approx(level_db(voice) - 3.01, abs=0.05)
    _, alone = decoded(tmp_path, voice[:, np.newaxis], kind, mono=True)
    _, mono = decoded(tmp_path, channels, kind, mono=True)
    assert level_db(mono) == pytest.approx(level_db(alone), abs=0.05)


def test_surrounds_are_3_db_down_and_low_effects_are_left_out(tmp_path: Path) -> None:
    for channel, sides in ((3, (0.0, 0.0)), (4, (0.7071, 0.0)), (5, (0.0, 0.7071))):
        surround = np.zeros((RATE_HZ, 6), np.float32)
        surround[:, channel] = speech(1.0, RATE_HZ)
        _, sound = decoded(tmp_path, surround, "WAVEX")
        assert np.allclose(sound, surround[:, channel, np.newaxis] * sides, atol=1e-4)


def test_channels_without_names_are_told_of(tmp_path: Path) -> None:
    channels = np.zeros((RATE_HZ, 6), np.float32)
    channels[:, 0] = speech(1.0, RATE_HZ)
    result, _ = decoded(tmp_path, channels, "WAV")
    assert "nothing says what its 6 channels are" in " ".join(result.notes)
    assert decoded(tmp_path, channels, "WAVEX")[0].notes == ()
    assert decoded(tmp_path, channels[:, :2], "WAV")[0].notes == ()


@pytest.mark.parametrize("right", [-1.0, -0.7, -1.4])
def test_a_voice_out_of_phase_is_heard(tmp_path: Path, right: float) -> None:
    voice = speech(5.0, RATE_HZ)
    _, alone = decoded(tmp_path, voice[:, np.newaxis], "WAV", mono=True)
    result, sound = decoded(tmp_path, np.stack([voice, right * voice], 1), "WAV", mono=True)
    assert level_db(sound) > level_db(alone) - 2
    assert "out of phase" in " ".join(result.notes)


def test_only_what_is_out_of_phase_is_turned(tmp_path: Path) -> None:
    voice = speech(12.0, RATE_HZ)
    turned = np.where(np.arange(len(voice)) < 6 * RATE_HZ, 1.0, -1.0).astype(np.float32)
    _, alone = decoded(tmp_path, voice[:, np.newaxis], "WAV", mono=True)
    _, sound = decoded(tmp_path, np.stack([voice, turned * voice], 1), "WAV", mono=True)
    off = np.abs(sound - alone).max(axis=1) > 0.01
    assert off.sum() < 1.3 * 16_000  # the block in which it changes
    two = np.stack([speech(5.0, RATE_HZ, 1), speech(5.0, RATE_HZ, 2)], 1)
    result, sound = decoded(tmp_path, two, "WAV", mono=True)
    assert result.notes == ()


def test_two_channels_of_a_background_stay_as_they_are(tmp_path: Path) -> None:
    stereo = music(1.0)
    stereo[:, 1] = -stereo[:, 0]
    result, sound = decoded(tmp_path, stereo, "WAV")
    assert np.abs(sound - stereo).max() < 1e-5
    assert result.notes == ()
