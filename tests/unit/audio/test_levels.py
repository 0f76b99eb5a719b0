import math

import pytest

from ytdubber.audio.levels import Levels, Measured, Setting, is_settled
from ytdubber.audio.profiles import EBU, NETFLIX, YOUTUBE, Content, LoudnessProfile
from ytdubber.audio.rehearsal import CodecEffect
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
    assert levels().first(Content.MIX) == Setting(Content.MIX, 6.0, -1.0)
    assert levels(EBU).first(Content.VOICE) == Setting(Content.VOICE, 1.0, -1.0)


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
    assert setting.ceiling_dbtp == pytest.approx(-2.2)
    assert setting.loss_lu == 0.45
    quiet = levels(EBU).first(Content.MIX, CodecEffect(loss_lu=0.05, overshoot_db=0.5))
    assert quiet == levels(EBU).first(Content.MIX)


def test_what_the_limiter_ate_is_put_back() -> None:
    before = levels().first(Content.MIX)
    assert levels().settled(Measured(before, -14.05), None) == before
    after = levels().settled(Measured(before, -15.0), None)
    assert after.gain_db == pytest.approx(7.25)
    further = levels().settled(Measured(after, -14.5), Measured(before, -15.0))
    assert further.gain_db == pytest.approx(7.25 + 0.5 * 1.25 / 0.5)
    assert not is_settled(before, after)
    assert is_settled(before, levels().settled(Measured(before, -14.3), None))


def test_a_file_over_the_ceiling_or_off_the_target_is_corrected() -> None:
    written = levels().first(Content.MIX)
    assert levels().corrected(written, Loudness(-14.4, -1.0)) == written
    lower = levels().corrected(written, Loudness(-14.0, -0.7))
    assert lower.ceiling_dbtp == pytest.approx(-1.5)
    assert lower.gain_db > written.gain_db
    louder = levels().corrected(written, Loudness(-14.6, -1.2))
    assert louder.ceiling_dbtp == written.ceiling_dbtp
    assert louder.gain_db == pytest.approx(6.75)


def test_a_mix_levelled_by_its_dialogue_is_left_as_loud_as_it_is() -> None:
    written = levels(NETFLIX).first(Content.MIX)
    assert levels(NETFLIX).corrected(written, Loudness(-15.0, -3.0)) == written
    assert levels(NETFLIX).settled(Measured(written, -15.0), None) == written
