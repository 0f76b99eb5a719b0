"""The voice and the background that are given beside a mix are its parts."""

from pathlib import Path

import numpy as np
import pytest
from tests.unit.audio.judge import Samples, ebur128
from tests.unit.audio.programme import RATE, TOTAL, bed, clips, heard

from ytdubber.audio.files import write_wav
from ytdubber.audio.mixer import master
from ytdubber.audio.profiles import AudioFormat, Content, Deliverable
from ytdubber.audio.timeline import Clip

pytestmark = pytest.mark.dubs


def integers(sound: Samples) -> np.ndarray:
    return np.rint(sound.astype(np.float64) * (1 << 23)).astype(np.int64)


@pytest.mark.parametrize("channels", [1, 2])
def test_the_stems_add_up_to_the_mix_bit_for_bit(
    tmp_path: Path, sounds: Path, channels: int
) -> None:
    formats = (AudioFormat.FLAC, AudioFormat.WAV)
    contents = (Content.MIX, Content.VOICE_STEM, Content.BACKGROUND_STEM)
    wanted = [
        Deliverable(content, name, tmp_path / f"{content}.{name}")
        for name in formats
        for content in contents
    ]
    made = master(clips(sounds), bed(sounds, channels), TOTAL, wanted)
    for mix, voice, background in (made[:3], made[3:]):
        parts = [integers(heard(each)) for each in (mix, voice, background)]
        assert np.array_equal(parts[1] + parts[2], parts[0])
        assert {part.shape for part in parts} == {(TOTAL, channels)}
        assert np.abs(parts[1][:12_000]).max() <= 1  # nobody speaks yet
        assert (voice.target_lufs, background.target_lufs) == (None, None)
        assert voice.gain_db == background.gain_db == mix.gain_db
        assert voice.integrated_lufs == pytest.approx(ebur128(heard(voice), RATE)[0], abs=0.1)
    alone = [wanted[0]]
    (tmp_path / "mix.flac").unlink()
    (again,) = master(clips(sounds), bed(sounds, channels), TOTAL, alone)
    assert again.sha256 == made[0].sha256


def test_stems_that_cancel_one_another_past_full_scale_still_add_up(tmp_path: Path) -> None:
    loud = np.asarray(0.9 * np.sin(np.arange(4 * RATE) * 0.05), np.float32)
    line = write_wav(tmp_path / "line.wav", loud, RATE)
    background = write_wav(tmp_path / "bed.wav", np.stack([-0.8 * loud] * 2, axis=1), RATE)
    contents = (Content.MIX, Content.VOICE_STEM, Content.BACKGROUND_STEM)
    wanted = [Deliverable(each, AudioFormat.WAV, tmp_path / f"{each}.wav") for each in contents]
    made = master([Clip(line, 0, 4 * RATE)], background, 4 * RATE, wanted)
    mix, voice, bed_part = (integers(heard(each)) for each in made)
    assert np.array_equal(voice + bed_part, mix)
    assert np.abs(voice).max() >= (1 << 23) - 1
