"""A machine without python-stretch dubs all the same, and the manifest says what stretched."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.e2e.conftest import BACKGROUND, VOICE, environment
from tests.unit.audio.test_stretch_alone import DUBBED, WITHOUT

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]


def test_the_example_is_dubbed_without_the_package(demo: Path, home: Path, tmp_path: Path) -> None:
    words = ["dub", VOICE, "--background", BACKGROUND, "--to", "pt", "--out", tmp_path / "out"]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT + DUBBED, *map(str, words)],
        env=environment(YTDUBBER_HOME=str(home)),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made, before = (
        json.loads((folder / "manifest.json").read_bytes()) for folder in (tmp_path / "out", demo)
    )
    assert made["languages"]["pt"]["engines"]["stretcher"]["model"] == "wsola"
    assert made["languages"]["pt"]["fingerprint"] != before["languages"]["pt"]["fingerprint"]
    sizes = [
        {file["samples"] for file in each["languages"]["pt"]["files"]} for each in (made, before)
    ]
    assert sizes[0] == sizes[1]
    peaks = [file["true_peak_dbtp"] for file in made["languages"]["pt"]["files"]]
    assert max(peak for peak in peaks if peak is not None) <= -1.0
