"""Where python-stretch is not to be had, lines are stretched by an overlap-add of our own."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.audio.sounds import speech, tone

from ytdubber.audio.stretch import IS_OWN, engine, overlap_add, stretch

WITHOUT = """
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "python_stretch":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
"""
"""Python as it is where the package is not installed."""
STRETCHED = """
import json
import numpy as np
from dataclasses import asdict
from ytdubber.audio.stretch import engine, stretch
sound = np.fromfile(sys.argv[1], np.float32)
stretch(sound, int(sys.argv[2]), 24_000).tofile(sys.argv[3])
print(json.dumps(asdict(engine())))
"""
DUBBED = "from ytdubber.cli.main import run; run()"


def run(program: str, *words: object) -> str:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT + program, *map(str, words)],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout


def test_without_the_package_it_is_ours_that_stretches_and_says_so(tmp_path: Path) -> None:
    sound = speech(1.0)
    sound.tofile(tmp_path / "given")
    said = run(STRETCHED, tmp_path / "given", 20_000, tmp_path / "made")
    made = np.fromfile(tmp_path / "made", np.float32)
    assert made.size == 20_000
    assert np.array_equal(made, overlap_add(sound, 20_000, 24_000))
    assert json.loads(said)["model"] == "wsola"
    assert np.array_equal(made, stretch(sound, 20_000, 24_000)) is IS_OWN
    assert engine().model == ("wsola" if IS_OWN else "stretch")


def test_doctor_names_what_is_missing() -> None:
    (found,) = (
        each
        for each in json.loads(run(DUBBED, "doctor", "--json"))
        if each["what"] == "time-stretch"
    )
    assert (found["ok"], found["needed"]) == (False, False)
    assert "pip install python-stretch" in found["remedy"]


@settings(deadline=None, max_examples=150)
@given(
    samples=st.integers(1, 12_000),
    samples_out=st.integers(1, 12_000),
    sample_rate_hz=st.sampled_from((8000, 16_000, 22_050, 24_000, 44_100, 48_000, 192_000)),
)
def test_ours_has_the_length_asked_for_and_is_never_louder(
    samples: int, samples_out: int, sample_rate_hz: int
) -> None:
    sound = tone(samples, sample_rate_hz)
    out = overlap_add(sound, samples_out, sample_rate_hz)
    assert out.shape == (samples_out,)
    assert out.dtype == np.float32
    assert np.abs(out).max() <= np.abs(sound).max() * 1.0001


@pytest.mark.parametrize("rate", [0.8, 0.9, 1.1, 1.25])
@pytest.mark.parametrize("hz", [90.0, 220.0, 400.0])
def test_ours_keeps_the_pitch_and_the_level(rate: float, hz: float) -> None:
    sound = tone(48_000, 24_000, hz)
    middle = overlap_add(sound, round(48_000 / rate), 24_000)[4800:-4800]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(middle.size)))
    assert np.argmax(spectrum) * 24_000 / middle.size == pytest.approx(hz, rel=0.01)
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.25 / np.sqrt(2), rel=0.05)


@pytest.mark.parametrize("rate", [0.87, 1.15, 1.3])
def test_what_is_said_when_moves_in_proportion_by_ours(rate: float) -> None:
    sound = np.zeros(72_000, np.float32)
    starts = [round(at * 24_000) for at in (0.3, 1.0, 1.9, 2.5)]
    for start in starts:
        sound[start : start + 2400] = tone(2400, 24_000, 300.0)
    out = overlap_add(sound, round(sound.size / rate), 24_000)
    for start in starts:
        at = round(start / rate)
        assert np.abs(out[at + 480 : at + 1480]).max() > 0.2
        assert np.abs(out[at - 1440 : at - 480]).max() < 0.01


def test_the_same_sound_gives_the_same_samples_by_ours() -> None:
    sound = speech(1.0)
    assert np.array_equal(overlap_add(sound, 20_000, 24_000), overlap_add(sound, 20_000, 24_000))
