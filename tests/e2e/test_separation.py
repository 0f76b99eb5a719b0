"""One mixed recording dubbed by the command line, with the real models."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.e2e.conftest import VOICE, Cli
from tests.e2e.test_interrupt import made_by_engines
from tests.mixes import RATE_HZ, example_mix, si_sdr_db

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]


def test_what_is_not_the_voice_is_the_background_of_the_dub(
    cli: Cli, home: Path, tmp_path: Path
) -> None:
    """Decided by itself: music is heard. The same again keeps it; done anew, nothing is separated
    twice.
    """
    mix, folder = example_mix(5, seconds=6.5), tmp_path / "out"
    talk = mix.write(tmp_path / "talk.wav")
    words = "dub", talk, "--to", "pt", "--format", "flac", "--out", folder
    done = cli(*words)
    assert done.code == 0, done.err
    said = "music or noise is heard under the voice"
    assert f"Note: {talk}: {said}" in done.err

    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert said in manifest["source"]["notes"][0]
    assert manifest["engines"]["separator"]["provider"] == "spleeter"
    assert manifest["models"]["spleeter-2stems"]["model.data"].startswith("7747f9fd2c78")
    assert manifest["timings_ms"]["separate"] > 0
    assert sf.info(folder / "pt" / "mix.flac").frames == len(mix.sound)

    assert cli(*words, "--json").json["reused"] == ["pt"]
    made = made_by_engines(home)
    stems = cli(*words, "--separate", "--stems", "--json")
    assert stems.code == 0, stems.err
    background, rate_hz = sf.read(folder / "pt" / "background-stem.flac", dtype="float32")
    assert rate_hz == RATE_HZ
    assert si_sdr_db(background, mix.background) > si_sdr_db(mix.sound, mix.background) + 5
    assert made_by_engines(home) == made


def test_music_without_a_voice_is_refused(cli: Cli, tmp_path: Path) -> None:
    music = tmp_path / "music.wav"
    sf.write(music, example_mix(0, seconds=4).background, RATE_HZ)
    done = cli("dub", music, "--to", "pt", "--out", tmp_path / "out")
    assert done.code == 2
    assert f"{music}: no speech was found in it." in done.err
    assert not (tmp_path / "out").exists()


def test_a_background_of_its_own_needs_no_separation(cli: Cli, tmp_path: Path) -> None:
    background = tmp_path / "music.wav"
    sf.write(background, np.zeros((100, 2)), RATE_HZ)
    done = cli("dub", VOICE, "--background", background, "--separate", "--to", "pt")
    assert done.code == 2
    assert "separate" in done.err
