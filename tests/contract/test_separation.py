"""Spleeter with its real weights, on real voices over real music."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
import soxr
from tests.mixes import RATE_HZ, Mix, Samples, example_mix, si_sdr_db

from ytdubber.adapters.local.silero import SileroVoiceActivity
from ytdubber.adapters.local.spleeter import SpleeterSeparator
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.audio.background import FADE_MS, LEAD_MS, TAIL_MS, write_background
from ytdubber.audio.files import inspect_wav
from ytdubber.audio.resample import write_mono
from ytdubber.domain.errors import Cancelled
from ytdubber.domain.media import AudioFile
from ytdubber.ports.call_context import CallContext
from ytdubber.settings import load_settings

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("local-models")]


@pytest.fixture(scope="module")
def separator() -> Iterator[SpleeterSeparator]:
    made = SpleeterSeparator(LocalModelStore(load_settings().models))
    yield made
    made.close()


def written(mix: Mix, folder: Path) -> AudioFile:
    return inspect_wav(mix.write(folder / "mix.wav"))


def read(audio: AudioFile) -> Samples:
    sound, _ = sf.read(audio.path, dtype="float32", always_2d=True)
    resampled: Samples = soxr.resample(sound, audio.sample_rate_hz, RATE_HZ)
    return resampled


def test_a_voice_is_taken_out_of_music_and_the_pauses_stay_as_they_were(
    separator: SpleeterSeparator, tmp_path: Path, call: CallContext
) -> None:
    told: list[float] = []
    mix = example_mix(0)
    recording = written(mix, tmp_path)
    call = replace(call, progress=told.append)
    made = separator.separate(recording, tmp_path / "voice.wav", call)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert float(made.receipt.amount("audio_seconds")) == pytest.approx(27.73)
    voice = read(made.voice)
    assert abs(len(voice) - recording.samples) <= 1
    assert si_sdr_db(mix.sound, mix.voice) == pytest.approx(0.0, abs=0.1)
    assert si_sdr_db(voice, mix.voice) > 9.5
    assert si_sdr_db(mix.sound[: len(voice)] - voice[: len(mix.sound)], mix.background) > 9.5

    again = separator.separate(recording, tmp_path / "again.wav", call)
    assert again.voice.path.read_bytes() == made.voice.path.read_bytes()

    spoken = write_mono(made.voice, 16_000, tmp_path / "spoken.wav")
    speech = SileroVoiceActivity().speech(spoken)
    left = write_background(recording, made.voice, speech, tmp_path / "background.wav")
    background, _ = sf.read(left.path, dtype="float32")
    quiet = np.ones(len(background), bool)
    for each in speech:
        start_ms = each.start_ms - LEAD_MS - FADE_MS
        end_ms = each.end_ms + TAIL_MS + FADE_MS
        quiet[max(0, start_ms * 48 - 1) : end_ms * 48 + 1] = False
    assert quiet.mean() > 0.1
    assert np.array_equal(background[quiet], mix.sound[quiet])
    assert si_sdr_db(background, mix.background) > 6.5


def test_one_channel_at_another_rate_is_separated_as_well(
    separator: SpleeterSeparator, tmp_path: Path, call: CallContext
) -> None:
    mix = example_mix(5, seconds=11.3, channels=1)
    sf.write(tmp_path / "mix.wav", soxr.resample(mix.sound, RATE_HZ, 32_000), 32_000)
    recording = inspect_wav(tmp_path / "mix.wav")
    made = separator.separate(recording, tmp_path / "voice.wav", call).voice
    assert (made.channels, made.samples) == (1, round(11.3 * 44_100))
    assert sf.info(made.path).frames == made.samples
    assert si_sdr_db(read(made), mix.voice) > 11


def test_a_second_of_sound_is_enough(
    separator: SpleeterSeparator, tmp_path: Path, call: CallContext
) -> None:
    recording = written(example_mix(5, seconds=0.02), tmp_path)
    made = separator.separate(recording, tmp_path / "voice.wav", call).voice
    assert sf.info(made.path).frames == made.samples == 882


def test_it_stops_when_told(
    separator: SpleeterSeparator, tmp_path: Path, call: CallContext
) -> None:
    def stop() -> None:
        raise Cancelled

    recording = written(example_mix(5, seconds=1), tmp_path)
    with pytest.raises(Cancelled):
        separator.separate(
            recording, tmp_path / "voice.wav", replace(call, raise_if_cancelled=stop)
        )
