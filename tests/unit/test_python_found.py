"""What `make` runs on where the Pythons are others, and what it says where nothing fits."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = ROOT / ".tools" / "bin" / "uv"

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="make and its scripts are for Unix"),
    pytest.mark.skipif(not UV.exists(), reason="no .tools/bin/uv: made by make, not by hand"),
]
OLD = """#!/bin/sh
# A Python 3.10 without venv and pip.
[ "$1" = -c ] && exec {python} -c '
import sys
sys.version_info = (3, 10, 13, "final", 0)
exec(sys.argv.pop(1))' "$2"
exit 1
"""
NEW = '#!/bin/sh\nexec {python} "$@"\n'
# The name of a Python that is not there, as version managers leave them.
NONE_BEHIND = '#!/bin/sh\necho "$0: command not found" >&2\nexit 127\n'

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs that is all of PATH: nothing but what a shell script needs."""
    folder = tmp_path / "machine"
    folder.mkdir()
    for name in ("sh", "cat", "ln", "mkdir", "test", "make", "grep", "sed"):
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    return folder


@pytest.fixture
def script(machine: Path) -> Make:
    """scripts/python.sh there; keyword arguments are its environment."""

    def run(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(ROOT / "scripts" / "python.sh"), *map(str, words)],
            env={
                "PATH": str(machine),
                "HOME": str(machine),
                "UV_PYTHON_DOWNLOADS": "never",
                "UV_PYTHON_INSTALL_DIR": str(machine / "fetched"),
            }
            | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def install(machine: Path, name: str, program: str) -> None:
    path = machine / name
    path.write_text(program.format(python=sys.executable))
    path.chmod(0o755)


def test_an_old_python3_is_passed_over_for_one_that_fits(
    machine: Path, script: Make, tmp_path: Path
) -> None:
    install(machine, "python3", OLD)
    install(machine, "python3.12", NEW)
    done = script("venv", tmp_path / "made", UV)
    assert done.returncode == 0, done.stderr
    version = [
        str(tmp_path / "made" / "bin" / "python"),
        "-c",
        "import sys; print(sys.version_info[:2])",
    ]
    assert subprocess.run(version, capture_output=True, text=True, check=True).stdout == (
        f"{sys.version_info[:2]}\n"
    )


def test_a_newer_name_with_nothing_behind_it_is_passed_over(
    machine: Path, script: Make, tmp_path: Path
) -> None:
    for name in ("python3.14", "python3.13"):
        install(machine, name, NONE_BEHIND)
    install(machine, "python3", NEW)
    done = script("venv", tmp_path / "made", UV)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "made" / "bin" / "python").exists()


def test_where_none_fits_uv_is_asked_for_one_and_the_message_names_what_to_install(
    machine: Path, script: Make, tmp_path: Path
) -> None:
    install(machine, "python3", OLD)
    done = script("venv", tmp_path / "made", UV)
    assert done.returncode == 1
    assert "3.13" in done.stderr.splitlines()[0]  # what uv was asked for
    assert "needs Python 3.11 to 3.14" in done.stderr
    assert "apt install python3" in done.stderr
    assert not (tmp_path / "made").exists()


def test_a_uv_that_is_there_is_enough_to_begin_with(
    machine: Path, script: Make, tmp_path: Path
) -> None:
    install(machine, "python3", OLD)
    (machine / "uv").symlink_to(UV)
    done = script("uv", tmp_path / "tools")
    assert done.returncode == 0, done.stderr
    said = subprocess.run(
        [tmp_path / "tools" / "bin" / "uv", "--version"], capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("uv ")


@pytest.mark.parametrize("python3", [OLD, NONE_BEHIND, None])
def test_where_nothing_can_begin_the_message_names_what_to_install(
    machine: Path, script: Make, tmp_path: Path, python3: str | None
) -> None:
    if python3:
        install(machine, "python3", python3)
    done = script("uv", tmp_path / "tools")
    assert done.returncode == 1
    assert "apt install python3 python3-venv" in done.stderr
    assert "brew install python" in done.stderr


@pytest.mark.parametrize("program", [OLD, NONE_BEHIND])
def test_the_python_that_is_named_is_refused_where_it_does_not_fit(
    machine: Path, script: Make, tmp_path: Path, program: str
) -> None:
    install(machine, "python3", NEW)
    install(machine, "python3.10", program)
    done = script("venv", tmp_path / "made", UV, PYTHON="python3.10")
    assert done.returncode == 1
    assert "PYTHON=python3.10 does not run or is another" in done.stderr


@pytest.mark.parametrize("folder", ["a folder with spaces", "$(echo) * ' quoted"])
def test_the_python_that_is_named_may_lie_anywhere(
    machine: Path, script: Make, tmp_path: Path, folder: str
) -> None:
    (tmp_path / folder).mkdir()
    install(tmp_path / folder, "python", NEW)
    done = script("venv", tmp_path / "made", UV, PYTHON=str(tmp_path / folder / "python"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "made" / "bin" / "python").exists()


def test_make_demo_with_an_old_python3_alone_says_what_to_install(
    machine: Path, tmp_path: Path
) -> None:
    """In a checkout from nothing."""
    install(machine, "python3", OLD)
    checkout = tmp_path / "checkout"
    (checkout / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", checkout)
    shutil.copy(ROOT / "pyproject.toml", checkout)
    shutil.copy(ROOT / "scripts" / "python.sh", checkout / "scripts")
    shutil.copytree(ROOT / "requirements", checkout / "requirements")
    done = subprocess.run(
        [machine / "make", "demo"],
        cwd=checkout,
        env={"PATH": str(machine), "HOME": str(machine)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2
    assert "needs Python 3.11 to 3.14" in done.stderr
