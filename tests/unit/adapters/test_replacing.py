"""Finished files replaced together: all of them or none, wherever the process dies."""

import hashlib
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.adapters.filesystem.workspace import settle, workspace
from ytdubber.app.dubs.evaluate import NotADub
from ytdubber.bootstrap.local import evaluation, open_dub
from ytdubber.domain.errors import DubUnfinished, FileInUse, FolderNotWritable

OLD = {"manifest.json": b"old", "pt/a.flac": b"old a", "pt/b.wav": b"old b", "es/c": b"c"}
NEW = {"manifest.json": b"new", "pt/a.flac": b"new a", "pt/d.mp3": b"new d", "fr/e": b"e"}
KILLED = 9


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own."""
    monkeypatch.setenv("YTDUBBER_HOME", str(tmp_path / "home"))


DYING = """
import os, sys
from pathlib import Path
from tests.unit.adapters.test_replacing import replace

def die_at(last):
    calls = 0
    def look(event, arguments):
        nonlocal calls
        if event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir"):
            calls += 1
            if calls > last:
                os._exit(9)
    sys.addaudithook(look)

for step, out in enumerate(sys.argv[1:]):
    if not (child := os.fork()):
        die_at(step)
        replace(Path(out))
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(code)
    if code == 0:
        break
"""
STEPS = 50
"""More than the changes to a folder that one replacement makes."""


def replace(out: Path) -> None:
    """One language goes, one is made anew, one comes."""
    with workspace(out) as scratch:
        files = {}
        for number, (key, data) in enumerate(NEW.items()):
            files[key] = scratch / f"made-{number}"
            files[key].write_bytes(data)
        FolderBlobStore(out).replace(files, OLD.keys() - NEW.keys(), scratch)


def there(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and ".ytdubber" not in path.parts
    }


def lay(out: Path) -> Path:
    for key, data in OLD.items():
        (out / key).parent.mkdir(parents=True, exist_ok=True)
        (out / key).write_bytes(data)
    return out


def test_files_are_replaced_and_removed_and_found_by_their_keys(tmp_path: Path) -> None:
    out = lay(tmp_path / "out")
    replace(out)
    assert there(out) == NEW
    assert {path.name for path in out.iterdir()} == {"manifest.json", "pt", "fr"}
    blobs = FolderBlobStore(out)
    assert blobs.read("pt/a.flac") == b"new a"
    assert blobs.sha256("pt/a.flac") == hashlib.sha256(b"new a").hexdigest()
    assert blobs.read("pt/b.wav") is None
    assert blobs.sha256("manifest.json/none") is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed in a fork of itself")
def test_a_process_that_dies_leaves_all_or_nothing(tmp_path: Path) -> None:
    """It is killed before every single change to a folder, each time in another folder."""
    folders = [lay(tmp_path / f"{step}") for step in range(STEPS)]
    words = [sys.executable, "-c", DYING, *map(str, folders)]
    done = subprocess.run(
        words, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[3]
    )
    codes = [int(line) for line in done.stdout.split()]
    assert codes == [KILLED] * (len(codes) - 1) + [0]
    folders = folders[: len(codes)]
    for out in folders[::2]:
        replace(out)
        assert there(out) == NEW
    found = []
    for out in folders[1::2]:
        settle(out)
        assert there(out) in (OLD, NEW)
        found.append(there(out) == NEW)
    assert found == sorted(found)
    assert set(found) == {True, False}


def test_something_in_the_way_is_told_before_anything_is_changed(tmp_path: Path) -> None:
    out = lay(tmp_path / "out")
    (out / "fr").write_bytes(b"a file of somebody else")
    before = there(out)
    with pytest.raises(FolderNotWritable, match="fr: cannot be written to"):
        replace(out)
    assert there(out) == before


def test_a_workspace_that_is_gone_replaces_nothing(tmp_path: Path) -> None:
    out = lay(tmp_path / "out")
    with workspace(out) as scratch:
        late = scratch / "late"
        late.write_bytes(b"new a")
    with pytest.raises(OSError, match="No such file"):
        FolderBlobStore(out).replace({"pt/a.flac": late}, (), scratch)
    assert there(out) == OLD


def test_nothing_of_a_replacement_is_left_on_the_side(tmp_path: Path) -> None:
    out = lay(tmp_path / "out")
    replace(out)
    replace(out)
    assert not (out / ".ytdubber").exists()
    assert os.listdir(out / "fr") == ["e"]


def left_undone(out: Path) -> Path:
    """As a process that dies in the middle leaves it."""
    with workspace(out) as scratch:
        kept = scratch / "made"
        kept.write_bytes(b"new")
        agreed = out / ".ytdubber" / "replacing"
        agreed.mkdir()
        kept.rename(agreed / "0")
    (agreed / "note.json").write_text('{"files": ["manifest.json"], "gone": ["es/c"]}', "utf-8")
    return out


def test_whoever_reads_a_dub_does_what_was_left_of_it(tmp_path: Path) -> None:
    for number, read in enumerate((open_dub, evaluated)):
        out = left_undone(lay(tmp_path / f"{number}"))
        with suppress(NotADub):  # it only looks like one
            read(out)
        assert there(out) == {"manifest.json": b"new", "pt/a.flac": b"old a", "pt/b.wav": b"old b"}
        assert not (out / ".ytdubber" / "replacing").exists()


def test_a_dub_whose_files_are_being_replaced_is_named(tmp_path: Path) -> None:
    out = left_undone(lay(tmp_path / "out"))
    before = there(out)
    with FileLock(out / ".ytdubber" / "lock"):
        for read in (open_dub, evaluated):
            with pytest.raises(DubUnfinished, match="out: the files of this dub are being"):
                read(out)
    assert there(out) == before


def evaluated(out: Path) -> object:
    with evaluation(lambda: None) as evaluate:
        return evaluate(out, None)


@pytest.mark.skipif(os.name != "nt", reason="only Windows keeps a file that somebody has open")
def test_a_file_that_is_open_elsewhere_is_named_and_replaced_the_next_time(tmp_path: Path) -> None:
    out = lay(tmp_path / "out")
    with (out / "pt" / "a.flac").open("rb"), pytest.raises(FileInUse, match=r"a\.flac"):
        replace(out)
    settle(out)
    assert there(out) == NEW
