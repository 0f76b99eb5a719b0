import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.integration.audio.films import Sound, media
from tests.unit.app.conftest import SPANS_S, FakeDubbing, stages, words
from tests.unit.audio.judge import ebur128

from ytdubber.app.pipeline.progress import Progress
from ytdubber.domain.errors import (
    AllLanguagesFailed,
    BadSetting,
    Cancelled,
    DurationMismatch,
    ErrorKind,
    LanguageNotSpoken,
    NoSpeech,
    NoSuchTrack,
    NothingToDub,
    PairNotTranslatable,
    VendorError,
)
from ytdubber.domain.stage import Stage
from ytdubber.testing.engines import FakeSpeechToText, FakeSynthesizer, FakeTranslator
from ytdubber.testing.shortening import FakeShortener

SHARED = {"manifest.json", "transcript.json", "transcript.srt", "transcript.ttml"}
SHARED |= {"transcript.vtt"}


def broken(fault: ErrorKind = ErrorKind.BAD_OUTPUT) -> VendorError:
    return VendorError("fake", fault, "it broke")


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_dub_has_every_file_at_the_length_of_the_original(fakes: FakeDubbing) -> None:
    outcome = fakes.dub(fakes.request("pt", "es", formats=("flac", "wav")))
    texts = {"captions.srt", "captions.vtt", "translation.json", "translation.ttml"}
    sounds = {"voice.flac", "voice.wav", "mix.flac", "mix.wav"}
    each = {f"{language}/{name}" for language in ("pt", "es") for name in texts | sounds}
    assert set(files(fakes.out)) == SHARED | each
    for name in ("pt/voice.flac", "pt/mix.wav", "es/mix.flac"):
        info = sf.info(fakes.out / name)
        assert (info.frames, info.samplerate) == (9 * 48_000, 48_000)
        assert info.channels == (1 if "voice" in name else 2)
    assert outcome.manifest.languages["pt"].engines["synthesizer"].model == "tones"


def test_lines_begin_where_the_original_did(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request())
    lines = json.loads((fakes.out / "pt" / "translation.json").read_bytes())["utterances"]
    for line, (start_s, _) in zip(lines, SPANS_S, strict=True):
        assert abs(line["dub_start_ms"] - start_s * 1000) <= 10
        assert line["spoken_ms"] <= line["slot_ms"]
    assert all(a["dub_end_ms"] < b["dub_start_ms"] for a, b in pairwise(lines))


def test_a_voice_without_background_gives_no_mix(fakes: FakeDubbing) -> None:
    request = fakes.request()
    fakes.dub(type(request)(request.voice, None, None, ("pt",), request.options))
    assert "pt/voice.flac" in files(fakes.out)
    assert "pt/mix.flac" not in files(fakes.out)


@pytest.mark.parametrize("rate_hz", [22_050, 44_100, 96_000])
def test_a_dub_keeps_the_sources_rate_when_asked(fakes: FakeDubbing, rate_hz: int) -> None:
    sf.write(fakes.background, [[0.1, -0.1]] * (9 * rate_hz), rate_hz)
    fakes.dub(fakes.request(source_rate=True, formats=("flac", "wav", "mp3", "m4a", "opus")))
    for name in ("voice.flac", "mix.wav"):
        info = sf.info(fakes.out / "pt" / name)
        assert (info.samplerate, info.frames) == (rate_hz, 9 * rate_hz)


@pytest.mark.parametrize("gain", [0.25, 1.0])
def test_a_dub_is_as_loud_as_its_original_where_that_is_asked_for(
    fakes: FakeDubbing, gain: float
) -> None:
    voice, background = sf.read(fakes.voice)[0], sf.read(fakes.background)[0]
    sf.write(fakes.voice, gain * voice, 16_000)
    sf.write(fakes.background, gain * background, 48_000)
    both = gain * (background + np.repeat(voice, 3)[:, np.newaxis])
    original = ebur128(both.astype(np.float32), 48_000).integrated_lufs
    fakes.dub(fakes.request("pt", loudness="source"))
    dub, _ = sf.read(fakes.out / "pt/mix.flac", dtype="float32")
    assert ebur128(dub, 48_000).integrated_lufs == pytest.approx(original, abs=0.5)
    assert fakes.dub(fakes.request("pt", loudness="source")).reused == ("pt",)


def test_two_languages_share_one_hearing(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt", "es"))
    heard, translated, spoken = fakes.counts()
    assert (heard, translated) == (1, 2)
    assert spoken >= 6


def test_a_second_run_does_nothing(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt", "es"))
    before = fakes.counts()
    outcome = fakes.dub(fakes.request("es", "pt"))
    assert outcome.reused == ("es", "pt")
    assert fakes.counts() == before


def test_a_further_language_keeps_the_first_and_hears_nothing_again(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt"))
    before = (fakes.out / "pt" / "mix.flac").stat().st_mtime_ns
    outcome = fakes.dub(fakes.request("pt", "es"))
    assert outcome.reused == ("pt",)
    assert set(outcome.manifest.languages) == {"pt", "es"}
    assert fakes.counts()[0] == 1
    assert (fakes.out / "pt" / "mix.flac").stat().st_mtime_ns == before


def test_another_format_speaks_nothing_again_and_removes_the_old_files(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request())
    before = fakes.counts()
    fakes.dub(fakes.request(formats=("wav",)))
    assert fakes.counts() == before
    assert "pt/mix.wav" in files(fakes.out)
    assert "pt/mix.flac" not in files(fakes.out)


def test_stems_are_refused_where_they_cannot_add_up(fakes: FakeDubbing) -> None:
    with pytest.raises(BadSetting, match="flac and wav only"):
        fakes.use_case().validate(fakes.request(stems=True, formats=("mp3",)))
    alone = replace(fakes.request(stems=True), background=None)
    with pytest.raises(BadSetting, match="as the background"):
        fakes.use_case().validate(alone)


def test_stems_are_made_in_the_lossless_formats_and_the_rest_stays(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request(formats=("flac", "mp3")))
    before = (fakes.out / "pt" / "mix.flac").read_bytes()
    outcome = fakes.dub(fakes.request(formats=("flac", "mp3"), stems=True))
    sounds = [file.path for file in outcome.manifest.languages["pt"].files if file.samples]
    assert set(sounds) == {
        *(f"pt/{name}" for name in ("voice.flac", "voice.mp3", "mix.flac", "mix.mp3")),
        "pt/voice-stem.flac",
        "pt/background-stem.flac",
    }
    assert (fakes.out / "pt" / "mix.flac").read_bytes() == before
    targets = {f.path: f.target_lufs for f in outcome.manifest.languages["pt"].files if f.samples}
    assert targets["pt/mix.flac"] == -14.0
    assert targets["pt/voice.flac"] == -16.0
    assert targets["pt/voice-stem.flac"] is None


def test_another_recording_replaces_the_dub(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt", "es"))
    sound, rate_hz = sf.read(fakes.voice, dtype="float32")
    sf.write(fakes.voice, sound * 0.5, rate_hz)
    outcome = fakes.dub(fakes.request("pt"))
    assert set(outcome.manifest.languages) == {"pt"}
    assert not (fakes.out / "es").exists()


def test_a_damaged_file_is_made_again(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request())
    (fakes.out / "pt" / "captions.srt").write_text("no")
    outcome = fakes.dub(fakes.request())
    assert outcome.reused == ()
    assert "-->" in (fakes.out / "pt" / "captions.srt").read_text()


def test_the_spoken_language_is_skipped_beside_others_and_refused_alone(fakes: FakeDubbing) -> None:
    outcome = fakes.dub(fakes.request("en", "pt"))
    assert outcome.manifest.languages["en"].status == "skipped"
    with pytest.raises(NothingToDub):
        fakes.dub(fakes.request("en"))


def test_what_is_left_in_other_languages_is_told_with_its_seconds(fakes: FakeDubbing) -> None:
    last = words()[-1]
    aside = replace(last, text="Adieu!", start_ms=8_500, end_ms=8_700, language="fr")
    spoken = [replace(w, end_ms=min(w.end_ms, 8_400)) for w in words()]
    fakes.speech_to_text = FakeSpeechToText([*spoken, aside])
    told = r"0\.2 s in other languages are left as they are\."
    with pytest.raises(NothingToDub, match=told):
        fakes.dub(fakes.request("en"))
    entry = fakes.dub(fakes.request("en", "pt")).manifest.languages["en"]
    assert (entry.status, entry.error_code) == ("skipped", "same_language")
    assert re.search(told, entry.error_message or "")
    with pytest.raises(NothingToDub, match=told):
        fakes.dub(fakes.request("en"))


def test_a_recording_mostly_in_the_target_is_dubbed_for_its_other_parts(fakes: FakeDubbing) -> None:
    spoken = [replace(w, language="fr" if "word1" in w.text else None) for w in words()]
    fakes.speech_to_text = FakeSpeechToText(spoken)
    fakes.translator = FakeTranslator([("fr", "en")])
    outcome = fakes.dub(fakes.request("en"))
    assert outcome.manifest.languages["en"].status == "complete"
    lines = json.loads((fakes.out / "en" / "translation.json").read_bytes())["utterances"]
    assert [line["target"].startswith("en:") for line in lines] == [False, True, False]
    said = json.loads((fakes.out / "transcript.json").read_bytes())["utterances"]
    assert [line["language"] for line in said] == ["en", "fr", "en"]
    assert fakes.dub(fakes.request("en")).reused == ("en",)


def test_one_failed_language_does_not_fail_the_others(fakes: FakeDubbing) -> None:
    fakes.translator = FakeTranslator(broken={"pt": broken()})
    outcome = fakes.dub(fakes.request("pt", "es"))
    assert outcome.manifest.languages["pt"].status == "failed"
    assert outcome.manifest.languages["pt"].error_code == "vendor_error"
    assert outcome.manifest.languages["es"].status == "complete"
    with fakes.database.begin() as work:
        (job_id,) = work._rows.jobs  # the only job
        tasks = {task.language: task.stage for task in work.tasks.of_job(job_id)}
    assert tasks == {"pt": Stage.FAILED, "es": Stage.COMPLETE}


def test_when_every_language_fails_nothing_is_left(fakes: FakeDubbing) -> None:
    fakes.synthesizer = FakeSynthesizer(faults={0: broken()})
    with pytest.raises(AllLanguagesFailed, match="it broke"):
        fakes.dub(fakes.request())
    assert not fakes.out.exists()


def test_what_was_spoken_before_a_failure_is_not_spoken_again(fakes: FakeDubbing) -> None:
    fakes.synthesizer = FakeSynthesizer(faults={2: broken(ErrorKind.UNAVAILABLE)})
    with pytest.raises(AllLanguagesFailed):
        fakes.dub(fakes.request())
    fakes.dub(fakes.request())
    assert fakes.counts() == (1, 1, 4)


def test_stages_come_in_order_and_progress_never_goes_back(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request())
    assert stages(fakes.progress, None) == ["stt"]
    assert stages(fakes.progress, "pt") == [
        "translating", "dubbing", "mixing", "exporting", "complete"
    ]  # fmt: skip
    for a, b in pairwise(fakes.progress):
        if (a.language, a.stage) == (b.language, b.stage):
            assert a.fraction <= b.fraction


@pytest.mark.parametrize("stage", [Stage.STT, Stage.TRANSLATING, Stage.DUBBING, Stage.MIXING])
def test_a_cancelled_dub_leaves_nothing(fakes: FakeDubbing, stage: Stage) -> None:
    def check() -> None:
        if fakes.progress and fakes.progress[-1].stage is stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        fakes.dub(fakes.request(), check)
    assert not fakes.out.exists()


def test_no_line_is_spoken_again_for_speed_alone(fakes: FakeDubbing) -> None:
    fakes.translator = FakeTranslator(growth=1.8)
    outcome = fakes.dub(fakes.request())
    figures = outcome.manifest.languages["pt"].figures
    assert figures is not None
    assert 1.05 < figures.rate_max
    assert fakes.synthesizer.calls.count == figures.utterances


def test_what_is_spoken_is_every_line_and_every_shorter_text(fakes: FakeDubbing) -> None:
    fakes.translator = FakeTranslator(growth=2.5)
    fakes.shortener = FakeShortener(most=0.05)
    outcome = fakes.dub(fakes.request())
    figures = outcome.manifest.languages["pt"].figures
    assert figures is not None
    assert figures.rate_max > 1.15
    shorter = {(over.id, over.text) for over in fakes.shortener.asked}
    assert shorter
    assert fakes.synthesizer.calls.count == figures.utterances + len(shorter)


def test_a_long_line_is_heard_faster_and_fits(fakes: FakeDubbing) -> None:
    fakes.translator = FakeTranslator(growth=2.5)
    fakes.dub(fakes.request())
    lines = json.loads((fakes.out / "pt" / "translation.json").read_bytes())["utterances"]
    assert any(line["stretch"] > 1 for line in lines)
    assert all(a["dub_end_ms"] <= b["dub_start_ms"] for a, b in pairwise(lines))
    assert all(line["dub_end_ms"] <= 9_000 for line in lines)
    assert any(line["needs_review"] for line in lines)


def test_a_long_line_is_shortened_where_the_translator_can(fakes: FakeDubbing) -> None:
    fakes.translator = FakeTranslator(growth=2.5)
    fakes.dub(fakes.request("es"))
    unshortened = json.loads((fakes.out / "es" / "translation.json").read_bytes())["utterances"]
    assert any(line["needs_review"] for line in unshortened)
    fakes.shortener = FakeShortener(most=0.15)
    fakes.dub(fakes.request("pt"))
    lines = json.loads((fakes.out / "pt" / "translation.json").read_bytes())["utterances"]
    assert fakes.shortener.calls.count == 2
    assert all(over.spoken_ms > over.room_ms for over in fakes.shortener.asked)
    assert all(
        len(a["target"]) <= len(b["target"]) for a, b in zip(lines, unshortened, strict=True)
    )
    assert max(line["rate"] for line in lines) < max(line["rate"] for line in unshortened)


def test_a_voices_pace_is_learned(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request())
    (rate,) = json.loads((fakes.folder / "rates.json").read_bytes()).values()
    assert rate == pytest.approx(0.7 * 15 + 0.3 * 1000 / 60, abs=0.01)


def test_silence_is_refused(fakes: FakeDubbing) -> None:
    sf.write(fakes.voice, [0.0] * 9 * 16_000, 16_000)
    with pytest.raises(NoSpeech, match=r"voice\.wav"):
        fakes.dub(fakes.request())
    assert not fakes.out.exists()


def test_sound_without_words_is_refused(fakes: FakeDubbing) -> None:
    fakes.speech_to_text = FakeSpeechToText([])
    with pytest.raises(NoSpeech):
        fakes.dub(fakes.request())


def test_stems_that_differ_are_refused_or_made_to_agree(fakes: FakeDubbing) -> None:
    sound, rate_hz = sf.read(fakes.background, dtype="float32")
    sf.write(fakes.background, sound[:-rate_hz], rate_hz)
    with pytest.raises(DurationMismatch, match=r"9\.000 s.*8\.000 s"):
        fakes.dub(fakes.request(tolerance_ms=999))
    outcome = fakes.dub(fakes.request(tolerance_ms=1_000))
    assert outcome.manifest.source.stem_difference_ms == 1_000
    assert sf.info(fakes.out / "pt" / "voice.flac").frames == 8 * 48_000


def test_what_cannot_be_spoken_or_translated_is_refused_at_once(fakes: FakeDubbing) -> None:
    with pytest.raises(LanguageNotSpoken, match="en, es, pt"):
        fakes.dub(fakes.request("de"))
    fakes.translator = FakeTranslator(pairs=[("en", "es")])
    with pytest.raises(PairNotTranslatable, match="firefox-en-pt"):
        fakes.dub(fakes.request("pt"))


def test_the_remedy_for_a_pair_without_english_names_both_its_halves(fakes: FakeDubbing) -> None:
    fakes.translator = FakeTranslator(pairs=[("en", "es")])
    request = replace(fakes.request("pt"), source_language="es")
    with pytest.raises(PairNotTranslatable, match=r"firefox-es-en firefox-en-pt\."):
        fakes.dub(request)


def test_progress_is_told_as_it_happens(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request())
    assert fakes.progress[-1] == Progress("pt", Stage.COMPLETE, 1.0)


def test_the_sound_asked_for_is_dubbed_and_the_manifest_says_which(fakes: FakeDubbing) -> None:
    voice, rate_hz = sf.read(fakes.voice, dtype="float32")
    sounds = [
        Sound(voice * level, "flac", language=language, rate_hz=rate_hz)
        for language, level in (("fra", 0.5), ("eng", 1.0))
    ]
    media(fakes.folder / "film", "matroska", sounds)
    request = fakes.request(track="en")
    request = replace(request, voice=fakes.folder / "film")
    source = fakes.dub(request).manifest.source
    assert source.track == 2
    (note,) = source.notes
    assert "film: sound track 2 (eng, flac" in note
    again = fakes.dub(replace(request, options=replace(request.options, track="fr")))
    assert again.manifest.source.track == 1
    with pytest.raises(NoSuchTrack, match=r"It has 1 \(fra, flac.*, 2 \(eng"):
        fakes.dub(replace(request, options=replace(request.options, track="de")))
