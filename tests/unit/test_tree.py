"""What is under version control."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINK = "120000"


def tracked() -> list[tuple[str, str]]:
    """The mode and the path of every tracked file."""
    words = ["git", "-C", str(ROOT), "ls-files", "-s", "-z"]
    found = subprocess.run(words, check=False, capture_output=True, text=True)
    if found.returncode:
        pytest.skip("this tree is not under version control")
    lines = (line.split("\t") for line in found.stdout.split("\0") if line)
    return [(facts.split()[0], path) for facts, path in lines]


def test_nothing_leads_out_of_the_tree() -> None:
    """A link holds a path of the machine that it was made on."""
    assert [path for mode, path in tracked() if mode == LINK] == []


def test_what_the_targets_make_is_not_tracked() -> None:
    made = {".venv", ".tools", "dubs", "site", "dist", "htmlcov", "node_modules"}
    assert [path for _, path in tracked() if path.split("/")[0] in made] == []


def test_the_root_holds_what_it_should() -> None:
    """Commands that are tried in the tree leave files, which are committed with the rest."""
    root = {path for _, path in tracked() if "/" not in path}
    strange = {
        each for each in root if Path(each).suffix in {".srt", ".vtt", ".wav", ".mp3", ".log"}
    }
    assert strange == set()
