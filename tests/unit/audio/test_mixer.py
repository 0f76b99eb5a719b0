import math
from pathlib import Path

import numpy as np
import pytest
from tests.unit.audio.judge import ebur128
from tests.unit.audio.programme import RATE, TOTAL, bed, clips, everything, heard
from tests.unit.audio.sounds import creak, music, noise, speech

from ytdubber.audio.ducking import Ducking
from ytdubber.audio.files import write_wav
from ytdubber.audio.mixer import Mastered, master
from ytdubber.audio.profiles import (
    PROFILES,
    AudioFormat,
    Content,
    Deliverable,
    LoudnessProfile,
)
from ytdubber.audio.timeline import Clip
from ytdubber.domain.errors import Cancelled

pytestmark = pytest.mark.dubs


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("profile", ["youtube", "ebu", "podcast"])
def test_every_format_is_as_long_as_loud_and_as_high_as_it_should_be(
    tmp_path: Path, sounds: Path, profile: str, channels: int
) -> None:
    told: list[float] = []
    mastered = master(
        clips(sounds),
        bed(sounds, channels),
        TOTAL,
        everything(tmp_path),
        profile=PROFILES[profile],
        progress=told.append,
    )
    target = PROFILES[profile]
    assert [each.deliverable for each in mastered] == everything(tmp_path)
    for each in mastered:
        assert each.samples == TOTAL
        assert each.channels == (1 if each.deliverable.content is Content.VOICE else channels)
        judged = ebur128(heard(each), RATE)
        aim = -16.0 if each.deliverable.content is Content.VOICE else 0.0
        assert each.target_lufs == min(target.target_lufs, aim)
        assert judged.integrated_lufs == pytest.approx(each.target_lufs, abs=0.5), each
        assert judged.true_peak_dbtp <= target.ceiling_dbtp, each
        assert each.integrated_lufs == pytest.approx(judged.integrated_lufs, abs=0.1)
        assert each.true_peak_dbtp == pytest.approx(judged.true_peak_dbtp, abs=0.2)
        assert each.bytes == each.path.stat().st_size
        assert len(each.sha256) == 64
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_netflix_levels_the_dialogue(tmp_path: Path, sounds: Path) -> None:
    formats = (AudioFormat.FLAC, AudioFormat.MP3)
    voice, voice_mp3, mix, _ = master(
        clips(sounds),
        bed(sounds),
        TOTAL,
        everything(tmp_path, formats),
        profile=PROFILES["netflix"],
    )
    for each in (voice, voice_mp3):
        assert ebur128(heard(each), RATE).integrated_lufs == pytest.approx(-27.0, abs=0.5)
    assert voice.dialogue_lufs == pytest.approx(-27.0, abs=0.1)
    # The voice is in both channels of the mix: it is as loud there with half the power in each.
    assert mix.dialogue_lufs == pytest.approx(-27.0, abs=0.1)
    assert mix.gain_db == pytest.approx(voice.gain_db - 3.01, abs=0.1)
    assert ebur128(heard(mix), RATE).true_peak_dbtp <= -2.0


def test_voice_and_background_are_in_the_mix_untouched_but_for_the_gain(
    tmp_path: Path, sounds: Path
) -> None:
    deliverables = everything(tmp_path, [AudioFormat.WAV])
    voice, mix = master(clips(sounds), bed(sounds), TOTAL, deliverables, profile=PROFILES["ebu"])
    voice_alone = heard(voice) / 10 ** (voice.gain_db / 20)
    background = music(12.1, RATE)[:TOTAL]
    rebuilt = heard(mix) / 10 ** (mix.gain_db / 20) - voice_alone
    assert np.abs(rebuilt - background).max() < 1e-6 * 10 ** (abs(mix.gain_db) / 20) * 4


def test_ducking_turns_the_background_down_under_the_voice(tmp_path: Path, sounds: Path) -> None:
    deliverables = [Deliverable(Content.MIX, AudioFormat.WAV, tmp_path / "mix.wav")]
    (mix,) = master(
        [Clip(clips(sounds)[0].audio, 2 * RATE, 96_000, gain_db=-120.0)],
        bed(sounds),
        TOTAL,
        deliverables,
        profile=PROFILES["ebu"],
        ducking=Ducking(depth_db=-10.0),
    )
    ratio = heard(mix) / 10 ** (mix.gain_db / 20) / (music(12.1, RATE)[:TOTAL] + 1e-12)
    assert np.median(ratio[:RATE]) == pytest.approx(1.0, abs=1e-3)
    assert np.median(ratio[2 * RATE : 4 * RATE]) == pytest.approx(10 ** (-10 / 20), abs=1e-3)
    assert np.median(ratio[5 * RATE :]) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("offsets", [(0.3, -0.2), (0.3, 0.0), (0.01, 0.01)])
@pytest.mark.parametrize("part", [slice(None), slice(5 * RATE, None)])
def test_an_offset_of_the_background_changes_neither_loudness_nor_peaks(
    tmp_path: Path, sounds: Path, offsets: tuple[float, float], part: slice
) -> None:
    moved = music(12.1, RATE)
    plain = write_wav(tmp_path / "plain.wav", moved, RATE)
    moved[part] += np.asarray(offsets, np.float32)
    background = write_wav(tmp_path / "moved.wav", moved, RATE)
    made: list[Mastered] = []
    for number, each in enumerate((plain, background)):
        wanted = [Deliverable(Content.MIX, AudioFormat.WAV, tmp_path / f"mix{number}.wav")]
        made += master(clips(sounds), each, TOTAL, wanted)
    usual, found = made
    assert found.gain_db == pytest.approx(usual.gain_db, abs=0.1)
    assert ebur128(heard(found), RATE).integrated_lufs == pytest.approx(-14.0, abs=0.2)
    apart = heard(found)[-2 * RATE :] - heard(usual)[-2 * RATE :]
    assert np.abs(apart).max() < 0.01
    assert np.abs(heard(found)[-2 * RATE :].mean(axis=0)).max() < 1e-3


@pytest.mark.parametrize("seconds", [5.0, 20.0])
def test_a_background_of_another_length_is_padded_or_cut(
    tmp_path: Path, sounds: Path, seconds: float
) -> None:
    background = write_wav(tmp_path / "bed.wav", music(seconds), RATE)
    (mix,) = master(
        clips(sounds),
        background,
        TOTAL,
        [Deliverable(Content.MIX, AudioFormat.FLAC, tmp_path / "mix.flac")],
    )
    assert heard(mix).shape == (TOTAL, 2)


def test_without_a_background_the_mix_is_the_voice(tmp_path: Path, sounds: Path) -> None:
    voice, mix = master(
        clips(sounds), None, TOTAL, everything(tmp_path, [AudioFormat.WAV]), profile=PROFILES["ebu"]
    )
    assert mix.channels == 1
    assert np.array_equal(heard(voice), heard(mix))


@pytest.mark.parametrize("audio_format", AudioFormat)
def test_silence_stays_silence(tmp_path: Path, audio_format: AudioFormat) -> None:
    background = write_wav(tmp_path / "bed.wav", np.zeros((RATE, 2), np.float32), RATE)
    for each in master([], background, RATE, everything(tmp_path, [audio_format])):
        assert each.gain_db == 0.0
        assert each.integrated_lufs == -70.0
        assert each.dialogue_lufs == -70.0
        assert np.abs(heard(each)).max() < 1e-4


def test_a_whisper_is_not_blown_up(tmp_path: Path) -> None:
    background = write_wav(tmp_path / "bed.wav", noise(3 * RATE, amplitude=5e-4), RATE)
    (mix,) = master(
        [],
        background,
        3 * RATE,
        [Deliverable(Content.MIX, AudioFormat.FLAC, tmp_path / "mix.flac")],
    )
    assert mix.gain_db == 30.0
    assert mix.true_peak_dbtp < -20.0


@pytest.mark.parametrize("samples", [1, 100, 5000])
def test_the_shortest_of_sounds(tmp_path: Path, samples: int) -> None:
    background = write_wav(tmp_path / "bed.wav", noise(samples)[:, np.newaxis], RATE)
    formats = (AudioFormat.FLAC, AudioFormat.WAV, AudioFormat.OPUS)
    for each in master([], background, samples, everything(tmp_path, formats)):
        assert heard(each).shape == (samples, 1)
        assert each.true_peak_dbtp <= -1.0 or each.deliverable.content is Content.VOICE


@pytest.mark.parametrize("with_background", [True, False])
@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000, 192_000])
def test_at_another_rate(tmp_path: Path, rate: int, with_background: bool) -> None:
    total = rate * 4 + 1
    line = write_wav(tmp_path / "line.wav", speech(2.0), 24_000)
    background = write_wav(tmp_path / "bed.wav", music(5.0, rate), rate)
    for each in master(
        [Clip(line, rate // 9, rate * 9 // 5)],
        background if with_background else None,
        total,
        everything(tmp_path),
        sample_rate_hz=rate,
    ):
        if each.deliverable.format.lossless or rate in (22_050, 44_100):
            opus = each.deliverable.format is AudioFormat.OPUS
            assert each.sample_rate_hz == (48_000 if opus else rate)
        assert each.samples == round(total * each.sample_rate_hz / rate)
        judged = ebur128(heard(each), each.sample_rate_hz)
        aim = -16 if each.deliverable.content is Content.VOICE or not with_background else -14
        aim = -14 if each.deliverable.content is Content.MIX else aim
        assert judged.integrated_lufs == pytest.approx(aim, abs=0.5), each
        assert judged.true_peak_dbtp <= -1.0, each


@pytest.mark.parametrize("seed", [2, 4])
def test_a_mix_whose_peaks_a_codec_raises_is_as_loud_as_any(tmp_path: Path, seed: int) -> None:
    """Its limiter works hard, and has to work harder once the codec's overshoot is known."""
    rate = 44_100
    line = write_wav(tmp_path / "line.wav", creak(6.0, seed=seed), 24_000)
    wanted = [Deliverable(Content.MIX, AudioFormat.OPUS, tmp_path / "mix.opus")]
    (mix,) = master([Clip(line, 0, 6 * rate)], None, 6 * rate, wanted, sample_rate_hz=rate)
    judged = ebur128(heard(mix), mix.sample_rate_hz)
    assert judged.integrated_lufs == pytest.approx(-14, abs=0.5)
    assert judged.true_peak_dbtp <= -1.0


def test_a_voice_alone_is_pressed_by_3_db_at_most(tmp_path: Path) -> None:
    """And says how loud that leaves it, the same in every format."""
    sound = 0.3 * creak(6.0)
    sound[30_000:40_000] *= 3.0  # a shout
    line = write_wav(tmp_path / "line.wav", sound, 24_000)
    clip, total = Clip(line, 0, 6 * RATE), 6 * RATE
    (plain,) = master(
        [clip],
        None,
        total,
        [Deliverable(Content.VOICE, AudioFormat.WAV, tmp_path / "plain.wav")],
        profile=LoudnessProfile("soft", -40.0, -1.0),
    )
    made = master(
        [clip], None, total, [e for e in everything(tmp_path) if e.content is Content.VOICE]
    )
    wav = next(each for each in made if each.deliverable.format is AudioFormat.WAV)
    asked = heard(plain) * 10 ** ((wav.gain_db - plain.gain_db) / 20)
    loud = np.abs(asked) > 0.05
    reduced_db = -20 * np.log10(np.abs(heard(wav)[loud]) / np.abs(asked[loud]))
    assert 1.0 < reduced_db.max() <= 3.001
    for each in made:
        judged = ebur128(heard(each), RATE)
        assert each.target_lufs is not None
        assert each.target_lufs < -16.0
        assert judged.integrated_lufs == pytest.approx(each.target_lufs, abs=0.3)
        assert judged.integrated_lufs == pytest.approx(made[0].integrated_lufs, abs=0.5)
        assert judged.true_peak_dbtp <= -1.0


def test_a_background_at_another_rate_is_refused(tmp_path: Path, sounds: Path) -> None:
    with pytest.raises(ValueError, match="is no background at 44100 Hz"):
        master([], bed(sounds), TOTAL, everything(tmp_path), sample_rate_hz=44_100)


@pytest.mark.parametrize("checks", [0, 4, 11, 15, 19])
def test_cancelling_leaves_nothing_behind(tmp_path: Path, sounds: Path, checks: int) -> None:
    left = checks

    def check() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        master(clips(sounds), bed(sounds), TOTAL, everything(tmp_path), check=check)
    assert not list(tmp_path.iterdir())


def test_the_same_twice_is_the_same_to_the_byte(tmp_path: Path, sounds: Path) -> None:
    digests = []
    for turn in ("a", "b"):
        (tmp_path / turn).mkdir()
        done = master(clips(sounds), bed(sounds), TOTAL, everything(tmp_path / turn))
        digests.append([each.sha256 for each in done])
    assert digests[0] == digests[1]


def test_peaks_stay_under_the_ceiling_though_the_target_cannot_be_reached(tmp_path: Path) -> None:
    clicks = np.zeros((4 * RATE, 2), np.float32)
    clicks[::4800] = 0.9
    clicks += noise(4 * RATE, amplitude=1e-3)[:, np.newaxis]
    background = write_wav(tmp_path / "bed.wav", clicks, RATE)
    formats = (AudioFormat.FLAC, AudioFormat.MP3)
    for each in master([], background, 4 * RATE, everything(tmp_path, formats)):
        if each.deliverable.content is Content.MIX:
            assert each.true_peak_dbtp <= -1.0
            assert not math.isinf(each.true_peak_dbtp)


@pytest.mark.parametrize(
    ("profile", "shout", "passes"),
    [
        ("ebu", 1.0, 2),  # nothing reaches the ceiling
        ("podcast", 1.0, 2),
        ("youtube", 3.0, 2),  # a shout does, which changes the loudness by a few hundredths
    ],
)
def test_all_of_it_is_rendered_once_to_measure_and_once_to_write(
    tmp_path: Path, sounds: Path, profile: str, shout: float, passes: int
) -> None:
    sound = speech(4.0, 24_000, 1)
    sound[48_000:48_240] *= shout
    line = write_wav(tmp_path / "line.wav", sound, 24_000)
    blocks = []
    made = master(
        [Clip(line, 2 * RATE, 4 * RATE)],
        bed(sounds),
        12 * RATE,
        everything(tmp_path, [AudioFormat.FLAC]),
        profile=PROFILES[profile],
        check=lambda: blocks.append(1),
    )
    assert len(blocks) == passes * 6
    for each in made:
        judged = ebur128(heard(each), RATE)
        assert each.target_lufs is not None
        assert judged.integrated_lufs == pytest.approx(each.integrated_lufs, abs=0.05)
        assert judged.integrated_lufs == pytest.approx(each.target_lufs, abs=0.2)
        assert judged.true_peak_dbtp == pytest.approx(each.true_peak_dbtp, abs=0.1)
        assert judged.true_peak_dbtp <= PROFILES[profile].ceiling_dbtp
