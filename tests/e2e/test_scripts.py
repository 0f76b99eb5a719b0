"""What a person writes, dubbed by the command line with the real models, and listened to."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import soundfile as sf
from tests.e2e.conftest import BACKGROUND, VOICE, Cli
from tests.e2e.test_dub import heard
from tests.listening import EXAMPLE_ONSETS_MS, word_error_rate

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]

SPOKEN = (
    "O senhor João tinha tempo para pensar no que podia fazer por eles.",
    "Ele não era um homem mau,",
    "a não ser que ser frio e egoísta seja ser mau.",
    "Casado com uma mulher mais amável, teria sido ainda mais respeitado.",
    "Até ele podia ter sido amável.",
)
"""The example in other words."""


def clock(at_ms: float) -> str:
    return f"00:00:{at_ms / 1000:06.3f}".replace(".", ",")


def subtitles(late_ms: int = 0) -> str:
    ends_ms = [*EXAMPLE_ONSETS_MS[1:], 27_000]
    return "\n".join(
        f"{clock(start_ms + late_ms)} --> {clock(end_ms - 500 + late_ms)}\n{text}\n[tosse]\n"
        for text, start_ms, end_ms in zip(SPOKEN, EXAMPLE_ONSETS_MS, ends_ms, strict=True)
    )


def load(path: Path) -> Any:
    return json.loads(path.read_bytes())


def test_subtitles_are_spoken_word_for_word_in_their_places(cli: Cli, tmp_path: Path) -> None:
    script, out = tmp_path / "pt.srt", tmp_path / "dub"
    script.write_text(subtitles(late_ms=300), "utf-8")
    words = ("--to", "pt", "--translation", f"pt={script}", "--format", "flac", "--out", out)
    done = cli("dub", VOICE, "--background", BACKGROUND, *words)
    assert done.code == 0, done.err
    lines = load(out / "pt/translation.json")["utterances"]
    assert " ".join(line["target"] for line in lines) == " ".join(SPOKEN)
    for onset_ms in EXAMPLE_ONSETS_MS:
        assert any(abs(line["dub_start_ms"] - onset_ms) <= 150 for line in lines)
    captions = (out / "pt/captions.srt").read_text("utf-8")
    assert (
        re.sub(r"\d+\n[\d:,]+ --> [\d:,]+\n|\n", " ", captions).split() == " ".join(SPOKEN).split()
    )
    assert word_error_rate(" ".join(SPOKEN), heard(out / "pt/voice.flac", "pt")) <= 0.15
    assert sf.info(out / "pt/mix.flac").frames == sf.info(BACKGROUND).frames
    (note,) = load(out / "manifest.json")["languages"]["pt"]["notes"]
    assert "[tosse]" in note


def test_subtitles_of_another_cut_are_refused_with_their_offset(cli: Cli, tmp_path: Path) -> None:
    script = tmp_path / "pt.srt"
    script.write_text(subtitles(late_ms=20_000), "utf-8")
    out = tmp_path / "dub"
    done = cli("dub", VOICE, "--to", "pt", "--translation", f"pt={script}", "--out", out)
    assert done.code == 2
    assert re.search(r"its times are (19\.[89]|20\.\d) s too late", done.err)
    assert not (out / "pt").exists()


def test_a_draft_is_corrected_and_dubbed(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "dub"
    done = cli("dub", VOICE, "--to", "pt", "--translate-only", "--out", out, "--json")
    assert done.code == 0, done.err
    drafted = done.json
    transcript, translation = Path(drafted["transcript"]), Path(drafted["translations"]["pt"])
    assert sorted(each.name for each in out.iterdir()) == ["draft"]
    said = transcript.read_text("utf-8")
    transcript.write_text(said.replace("Mr. John Dashwood", "Mister Dashwood"), "utf-8")
    lines = load(translation)
    lines["utterances"][4]["target"] = "Até ele podia ter sido amável."
    translation.write_text(json.dumps(lines), "utf-8")
    words = ("--script", transcript, "--translation", f"pt={translation}", "--format", "flac")
    done = cli("dub", VOICE, "--to", "pt", *words, "--out", out)
    assert done.code == 0, done.err
    assert "Mister Dashwood" in load(out / "transcript.json")["utterances"][0]["text"]
    spoken = [line["target"] for line in load(out / "pt/translation.json")["utterances"]]
    assert spoken == [line["target"] for line in lines["utterances"]]
    again = cli("dub", VOICE, "--to", "pt", "--transcript-only", "--out", out)
    assert again.code == 2
    assert "draft/transcript.json: it is there already" in again.err


def test_the_script_of_something_else_is_refused(cli: Cli, tmp_path: Path) -> None:
    script, out = tmp_path / "talk.txt", tmp_path / "dub"
    script.write_text("Nobody says any such thing here, neither now nor later.\n", "utf-8")
    done = cli("dub", VOICE, "--to", "pt", "--script", script, "--out", out)
    assert done.code == 2
    assert re.search(r"talk\.txt: only \d+ % of its words are heard", done.err)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--to"),
        (("--to", "pt", "--translation", "pt.srt"), "names no language"),
        (("--to", "pt", "--translation", "es=pt.srt"), "pt.srt: cannot be read"),
        (("--to", "pt", "--script", VOICE), "this is no script we can read"),
    ],
)
def test_what_cannot_be_is_said_at_once(
    cli: Cli, tmp_path: Path, words: tuple[object, ...], told: str
) -> None:
    done = cli("dub", VOICE, *words, "--out", tmp_path / "dub")
    assert done.code == 2
    assert told in done.err
    assert not (tmp_path / "dub").exists()
