"""Speech over music in finished mixes: the same balance whatever the music's channels are."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.integration.audio.test_downmix import LAYOUTS, RATE_HZ
from tests.unit.audio.judge import decoded, ebur128
from tests.unit.audio.sounds import Samples, music, speech

from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.audio.files import write_wav
from ytdubber.audio.mixer import master
from ytdubber.audio.profiles import EBU, YOUTUBE, AudioFormat, Content, Deliverable, LoudnessProfile
from ytdubber.audio.timeline import Clip

MUSIC_S, SPEECH_S = 4, 4


def balance_lu(folder: Path, channels: Samples, kind: str, profile: LoudnessProfile) -> float:
    """How much louder the speech is than the music before it, in the finished file."""
    bed = np.pad(channels, ((0, SPEECH_S * RATE_HZ), (0, 0)))
    soundfile.write(folder / "in", bed, RATE_HZ, format=kind, subtype="PCM_24")
    background = decode(folder / "in", [DecodeOutput(folder / "bed.wav", RATE_HZ)]).files[0]
    line = write_wav(folder / "line.wav", speech(SPEECH_S, 24_000), 24_000)
    (mix,) = master(
        [Clip(line, MUSIC_S * RATE_HZ, SPEECH_S * RATE_HZ)],
        background,
        bed.shape[0],
        [Deliverable(Content.MIX, AudioFormat.FLAC, folder / "mix.flac")],
        profile=profile,
    )
    sound, _ = decoded(mix.path)
    before, after = sound[: MUSIC_S * RATE_HZ], sound[MUSIC_S * RATE_HZ :]
    return ebur128(after, RATE_HZ).integrated_lufs - ebur128(before, RATE_HZ).integrated_lufs


@pytest.mark.parametrize("profile", [EBU, YOUTUBE], ids=lambda each: each.name)
@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "stereo"])
def test_speech_stands_over_music_as_over_its_stereo_version(
    tmp_path: Path, layout: str, profile: LoudnessProfile
) -> None:
    kind, count, sides, _ = LAYOUTS[layout]
    stereo = music(float(MUSIC_S))
    channels = np.zeros((len(stereo), count), np.float32)
    channels[:, sides] = stereo
    over_stereo = balance_lu(tmp_path, stereo, "WAV", profile)
    assert balance_lu(tmp_path, channels, kind, profile) == pytest.approx(over_stereo, abs=0.3)


@pytest.mark.parametrize("sides", [(1.0,), (1.0, -1.0)], ids=["mono", "out of phase"])
def test_speech_stands_over_music_on_one_channel_and_over_music_out_of_phase(
    tmp_path: Path, sides: tuple[float, ...]
) -> None:
    mono = music(float(MUSIC_S), channels=1)
    over_stereo = balance_lu(tmp_path, np.repeat(mono, 2, axis=1), "WAV", EBU)
    channels = (mono * np.array(sides)).astype(np.float32)
    assert balance_lu(tmp_path, channels, "WAV", EBU) == pytest.approx(over_stereo, abs=0.3)
