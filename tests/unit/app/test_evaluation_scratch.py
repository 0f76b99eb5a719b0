"""Where recordings lie while a dub is evaluated."""

import tempfile
from pathlib import Path

import pytest
from tests.unit.app.conftest import FakeDubbing

from ytdubber.bootstrap.local import evaluation


def test_recordings_are_encrypted_outside_the_system_s_folder_and_gone_afterwards(
    fakes: FakeDubbing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, system = tmp_path / "home", tmp_path / "system"
    system.mkdir()
    monkeypatch.setenv("YTDUBBER_HOME", str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(system))
    fakes.dub(fakes.request("pt", formats=("flac",)))
    heads: set[bytes] = set()

    def look() -> None:
        assert list(system.iterdir()) == []
        for path in home.glob("scratch/process-*/*/*"):
            heads.add(path.read_bytes()[:4])

    with evaluation(look) as evaluate:
        (score,) = evaluate(fakes.out, fakes.voice)
    assert score.files
    assert heads
    assert b"RIFF" not in heads
    assert [path for path in home.rglob("*") if path.is_file() and path.name != "lock"] == []
