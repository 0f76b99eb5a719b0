"""The example dubbed by the command line with the real models, and listened to."""

import hashlib
import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf
import soxr
from faster_whisper import WhisperModel
from tests.e2e.conftest import BACKGROUND, VOICE, Cli
from tests.listening import EXAMPLE_ONSETS_MS, EXAMPLE_TEXT, decoded, word_error_rate

import ytdubber
from ytdubber.bootstrap.local import local_runtime

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]


def load(path: Path) -> Any:
    return json.loads(path.read_bytes())


def heard(path: Path, language: str) -> str:
    with local_runtime() as machine:
        folder = machine.models.open("whisper-base")
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)
    sound, rate_hz = decoded(path)
    mono = soxr.resample(sound.mean(axis=0), rate_hz, 16_000)
    segments, _ = model.transcribe(mono, language=language, beam_size=5, vad_filter=True)
    return " ".join(segment.text for segment in segments)


def test_every_file_is_as_the_manifest_says_and_as_long_as_the_original(demo: Path) -> None:
    manifest = load(demo / "manifest.json")
    samples = sf.info(BACKGROUND).frames
    files = [
        manifest["transcript"],
        *manifest["captions"],
        manifest["script"],
        *manifest["languages"]["pt"]["files"],
    ]
    names = {"voice.flac", "voice.mp3", "mix.flac", "mix.mp3"}
    assert {Path(f["path"]).name for f in files} == names | {
        "transcript.json", "transcript.srt", "transcript.ttml", "transcript.vtt",
        "captions.srt", "captions.vtt", "translation.json", "translation.ttml",
    }  # fmt: skip
    for file in files:
        data = (demo / file["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
        if Path(file["path"]).name in names:
            sound, rate_hz = decoded(demo / file["path"])
            assert (sound.shape[1], rate_hz) == (samples, 48_000) == (file["samples"], 48_000)
            assert abs(file["integrated_lufs"] - file["target_lufs"]) <= 0.5
            assert file["true_peak_dbtp"] <= -1.0
    assert manifest["source"]["samples"] == samples
    assert set(manifest["models"]) >= {"whisper-base", "kokoro-82m", "firefox-en-pt"}
    assert set(manifest["timings_ms"]) == {"ingest", "transcribe", "diarize"}


def test_the_words_and_their_onsets_are_right(demo: Path) -> None:
    utterances = load(demo / "transcript.json")["utterances"]
    assert word_error_rate(EXAMPLE_TEXT, " ".join(u["text"] for u in utterances)) <= 0.03
    lines = load(demo / "pt" / "translation.json")["utterances"]
    assert len(utterances) == len(lines) == len(EXAMPLE_ONSETS_MS)
    for line, onset_ms in zip(lines, EXAMPLE_ONSETS_MS, strict=True):
        assert abs(line["dub_start_ms"] - onset_ms) <= 80
        assert line["spoken_ms"] <= line["slot_ms"]
        assert line["rate"] <= 1.15
    assert all(a["dub_end_ms"] <= b["dub_start_ms"] for a, b in pairwise(lines))


def test_the_dub_says_what_the_translation_says(demo: Path) -> None:
    lines = load(demo / "pt" / "translation.json")["utterances"]
    said = " ".join(line["target"] for line in lines)
    assert word_error_rate(said, heard(demo / "pt" / "voice.flac", "pt")) <= 0.10


def test_captions_parse_and_are_timed_to_the_dub(demo: Path) -> None:
    lines = load(demo / "pt" / "translation.json")["utterances"]
    clock = r"\d\d:\d\d:\d\d[,.]\d{3}"
    for name in ("captions.srt", "captions.vtt"):
        text = (demo / "pt" / name).read_text("utf-8")
        times = re.findall(f"({clock}) --> ({clock})", text)
        starts = [_ms(start) for start, _ in times]
        assert starts == sorted(starts)
        assert {line["dub_start_ms"] for line in lines} <= set(starts)
        assert _ms(times[-1][1]) <= 27_730
        assert all(word in text for word in lines[0]["target"].split())


def test_the_voice_carries_the_watermark_unless_it_is_not_wanted(
    demo: Path, cli: Cli, tmp_path: Path
) -> None:
    """Heard in the mix, of which nothing but its sound is left."""
    sound, rate_hz = sf.read(demo / "pt" / "mix.flac")
    sf.write(tmp_path / "mix.ogg", sound, rate_hz, format="OGG", subtype="VORBIS")
    done = cli("detect", tmp_path / "mix.ogg", "--json")
    assert done.code == 0
    (found,) = done.json
    assert (found["comment"], found["credentials"]) == (None, None)
    assert found["watermark"]["presence"] == "present"
    files = load(demo / "manifest.json")["languages"]["pt"]["files"]
    assert {each["kind"] for each in files if each["watermark"]} == {"voice", "mix"}
    out = tmp_path / "plain"
    asked = ("dub", VOICE, "--to", "pt", "--format", "flac", "--no-separate", "--no-watermark")
    assert cli(*asked, "--out", out).code == 0
    (plain,) = cli("detect", out / "pt" / "voice.flac", "--json").json
    assert plain["by_ai"] is True  # by its signature
    assert plain["watermark"]["presence"] == "not found"


def _ms(clock: str) -> int:
    hours, minutes, rest = clock.replace(",", ".").split(":")
    return round((int(hours) * 60 + int(minutes)) * 60_000 + float(rest) * 1000)


def test_the_same_command_again_keeps_everything(demo: Path, cli: Cli) -> None:
    before = {p: p.stat().st_mtime_ns for p in demo.rglob("*")}
    done = cli(
        "dub", VOICE, "--background", BACKGROUND, "--to", "pt", "--out", demo, "--json"
    )  # fmt: skip
    assert done.code == 0
    assert done.json["reused"] == ["pt"]
    assert {p: p.stat().st_mtime_ns for p in demo.rglob("*")} == before
    assert cli("show", demo).code == 0


def test_a_damaged_file_is_made_again(demo: Path, cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "dub"
    shutil.copytree(demo, folder)
    (folder / "pt" / "mix.mp3").write_bytes(b"broken")
    assert cli("show", folder).code == 1
    done = cli(
        "dub", VOICE, "--background", BACKGROUND, "--to", "pt", "--out", folder, "--json"
    )  # fmt: skip
    assert done.code == 0
    assert done.json["reused"] == []
    assert cli("show", folder).code == 0


def test_a_term_said_otherwise_in_a_line_is_heard_so_and_no_other_line_changes(
    demo: Path, cli: Cli, tmp_path: Path
) -> None:
    folder, voice = tmp_path / "dub", Path("pt", "voice.flac")
    shutil.copytree(demo, folder)
    before, rate_hz = sf.read(folder / voice, dtype="int32")
    (line,) = (each for each in ytdubber.lines(folder, "pt") if "amiable" in each.text)
    ytdubber.edit(folder, "pt", {line.id: {"spoken_as": {"amiable": "gentil"}}})
    assert cli("edit", "render", folder).code == 0
    after, _ = sf.read(folder / voice, dtype="int32")
    for each in load(folder / "pt" / "translation.json")["utterances"]:
        begins, ends = (each[at] * rate_hz // 1000 for at in ("dub_start_ms", "dub_end_ms"))
        same = np.array_equal(before[begins:ends], after[begins:ends])
        assert same == (each["id"] != line.id)
        if each["id"] == line.id:
            sf.write(tmp_path / "line.wav", after[begins:ends], rate_hz)
    assert "gentil" in heard(tmp_path / "line.wav", "pt").lower()
    captions = (folder / "pt" / "captions.srt").read_text("utf-8")
    assert "amiable" in captions
    assert "gentil" not in captions


def test_portuguese_goes_back_to_english(demo: Path, cli: Cli, tmp_path: Path) -> None:
    done = cli("dub", demo / "pt" / "voice.flac", "--to", "en", "--out", tmp_path / "en", "--json")
    assert done.code == 0, done.err
    manifest = done.json["manifest"]
    assert manifest["source"]["language"] == "pt"
    lines = load(tmp_path / "en" / "en" / "translation.json")["utterances"]
    said = " ".join(line["target"] for line in lines)
    assert word_error_rate(said, heard(tmp_path / "en" / "en" / "voice.flac", "en")) <= 0.15
    sound, _ = decoded(tmp_path / "en" / "en" / "voice.mp3")
    assert sound.shape[1] == sf.info(BACKGROUND).frames


def test_two_languages_over_one_hearing_with_a_folder_of_ones_own_models(
    cli: Cli, tmp_path: Path
) -> None:
    """The second pair's models are the Portuguese ones under Spanish names: what is tested is how
    they are found, and that a second language and another format need no second hearing."""
    with local_runtime() as machine:
        mine = machine.models.open("firefox-en-pt")
    folder = tmp_path / "models" / "en-es"
    folder.mkdir(parents=True)
    for file in mine.glob("*.enpt.*"):
        shutil.copy(file, folder / file.name.replace("enpt", "enes"))
    done = cli(
        "dub", VOICE, "--to", "pt,es", "--from", "en", "--voice", "pt=female",
        "--format", "opus,m4a", "--out", tmp_path / "out", "--json",
        YTDUBBER_TRANSLATION_MODELS=str(tmp_path / "models"),
    )  # fmt: skip
    assert done.code == 0, done.err
    languages = done.json["manifest"]["languages"]
    assert {k: v["voice"] for k, v in languages.items()} == {"pt": "pf_dora", "es": "ef_dora"}
    for language in languages:
        sound, rate_hz = decoded(tmp_path / "out" / language / "voice.opus")
        assert (sound.shape[1], rate_hz) == (sf.info(BACKGROUND).frames, 48_000)
    assert not (tmp_path / "out" / "pt" / "mix.opus").exists()


def test_a_target_that_is_spoken_already_is_skipped_beside_others(cli: Cli, tmp_path: Path) -> None:
    done = cli("dub", VOICE, "--to", "en", "--to", "pt", "--out", tmp_path / "out", "--json")
    assert done.code == 0
    languages = done.json["manifest"]["languages"]
    assert languages["en"]["status"] == "skipped"
    assert languages["pt"]["status"] == "complete"
    assert not (tmp_path / "out" / "en").exists()
