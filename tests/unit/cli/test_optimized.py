"""Messages of the command line where Python leaves docstrings and assertions out."""

import subprocess
import sys
from pathlib import Path

import pytest


def said(folder: Path, options: list[str], words: list[str]) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, *options, "-m", "ytdubber", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("dub none.wav --to pt", "Error: none.wav: cannot be read (No such file or directory)."),
        ("dub none.wav --to pt --json", '"message": "none.wav: cannot be read (No such file'),
        ("dub none.wav --to klingon", "`ytdubber languages` lists them."),
        ("dub none.wav --to pt --loudness loud", "Error: --loudness: 'loud' is not one of youtube"),
        ("dub none.wav --to pt --stems", "Error: --stems: there is no mix to part into stems."),
        ("evaluate .", "Error: .: there is no dub to evaluate (neither manifest.json nor"),
        ("models verify nonsense", "Error: 'nonsense' is not a model we know."),
    ],
)
def test_no_message_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, message: str
) -> None:
    monkeypatch.setenv("YTDUBBER_HOME", str(tmp_path / "home"))
    usual = said(tmp_path, [], words.split())
    assert said(tmp_path, ["-OO"], words.split()) == usual
    code, out, err = usual
    assert code == 2
    assert message in out + err
