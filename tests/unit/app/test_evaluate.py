import json
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.unit.app.conftest import FakeDubbing

from ytdubber.app.dubs.evaluate import Evaluate, NotADub
from ytdubber.domain.media import Interval


def evaluate(tmp_path: Path) -> Evaluate:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Evaluate(scratch, lambda: None)


def test_a_finished_dub_is_scored_on_its_files(fakes: FakeDubbing, tmp_path: Path) -> None:
    outcome = fakes.dub(fakes.request("pt", "es", formats=("flac", "mp3")))
    scores = evaluate(tmp_path)(fakes.out, fakes.voice)
    assert {found.language for found in scores} == {"pt", "es"}
    for found in scores:
        assert [file.length_samples for file in found.files] == [0, 0, 0, 0]
        assert all(file.loudness_error_lu <= 0.5 for file in found.files)
        assert all(file.over_ceiling_db == 0 for file in found.files)
        assert found.caption_violations == ()
        assert found.voice_level_p95_lu is not None
        assert found.voice_level_p95_lu <= 2.0
        assert set(found.waves) == {"dub", "source"}
        figures = outcome.manifest.languages[found.language].figures
        assert figures is not None
        assert found.timing.speech_overlap == pytest.approx(figures.speech_overlap, abs=1e-3)


def test_pauses_within_lines_are_no_speech(fakes: FakeDubbing, tmp_path: Path) -> None:
    """0.35 s of the first line, in the dub and then in the original, too."""
    fakes.dub(fakes.request("pt"))
    score, voice = evaluate(tmp_path), fakes.out / "pt" / "voice.flac"
    whole = score(fakes.out, None)[0].timing
    sound, rate_hz = sf.read(voice)
    sound[int(1.1 * rate_hz) : int(1.45 * rate_hz)] = 0
    sf.write(voice, sound, rate_hz)
    (found,) = score(fakes.out, None)
    (pause,) = found.lines[0].dub_pauses
    assert pause.duration_ms == pytest.approx(350, abs=10)
    assert found.timing.speech_overlap < whole.speech_overlap - 0.02
    texts = fakes.out / "transcript.json"
    heard = json.loads(texts.read_bytes())
    first, second = heard["utterances"][0]["words"][:2]
    first["end_ms"], second["start_ms"] = 1_100, 1_450
    texts.write_text(json.dumps(heard))
    (found,) = score(fakes.out, None)
    assert found.lines[0].source_pauses == (Interval(1_100, 1_450),)
    assert found.timing.speech_overlap == pytest.approx(whole.speech_overlap, abs=0.01)
    texts.unlink()
    assert score(fakes.out, None)[0].timing.speech_overlap == whole.speech_overlap


@pytest.mark.parametrize("loudness", ["netflix", "youtube", "source"])
def test_a_right_dub_is_right_by_any_profile(
    fakes: FakeDubbing, tmp_path: Path, loudness: str
) -> None:
    """With music as loud as the voice, where a mix that is levelled by its dialogue is louder."""
    noise = np.random.default_rng(1).normal(0, 0.1, (9 * 48_000, 2)).astype(np.float32)
    sf.write(fakes.background, noise, 48_000)
    fakes.dub(fakes.request("pt", formats=("flac",), loudness=loudness, stems=True))
    (found,) = evaluate(tmp_path)(fakes.out, None)
    assert len(found.files) == 4
    off = {file.path: round(file.loudness_error_lu, 2) for file in found.files}
    assert max(off.values()) <= 0.3, off
    assert all(file.over_ceiling_db == 0 for file in found.files)
    assert all(file.length_samples == 0 for file in found.files)


def test_a_mix_whose_dialogue_is_wrong_is_told(fakes: FakeDubbing, tmp_path: Path) -> None:
    fakes.dub(fakes.request("pt", loudness="netflix"))
    mix = fakes.out / "pt" / "mix.flac"
    sound, rate_hz = sf.read(mix)
    sf.write(mix, sound * 10 ** (-2 / 20), rate_hz)
    (found,) = evaluate(tmp_path)(fakes.out, None)
    assert [file.loudness_error_lu for file in found.files] == [
        pytest.approx(2.0, abs=0.2),
        pytest.approx(0.0, abs=0.2),
    ]


def test_without_the_voice_the_mix_is_heard_where_somebody_speaks(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    tone = np.sin(np.arange(6 * 48_000) * 0.13)
    tone[: 2 * 48_000] *= 10 ** (-27 / 20)
    sf.write(folder / "mix.wav", tone, 48_000)
    line = {"source_start_ms": 0, "source_end_ms": 2_000, "dub_start_ms": 0, "dub_end_ms": 2_000}
    segments = {
        "language": "pt", "samples": 6 * 48_000, "sample_rate_hz": 48_000,
        "loudness": "netflix", "utterances": [line],
    }  # fmt: skip
    (folder / "segments.json").write_text(json.dumps(segments))
    (found,) = evaluate(tmp_path)(folder, None)
    assert found.files[0].loudness_error_lu == pytest.approx(3.0, abs=0.5)


def test_plain_files_with_segments_are_scored_too(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    tone = 0.1 * np.sin(np.arange(5 * 48_000) * 0.05)
    sf.write(folder / "voice.wav", tone, 48_000)
    utterances = [
        {"source_start_ms": 0, "source_end_ms": 2_000, "dub_start_ms": 100, "dub_end_ms": 2_600},
        {"source_start_ms": 2_500, "source_end_ms": 4_500, "dub_start_ms": 2_500,
         "dub_end_ms": 4_500, "rate": 1.4},
    ]  # fmt: skip
    segments = {
        "language": "pt", "samples": 5 * 48_000 - 10, "sample_rate_hz": 48_000,
        "loudness": "ebu", "utterances": utterances,
    }  # fmt: skip
    (folder / "segments.json").write_text(json.dumps(segments))
    (found,) = evaluate(tmp_path)(folder, None)
    assert found.timing.double_talk_s == pytest.approx(0.1)
    assert found.timing.rate_max == 1.4
    assert found.files[0].length_samples == 10
    assert found.voice_level_p95_lu is None


@pytest.mark.parametrize("content", [None, "{", "{}", '{"utterances": [{}]}'])
def test_what_is_no_dub_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "segments.json").write_text(content)
    with pytest.raises(NotADub, match="no dub to evaluate"):
        evaluate(tmp_path)(tmp_path, None)
