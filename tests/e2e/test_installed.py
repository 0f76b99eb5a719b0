"""Wheel and sdist hold all they need, and are a command of its own by uv and by pipx."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.e2e.conftest import VOICE, environment

from ytdubber.settings import load_settings

ROOT = Path(__file__).parents[2]
UV = ROOT / ".tools" / "bin" / "uv"
LOCK = ROOT / "requirements" / "run.txt"
MODELS = {"whisper-base", "kokoro-82m", "kokoro-voices", "firefox-en-pt", "speakers"}
NO_REGISTRY = ("dns error", "error sending request", "Connection refused", "timed out")

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]
with_uv = pytest.mark.skipif(not UV.exists(), reason="no .tools/bin/uv: made by make, not by hand")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    return _built("wheel", ROOT, folder)


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("sdist", ROOT, tmp_path_factory.mktemp("dist"))


def _built(what: str, source: Path, folder: Path) -> Path:
    words = [sys.executable, "-m", "hatchling", "build", "-t", what, "-d", str(folder)]
    subprocess.run(words, cwd=source, check=True, capture_output=True, timeout=120)
    (built,) = folder.iterdir()
    return built


def test_the_wheel_has_every_file_of_the_package(wheel: Path) -> None:
    sources = ROOT / "src"
    ours = {
        path.relative_to(sources).as_posix()
        for path in (sources / "ytdubber").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in _names(wheel) if name.startswith("ytdubber/")} == ours


def test_the_sdist_makes_the_same_wheel(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(sdist, tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    (tmp_path / "again").mkdir()
    again = _built("wheel", source, tmp_path / "again")
    assert (again.name, _names(again)) == (wheel.name, _names(wheel))
    assert sum(path.stat().st_size for path in source.rglob("*")) < 10_000_000


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@with_uv
@pytest.mark.timeout(900)  # some 90 packages may have to be fetched
@pytest.mark.parametrize("by", ["uv tool", "pipx"])
def test_installed_in_a_fresh_home_it_dubs_the_example(
    by: str, wheel: Path, sdist: Path, tmp_path: Path
) -> None:
    changes = {
        "HOME": str(tmp_path),
        "PATH": f"{UV.parent}{os.pathsep}{os.environ['PATH']}",
        "UV_CACHE_DIR": _uv_cache(),
    }
    commands: dict[str, list[object]] = {
        "uv tool": [UV, "tool", "install", "--constraints", LOCK, f"{wheel}[espeak]"],
        "pipx": [
            *(UV, "tool", "run", "pipx", "install"),
            *(f"--pip-args=--constraint {LOCK}", f"ytdubber[espeak] @ {sdist.as_uri()}"),
        ],
    }
    _run([*commands[by], "--python", sys.executable], changes, tmp_path)
    installed = tmp_path / ".local" / "bin" / "ytdubber"
    out = tmp_path / "out"
    words: list[object] = [installed, "dub", VOICE, "--to", "pt", "--format", "flac", "--out", out]
    if by == "uv tool":  # with nothing on the machine: it fetches what it needs, and says so
        said = _run(words, changes, tmp_path)
        assert {*re.findall(r"fetching the model (\S+) \(\d+ MB\)", said)} == MODELS
    else:
        there = {"YTDUBBER_MODELS": str(load_settings().models)}
        assert "fetching" not in _run(words, changes | there, tmp_path)
    assert (out / "pt" / "voice.flac").stat().st_size > 100_000
    assert "all as the manifest names them" in _run([installed, "show", out], changes, tmp_path)


def _uv_cache() -> str:
    words = [str(UV), "cache", "dir"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def _run(words: list[object], changes: dict[str, str], folder: Path) -> str:
    """What a command says; the test is skipped where the registry cannot be reached."""
    done = subprocess.run(
        [str(word) for word in words],
        env=environment(**changes),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode and any(sign in done.stderr for sign in NO_REGISTRY):
        pytest.skip(f"the registry cannot be reached: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr
