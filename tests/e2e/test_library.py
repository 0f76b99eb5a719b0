"""The public library with the real local models, as a program of somebody's own uses it."""

import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.e2e.conftest import BACKGROUND, VOICE, Cli, environment
from tests.e2e.test_interrupt import made_by_engines
from tests.waiting import PATIENCE_S

import ytdubber

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "library.md"

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]


def examples() -> str:
    """The program that the examples of the page are, one after the other."""
    blocks: list[str] = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    assert len(blocks) == 6
    return "\n".join(blocks)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One with the recordings that the examples name."""
    shutil.copy(VOICE, tmp_path / "talk.flac")
    shutil.copy(BACKGROUND, tmp_path / "music.flac")
    return tmp_path


def run(program: str, folder: Path, home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    (folder / "program.py").write_text(program, "utf-8")
    return subprocess.run(
        [sys.executable, *words, "program.py"],
        cwd=folder,
        env=environment(YTDUBBER_HOME=str(home)),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def test_the_examples_of_the_page_run(demo: Path, folder: Path, home: Path) -> None:
    done = run(examples(), folder, home)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    said = done.stdout
    assert said.startswith("dubs/talk/pt/mix.flac\ndubs/talk/pt/mix.mp3\n1\n00:00:0")
    assert "\nall: stt " in said
    assert "pt: complete 100%" in said
    assert "pt/voice.flac -" in said
    assert "\n5 | He might even have been made amiable himself. | Ele poderia" in said
    assert said.endswith("('pt',)\n")
    edited, as_made = (
        sf.read(each / "pt" / "voice.flac", dtype="int32")[0]
        for each in (folder / "dubs" / "talk", demo)
    )
    # The third line, which is within 11 and 16 s, and the fifth, from 24 s on, were changed.
    for start_s, end_s, changed in [(0, 11, 0), (11, 16, 1), (16, 24, 0), (24, 28, 1)]:
        part = slice(start_s * 48_000, end_s * 48_000)
        assert np.array_equal(edited[part], as_made[part]) is not bool(changed)


@pytest.mark.timeout(900)  # all that the package imports is looked at
def test_a_strict_type_checker_knows_the_library(folder: Path) -> None:
    wrong = 'ytdubber.dub("talk.flac", to="pt", loudness="loud").languages["pt"].mix.name\n'
    (folder / "right.py").write_text(examples(), "utf-8")
    (folder / "wrong.py").write_text(f"import ytdubber\n\n{wrong}ytdubber.dubb()\n", "utf-8")
    words = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder / "cache")]
    done = subprocess.run(
        [*words, "right.py", "wrong.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    told = re.findall(r"^(\w+\.py):(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.M)
    assert told == [
        ("wrong.py", "3", "union-attr"),
        ("wrong.py", "3", "arg-type"),
        ("wrong.py", "4", "attr-defined"),
    ], done.stdout + done.stderr


def test_a_cancelled_dub_leaves_nothing_half_written_and_is_resumed_in_a_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, out = tmp_path / "home", tmp_path / "new" / "out"
    monkeypatch.setenv("YTDUBBER_HOME", str(home))
    token = ytdubber.CancelToken()
    results: list[ytdubber.DubResult] = []

    def stop(progress: ytdubber.Progress) -> None:
        if progress.stage == "mixing":
            token.cancel()

    with pytest.raises(ytdubber.Cancelled):
        ytdubber.dub(VOICE, to="pt", out=out, background=BACKGROUND, on_progress=stop, cancel=token)
    assert not out.parent.exists()
    made = made_by_engines(home)
    assert len(made) > 5

    def resume() -> None:
        results.append(ytdubber.dub(VOICE, to="pt", out=out, background=BACKGROUND))

    thread = threading.Thread(target=resume)
    thread.start()
    thread.join(PATIENCE_S)
    (result,) = results
    assert result.languages["pt"].mix == out / "pt" / "mix.flac"
    assert sorted(path.name for path in out.iterdir()) == [
        "manifest.json", "pt", "recipe.json",
        "transcript.json", "transcript.srt", "transcript.ttml", "transcript.vtt",
    ]  # fmt: skip
    assert made_by_engines(home) == made  # nothing was heard, translated or spoken again


INTERRUPTED = """
import sys, ytdubber

def show(progress):
    print(progress.language or "all", progress.stage, flush=True)

try:
    ytdubber.dub(sys.argv[1], to="pt", out="new/out", on_progress=show)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_an_interrupt_is_heard_in_the_middle_of_a_dub(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, "talk.flac"],
        cwd=folder,
        env=environment(YTDUBBER_HOME=str(folder / "home")),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        while "pt dubbing" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
        assert process.wait(PATIENCE_S) == 0
    assert said.endswith("interrupted\n")
    assert not (folder / "new").exists()


def test_the_command_line_finds_what_the_library_made(
    demo: Path, cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YTDUBBER_HOME", str(home))
    out = tmp_path / "out"
    ytdubber.dub(VOICE, to="pt", out=out, background=BACKGROUND)
    words = "dub", VOICE, "--background", BACKGROUND, "--to", "pt", "--out", out
    assert cli(*words, "--json").json["reused"] == ["pt"]
