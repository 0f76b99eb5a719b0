"""A release is the tag that names it: changes are gathered, the version is the tag's."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOWNCRIER = Path(sys.executable).with_name("towncrier")
NOBODY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "nobody"), ("EMAIL", "nobody@example.org"))
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with this project's rules of a release, at v0.2.0."""
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / "changes").mkdir()
    shutil.copy(ROOT / "changes" / "README.md", tmp_path / "changes")
    (tmp_path / "src" / "ytdubber").mkdir(parents=True)
    shutil.copy(ROOT / "src" / "ytdubber" / "__init__.py", tmp_path / "src" / "ytdubber")
    said(tmp_path, "git", "init", "-q")
    commit(tmp_path)
    said(tmp_path, "git", "tag", "v0.2.0")
    return tmp_path


def commit(checkout: Path) -> None:
    said(checkout, "git", "add", "-A")
    said(checkout, "git", "commit", "-qm", "a change")


def said(folder: Path, *words: str | Path, fails: bool = False) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=os.environ | NOBODY | {"GIT_CEILING_DIRECTORIES": str(folder.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert bool(done.returncode) is fails, done.stdout + done.stderr
    return (done.stderr if fails else done.stdout).strip()


def release(checkout: Path, version: str, fails: bool = False) -> str:
    return said(checkout, "sh", "scripts/release.sh", TOWNCRIER, version, fails=fails)


def version(folder: Path) -> str:
    return said(folder, sys.executable, "-m", "hatchling", "version")


def change(checkout: Path, name: str, text: str) -> None:
    (checkout / "changes" / name).write_text(text, encoding="utf-8")
    commit(checkout)


def test_changes_are_gathered_and_the_version_is_the_tags(checkout: Path) -> None:
    before = (checkout / "CHANGELOG.md").read_text("utf-8")
    change(checkout, "hook.operations.md", "A dead webhook is told in one warning.")
    change(checkout, "hush.dub.md", "A whisper is heard.")
    assert "git push --follow-tags" in release(checkout, "0.3.0")
    assert (version(checkout), said(checkout, "git", "status", "--porcelain")) == ("0.3.0", "")
    assert [path.name for path in (checkout / "changes").iterdir()] == ["README.md"]
    after = (checkout / "CHANGELOG.md").read_text("utf-8")
    top = "# Changelog\n\n<!-- newest first -->\n"
    assert after.startswith(f"{top}\n## 0.3.0 (")
    assert after.endswith(before.removeprefix(top))
    notes = said(checkout, "sh", "scripts/release_notes.sh", "0.3.0")
    assert "- A dead webhook is told in one warning." in notes
    assert notes.index("### The dub") < notes.index("### Operations")
    assert "0.2.0" not in notes


def test_what_comes_after_a_release_says_how_far_it_is(checkout: Path) -> None:
    assert version(checkout) == "0.2.0"
    change(checkout, "hush.dub.md", "A whisper is heard.")
    assert version(checkout).startswith("0.2.1.dev1+g")


def test_a_source_without_tags_does_not_guess(checkout: Path) -> None:
    shutil.rmtree(checkout / ".git")
    assert version(checkout) == "0.0.0"


def test_only_a_whole_state_is_released(checkout: Path) -> None:
    assert release(checkout, "0.3.0", fails=True) == "No release: changes/ holds no change."
    change(checkout, "hush.dub.md", "A whisper is heard.")
    assert "VERSION=1.2.3" in release(checkout, "v0.3", fails=True)
    assert "v0.2.0 is there already" in release(checkout, "0.2.0", fails=True)
    (checkout / "README.md").write_text("begun", encoding="utf-8")
    assert "not committed" in release(checkout, "0.3.0", fails=True)
    assert said(checkout, "git", "tag") == "v0.2.0"


def test_a_version_that_the_changelog_does_not_know_has_no_notes(checkout: Path) -> None:
    assert "nothing of 9.9.9" in said(
        checkout, "sh", "scripts/release_notes.sh", "9.9.9", fails=True
    )
    assert "- " in said(checkout, "sh", "scripts/release_notes.sh", "0.1.0")


def test_every_change_is_of_a_kind_and_says_something() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]
    kinds = {kind["directory"] for kind in rules["type"]}
    for path in set((ROOT / "changes").iterdir()) - {ROOT / "changes" / "README.md"}:
        assert path.name.split(".")[1:] in [[kind, "md"] for kind in kinds], path.name
        assert path.read_text("utf-8").strip(), path.name
