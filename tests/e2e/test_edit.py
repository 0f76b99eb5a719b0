"""A line of a finished dub, corrected by the command line with the real models."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.e2e.conftest import BACKGROUND, VOICE, Cli
from tests.e2e.test_dub import heard
from tests.listening import word_error_rate

from ytdubber.audio.watermark import REACH_MS

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]

BETTER = "Ele mesmo poderia até ter se tornado amável."


def test_one_line_is_corrected_and_only_that_is_spoken_again(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "talk"
    asked = ("dub", VOICE, "--background", BACKGROUND, "--to", "pt", "--format", "flac")
    assert cli(*asked, "--out", out).code == 0
    before, rate_hz = sf.read(out / "pt" / "voice.flac", dtype="int32")
    mixed, _ = sf.read(out / "pt" / "mix.flac", dtype="int32")

    nothing = cli("edit", "render", out)
    assert nothing.code == 2
    assert "Change one first. `ytdubber edit set` does." in " ".join(nothing.err.split())
    lines = json.loads(cli("edit", "list", out, "--lang", "pt", "--json").out)
    assert [line["number"] for line in lines] == [1, 2, 3, 4, 5]
    assert cli("edit", "set", out, "9", "--lang", "pt", "--text", BETTER).code == 2
    assert cli("edit", "set", out, "5", "--lang", "pt", "--text", BETTER).code == 0
    shown = cli("edit", "list", out, "--lang", "pt")
    assert "→" in shown.out
    assert cli("show", out).code == 0, "nothing is broken before it is rendered"

    done = cli("edit", "render", out)
    assert done.code == 0, done.err
    assert "Portuguese: made anew." in done.out
    after, _ = sf.read(out / "pt" / "voice.flac", dtype="int32")
    assert after.shape == before.shape
    onset = (lines[4]["start_ms"] - REACH_MS) * rate_hz // 1000
    assert np.array_equal(after[:onset], before[:onset])
    mix, _ = sf.read(out / "pt" / "mix.flac", dtype="int32")
    assert np.array_equal(mix[:onset], mixed[:onset])
    assert np.array_equal(mix[-rate_hz // 4 :], mixed[-rate_hz // 4 :])
    assert not np.array_equal(after[onset:], before[onset:])
    said = " ".join([*(line["spoken"] for line in lines[:4]), BETTER])
    assert word_error_rate(said, heard(out / "pt" / "voice.flac", "pt")) <= 0.15
    captions = " ".join((out / "pt" / "captions.srt").read_text("utf-8").split())
    assert "tornado amável." in captions
    assert cli("show", out).code == 0
    assert cli("edit", "render", out).code == 2
