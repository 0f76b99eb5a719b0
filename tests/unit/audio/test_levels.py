import math

import pytest

from ytdubber.audio.codec_probe import CodecEffect
from ytdubber.audio.levels import GainSetting, Levels, Measured, is_converged
from ytdubber.audio.profiles import EBU, NETFLIX, YOUTUBE, Content, LoudnessProfile
from ytdubber.audio.verify import Loudness

VOICE = Loudness(-24.0, -6.0)
MIX = Loudness(-20.0, -4.0)
SILENCE = Loudness(-70.0, -math.inf)


def levels(
    profile: LoudnessProfile = YOUTUBE,
    voice: Loudness = VOICE,
) -> Levels:
    return Levels(profile, {Content.VOICE: voice, Content.MIX: MIX}, mix_channels=2)


def test_the_gain_leads_to_the_target() -> None:
    assert levels().first(Content.MIX) == GainSetting(Content.MIX, 6.0, -1.0)
    assert levels(EBU).first(Content.VOICE) == GainSetting(Content.VOICE, 1.0, -1.0)


def test_dialogue_counts_in_every_channel_of_the_mix() -> None:
    assert levels(NETFLIX).first(Content.VOICE).gain_db == pytest.approx(-3.0)
    assert levels(NETFLIX).first(Content.MIX).gain_db == pytest.approx(-3.0 - 3.01, abs=0.01)


def test_silence_gets_no_gain_and_a_whisper_not_too_much() -> None:
    assert levels(voice=SILENCE).first(Content.VOICE).gain_db == 0.0
    assert levels(NETFLIX, voice=SILENCE).first(Content.MIX).gain_db == 0.0
    assert levels(voice=Loudness(-66.0, -50.0)).first(Content.VOICE).gain_db == 30.0


def test_a_codec_s_effect_is_allowed_for_where_the_limiter_works() -> None:
    setting = levels().first(Content.MIX, CodecEffect(loss_lu=0.45, overshoot_db=0.5))
    assert setting.gain_db == pytest.approx(6.45)
    assert setting.ceiling_dbtp == pytest.approx(-2.7)
    assert setting.loss_lu == 0.45
    quiet = levels(EBU).first(Content.MIX, CodecEffect(loss_lu=0.05, overshoot_db=0.5))
    assert quiet == levels(EBU).first(Content.MIX)


def test_what_the_limiter_ate_is_put_back() -> None:
    before = levels().first(Content.MIX)
    assert levels().converge(Measured(before, -14.05), None) == before
    after = levels().converge(Measured(before, -15.0), None)
    assert after.gain_db == pytest.approx(7.25)
    further = levels().converge(Measured(after, -14.5), Measured(before, -15.0))
    assert further.gain_db == pytest.approx(7.25 + 0.5 * 1.25 / 0.5)
    assert not is_converged(before, after)
    assert is_converged(before, levels().converge(Measured(before, -14.3), None))


def test_a_file_over_the_ceiling_or_off_the_target_is_corrected() -> None:
    written = levels().first(Content.MIX)
    assert levels().corrected(written, -14.0, Loudness(-14.4, -1.0)) == written
    lower = levels().corrected(written, -14.0, Loudness(-14.0, -0.7))
    assert lower.ceiling_dbtp == pytest.approx(-1.5)
    assert lower.gain_db == written.gain_db
    louder = levels().corrected(written, -14.1, Loudness(-14.6, -1.2))
    assert louder.ceiling_dbtp == written.ceiling_dbtp
    assert louder.gain_db == pytest.approx(6.6)
    assert louder.loss_lu == pytest.approx(0.5)


def test_what_has_all_the_gain_there_is_is_not_written_again() -> None:
    most = GainSetting(Content.MIX, 30.0, -1.0)
    assert levels().corrected(most, -15.0, Loudness(-15.5, -1.2)) == most
    assert levels().corrected(most, -15.0, Loudness(-15.5, -0.9)).ceiling_dbtp < -1.0


def test_after_a_correction_the_limiter_converges_to_what_the_codec_takes() -> None:
    lower = levels().corrected(levels().first(Content.MIX), -13.8, Loudness(-14.0, -0.7))
    assert levels().converge(Measured(lower, -13.8), None) == lower
    assert levels().converge(Measured(lower, -14.4), None).gain_db > lower.gain_db


def test_settling_gets_there_though_the_limiter_eats_most_of_what_is_put_in() -> None:
    now, before = Measured(levels().first(Content.MIX), -15.1), None
    for _ in range(3):
        setting = levels().converge(now, before)
        eaten = 7.0 * (1.0 - 0.9 ** (setting.gain_db - 6.0))  # each dB adds less than the last
        now, before = Measured(setting, -15.1 + 0.2 * eaten), now
    assert now.integrated_lufs == pytest.approx(-14.0, abs=0.2)


def test_a_mix_levelled_by_its_dialogue_is_left_as_loud_as_it_is() -> None:
    written = levels(NETFLIX).first(Content.MIX)
    assert levels(NETFLIX).corrected(written, -15.0, Loudness(-15.0, -3.0)) == written
    assert levels(NETFLIX).converge(Measured(written, -15.0), None) == written


def test_a_voice_alone_is_no_louder_than_its_peaks_allow() -> None:
    gentle = levels(voice=Loudness(-24.0, -12.0))
    assert gentle.target_lufs(Content.VOICE) == -16.0
    assert gentle.first(Content.VOICE).gain_db == pytest.approx(8.0)
    peaky = levels(voice=Loudness(-24.0, -3.0)).first(Content.VOICE)
    assert peaky.gain_db == pytest.approx(-1.0 - 0.1 + 3.0 + 3.0)


@pytest.mark.parametrize("lufs", [-20.0, -18.0])
def test_no_correction_presses_a_voice_further(lufs: float) -> None:
    found = levels(voice=Loudness(-24.0, -3.0))
    first = found.first(Content.VOICE)
    assert found.converge(Measured(first, lufs), None) == first
    assert found.corrected(first, lufs, Loudness(lufs, -1.2)) == first
    assert found.reached_lufs(first, lufs) == lufs
    over = found.corrected(first, lufs, Loudness(lufs, -0.6))
    assert first.gain_db - over.gain_db == pytest.approx(first.ceiling_dbtp - over.ceiling_dbtp)


def test_the_files_of_a_voice_share_the_lowest_ceiling() -> None:
    found = levels(voice=Loudness(-24.0, -3.0))
    plain = found.first(Content.VOICE)
    coded = found.first(Content.VOICE, CodecEffect(overshoot_db=0.4))
    assert found.under_one_ceiling([plain, coded]) == [coded, coded]
