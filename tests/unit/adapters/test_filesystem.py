import contextlib
import json
import os
import threading
import time
from pathlib import Path

import pytest

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.adapters.filesystem.results import KEPT_S, FolderResultStore
from ytdubber.adapters.filesystem.workspace import settle, workspace
from ytdubber.domain.errors import FolderInUse, FolderNotWritable


def test_results_are_kept_until_nobody_used_them_for_two_days(tmp_path: Path) -> None:
    results = FolderResultStore(tmp_path)
    results.save("aa11", b"one")
    results.save("bb22", b"two")
    results.save("bb22", b"two")
    old = time.time() - KEPT_S - 60
    for path in tmp_path.glob("*/*"):
        os.utime(path, (old, old))
    assert results.load("aa11") == b"one"
    results.prune()
    assert results.load("aa11") == b"one"
    assert results.load("bb22") is None


def test_a_workspace_leaves_nothing_behind_when_nothing_was_made(tmp_path: Path) -> None:
    with workspace(tmp_path / "a" / "b") as scratch:
        (scratch / "half").write_bytes(b"x")
        assert scratch.is_relative_to(tmp_path / "a" / "b")
    assert not (tmp_path / "a").exists()


def test_a_workspace_keeps_what_was_made_and_removes_what_a_killed_run_left(
    tmp_path: Path,
) -> None:
    (tmp_path / ".ytdubber" / "work").mkdir(parents=True)
    (tmp_path / ".ytdubber" / "work" / "stale").touch()
    with workspace(tmp_path) as scratch:
        assert list(scratch.iterdir()) == []
        (tmp_path / "made").touch()
    assert [p.name for p in tmp_path.iterdir()] == ["made"]


def test_one_workspace_at_a_time(tmp_path: Path) -> None:
    with (
        workspace(tmp_path),
        pytest.raises(FolderInUse, match="another ytdubber"),
        workspace(tmp_path),
    ):
        pass


def test_a_workspace_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(FolderNotWritable, match="Not a directory"),
        workspace(tmp_path / "file" / "a" / "b"),
    ):
        pass


def test_work_that_has_not_stopped_yet_leaves_nothing_behind(tmp_path: Path) -> None:
    left = threading.Event()

    def write_on(work: Path) -> None:
        number = 0
        while not left.is_set():
            with contextlib.suppress(FileNotFoundError):
                (work / f"{number}.wav").write_bytes(b"0")
            number += 1

    for turn in range(20):
        out = tmp_path / f"new{turn}" / "out"
        left.clear()
        with workspace(out) as work:
            writing = [threading.Thread(target=write_on, args=(work,)) for _ in range(2)]
            for each in writing:
                each.start()
        gone = not out.parent.exists()
        left.set()
        for each in writing:
            each.join()
        assert gone
        assert not out.parent.exists()


@pytest.mark.parametrize(
    "link",
    [".ytdubber", ".ytdubber/work", ".ytdubber/lock", ".ytdubber/gone", ".ytdubber/replacing"],
)
def test_a_link_in_the_output_folder_leads_nowhere(tmp_path: Path, link: str) -> None:
    others = tmp_path / "others"
    for name in ("work", "gone", "replacing"):
        (others / name).mkdir(parents=True)
        (others / name / "precious").write_text("kept")
    (others / "lock").write_text("kept")
    before = {path: path.is_dir() or path.read_text() for path in sorted(others.rglob("*"))}
    out = tmp_path / "out"
    (out / link).parent.mkdir(parents=True)
    (out / link).symlink_to(others if link == ".ytdubber" else others / Path(link).name)
    with pytest.raises(FolderNotWritable, match=f"{link} in it is a link"), workspace(out):
        pass
    assert {path: path.is_dir() or path.read_text() for path in sorted(others.rglob("*"))} == before
    assert (out / link).is_symlink()
    with pytest.raises(FolderNotWritable):
        settle(out)


@pytest.mark.parametrize("key", ["../precious", "pt/../../precious", "{absolute}", "away/precious"])
@pytest.mark.parametrize("what", ["files", "gone"])
def test_a_list_of_replacements_names_nothing_elsewhere(
    tmp_path: Path, what: str, key: str
) -> None:
    """Whoever made the folder may have written the list."""
    precious = tmp_path / "precious"
    precious.write_text("kept")
    agreed = tmp_path / "out" / ".ytdubber" / "replacing"
    agreed.mkdir(parents=True)
    (tmp_path / "out" / "away").symlink_to(tmp_path)
    (agreed / "0").write_text("theirs")
    named = key.replace("{absolute}", str(precious))
    (agreed / "note.json").write_text(json.dumps({"files": [], "gone": [], what: [named]}))
    with pytest.raises(FolderNotWritable, match="leads out of it"), workspace(tmp_path / "out"):
        pass
    assert precious.read_text() == "kept"


def test_a_dub_that_lists_files_elsewhere_removes_none(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    with workspace(tmp_path / "out") as work:
        blobs = FolderBlobStore(tmp_path / "out")
        with pytest.raises(FolderNotWritable, match="leads out of it"):
            blobs.replace({}, ["../precious"], work)
        with pytest.raises(FolderNotWritable, match="leads out of it"):
            blobs.sha256("../precious")
    assert (tmp_path / "precious").read_text() == "kept"
