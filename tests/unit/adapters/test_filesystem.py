import contextlib
import os
import threading
import time
from pathlib import Path

import pytest

from ytdubber.adapters.filesystem.results import KEPT_S, FolderResultStore
from ytdubber.adapters.filesystem.workspace import workspace
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
