"""Stopping a dub: soon, with nothing half done, and the same command goes on from there."""

import json
import signal
import subprocess
from pathlib import Path

import pytest
from tests.e2e.conftest import BACKGROUND, VOICE, Cli, command, environment
from tests.waiting import PATIENCE_S

from ytdubber.app.local.kept_texts import HEAD

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]


def stopped(out: Path, home: Path, stage: str, sign: signal.Signals) -> tuple[int, str]:
    """Start a dub, stop it in a stage; returns the exit code and what it said last."""
    words = command("dub", VOICE, "--background", BACKGROUND, "--to", "pt", "--out", out)
    with subprocess.Popen(
        words, env=environment(YTDUBBER_HOME=str(home)), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        while stage not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(sign)
        said = process.stderr.read()
        return process.wait(PATIENCE_S), said


@pytest.mark.parametrize("stage", ["all: listening", "pt: speaking", "pt: mixing"])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_dub_leaves_nothing_and_says_so(
    request: pytest.FixtureRequest, home: Path, tmp_path: Path, stage: str, sign: signal.Signals
) -> None:
    out = tmp_path / "new" / "out"
    if stage == "pt: mixing":  # what comes before is remembered from the demo
        request.getfixturevalue("demo")
    else:
        home = tmp_path / "home"
    code, said = stopped(out, home, stage, sign)
    assert code == 130
    assert "Stopped" in said
    assert "Traceback" not in said
    assert not out.parent.exists()


def made_by_engines(home: Path) -> dict[str, int]:
    """What is remembered; a result that is made again is another file by the same name. What no
    engine makes is kept there, too: how files were mixed, as NumPy's archives, and which texts were
    written.
    """
    results = (path for path in (home / "results").glob("*/*") if path.name[0] != ".")
    made = (path for path in results if not path.read_bytes().startswith((b"PK", HEAD)))
    return {path.name: path.stat().st_ino for path in made}


def test_the_same_command_goes_on_after_a_kill(tmp_path: Path, cli: Cli) -> None:
    out, home = tmp_path / "out", tmp_path / "home"
    code, _ = stopped(out, home, "pt: mixing", signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert not (out / "manifest.json").exists()
    made = made_by_engines(home)
    assert len(made) > 5
    done = cli(
        "dub", VOICE, "--background", BACKGROUND, "--to", "pt", "--out", out, "--json",
        YTDUBBER_HOME=str(home),
    )  # fmt: skip
    assert done.code == 0
    assert sorted(p.name for p in out.iterdir()) == [
        "manifest.json",
        "pt",
        "recipe.json",
        "transcript.json",
        "transcript.srt",
        "transcript.ttml",
        "transcript.vtt",
    ]
    first = json.loads((out / "manifest.json").read_bytes())
    assert first["languages"]["pt"]["status"] == "complete"
    assert made_by_engines(home) == made  # nothing was heard, translated or spoken again


def test_two_dubs_into_one_folder_do_not_mix(tmp_path: Path, cli: Cli) -> None:
    out, home = tmp_path / "out", tmp_path / "home"
    words = command("dub", VOICE, "--to", "pt", "--out", out)
    with subprocess.Popen(
        words, env=environment(YTDUBBER_HOME=str(home)), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "listening" in process.stderr.readline()
        done = cli("dub", VOICE, "--to", "pt", "--out", out)
        assert done.code == 2
        assert "another ytdubber" in done.err
        process.send_signal(signal.SIGINT)
        process.stderr.read()
        process.wait(PATIENCE_S)
