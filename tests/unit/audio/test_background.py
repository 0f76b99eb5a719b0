"""What is left when a voice is taken out of a mix, by a separator that is right or wrong."""

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
import soxr
from tests.unit.audio.sounds import Samples, music, noise, speech

from ytdubber.audio.background import FADE_MS, LEAD_MS, TAIL_MS, write_background
from ytdubber.audio.files import write_wav
from ytdubber.domain.errors import Cancelled
from ytdubber.domain.media import AudioFile, Interval

RATE_HZ, SECONDS = 48_000, 12
SPEECH = (Interval(2_000, 5_000), Interval(7_000, 10_000))
SPOKEN = slice(2_500 * 48, 4_500 * 48)


def voice(channels: int = 2) -> Samples:
    """Somebody who speaks twice."""
    sound = np.zeros(SECONDS * RATE_HZ, np.float32)
    for each in SPEECH:
        line = speech(each.duration_ms / 1000, RATE_HZ, seed=each.start_ms)
        sound[each.start_ms * 48 :][: len(line)] = line
    return np.repeat(sound[:, np.newaxis], channels, axis=1)


def left(folder: Path, mix: Samples, voice: Samples, rate_hz: int = RATE_HZ) -> Samples:
    recording = write_wav(folder / "mix.wav", mix, RATE_HZ)
    separated = write_wav(folder / "voice.wav", soxr.resample(voice, RATE_HZ, rate_hz), rate_hz)
    made = write_background(recording, separated, SPEECH, folder / "background.wav")
    assert (made.samples, made.channels) == (len(mix), mix.shape[1])
    sound: Samples
    sound, _ = sf.read(made.path, dtype="float32", always_2d=True)
    assert len(sound) == len(mix)
    return sound


def quiet() -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Where nobody speaks."""
    found = np.ones(SECONDS * RATE_HZ, bool)
    for each in SPEECH:
        start_ms = each.start_ms - LEAD_MS - FADE_MS
        found[start_ms * 48 - 1 : (each.end_ms + TAIL_MS + FADE_MS) * 48 + 1] = False
    return found


def level_db(sound: Samples) -> float:
    return float(10 * np.log10(np.square(sound, dtype=np.float64).mean() + 1e-20))


@pytest.mark.parametrize(("channels", "rate_hz"), [(2, 44_100), (1, 48_000)])
def test_the_pauses_are_the_recording_bit_for_bit_and_the_rest_is_the_music(
    tmp_path: Path, channels: int, rate_hz: int
) -> None:
    bed = (0.3 * music(SECONDS, RATE_HZ)).astype(np.float32)[:, :channels]
    mix = voice(channels) + bed
    sound = left(tmp_path, mix, voice(channels), rate_hz)
    assert np.array_equal(sound[quiet()], mix[quiet()])
    assert level_db(sound[SPOKEN]) == pytest.approx(level_db(bed[SPOKEN]), abs=3)


def test_a_ghost_of_the_voice_is_no_louder_than_what_is_around(tmp_path: Path) -> None:
    """A separator that finds 70 % of the voice leaves it 10 dB down; the room is at -50 dB."""
    room = np.repeat(noise(SECONDS * RATE_HZ, amplitude=0.003)[:, np.newaxis], 2, axis=1)
    sound = left(tmp_path, voice() + room, 0.7 * voice())
    assert level_db(0.3 * voice()[SPOKEN]) > level_db(room) + 20
    assert -8 < level_db(sound[SPOKEN]) - level_db(room) < 3


def test_what_is_much_louder_than_the_voice_is_no_ghost_and_stays(tmp_path: Path) -> None:
    room = np.repeat(noise(SECONDS * RATE_HZ, amplitude=0.001)[:, np.newaxis], 2, axis=1)
    bang = np.zeros_like(room)
    bang[SPOKEN] = noise(2 * RATE_HZ, seed=5, amplitude=0.3)[:, np.newaxis]
    sound = left(tmp_path, voice() + room + bang, 0.9 * voice())
    assert level_db(sound[SPOKEN]) == pytest.approx(level_db(bang[SPOKEN]), abs=1)


def test_without_a_pause_nothing_is_lowered_to_its_surroundings(tmp_path: Path) -> None:
    bed = np.repeat(noise(SECONDS * RATE_HZ, amplitude=0.1)[:, np.newaxis], 2, axis=1)
    recording = write_wav(tmp_path / "mix.wav", bed, RATE_HZ)
    nothing = write_wav(tmp_path / "voice.wav", np.zeros_like(bed), RATE_HZ)
    every = [Interval(0, SECONDS * 1000)]
    made = write_background(recording, nothing, every, tmp_path / "background.wav")
    sound, _ = sf.read(made.path, dtype="float32", always_2d=True)
    assert np.abs(sound - bed).max() < 1e-5


def test_it_can_be_stopped_and_says_how_far_it_is(tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "mix.wav", voice(), RATE_HZ)
    told: list[float] = []

    def check() -> None:
        if told:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_background(
            recording, recording, SPEECH, tmp_path / "background.wav", check, told.append
        )
    assert 0 < told[0] < 0.3


def test_a_voice_that_is_a_sample_short_changes_nothing(tmp_path: Path) -> None:
    recording = write_wav(tmp_path / "mix.wav", voice(), RATE_HZ)
    short = write_wav(tmp_path / "voice.wav", voice()[:-1], RATE_HZ)
    made = write_background(recording, short, SPEECH, tmp_path / "background.wav")
    assert made == AudioFile(tmp_path / "background.wav", RATE_HZ, 2, recording.samples)
