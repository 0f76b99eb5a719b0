from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from ytdubber.adapters.local.recording import open_recording
from ytdubber.adapters.local.silero import SileroVoiceActivity, intervals
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.media import AudioFile, Interval

WINDOW_MS = 32


def test_short_silence_does_not_part_speech_and_short_speech_is_dropped() -> None:
    speech, silence = [0.9], [0.1]
    judged = silence * 5 + speech * 10 + silence * 5 + speech * 10 + silence * 20 + speech * 2
    assert intervals(judged, len(judged) * 512, 250) == (Interval(5 * WINDOW_MS, 30 * WINDOW_MS),)


def test_a_doubtful_window_ends_nothing() -> None:
    judged = [0.9] * 5 + [0.4] * 30 + [0.9] * 5
    assert intervals(judged, len(judged) * 512, 250) == (Interval(0, 40 * WINDOW_MS),)


def test_speech_at_the_end_lasts_to_the_end() -> None:
    assert intervals([0.1, 0.9, 0.9, 0.9, 0.9], 4 * 512 + 100, 250) == (Interval(32, 134),)


def test_blocks_do_not_change_what_is_heard(tmp_path: Path) -> None:
    sound = np.random.default_rng(2).normal(0, 0.1, 70_000).astype(np.float32)
    sf.write(tmp_path / "sound.wav", sound, 16_000)
    audio = AudioFile(tmp_path / "sound.wav", 16_000, 1, len(sound))
    with open_recording(audio, "silero") as recording:
        whole = SileroVoiceActivity().probabilities(recording)
        parts = SileroVoiceActivity(block_windows=7).probabilities(recording)
    assert len(whole) == -(-70_000 // 512)
    assert parts == pytest.approx(whole, abs=1e-5)


@pytest.mark.parametrize(("rate_hz", "channels"), [(48_000, 1), (16_000, 2)])
def test_other_sound_is_bad_input(tmp_path: Path, rate_hz: int, channels: int) -> None:
    sf.write(tmp_path / "other.wav", np.zeros((100, channels)), rate_hz)
    audio = AudioFile(tmp_path / "other.wav", rate_hz, channels, 100)
    with pytest.raises(VendorError, match="16000 Hz mono") as raised:
        SileroVoiceActivity().speech(audio)
    assert raised.value.fault is ErrorKind.BAD_INPUT


def test_a_file_that_is_no_sound_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(VendorError) as raised:
        SileroVoiceActivity().speech(AudioFile(tmp_path / "text.wav", 16_000, 1, 0))
    assert raised.value.fault is ErrorKind.BAD_INPUT
