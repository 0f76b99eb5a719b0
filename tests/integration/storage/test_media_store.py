"""Files in the folder: whole or not there, whatever is killed."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from tests.integration.storage.serving import JOB, KEY, OTHER_KEY, SECRET, ManualClock

from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.domain.errors import Cancelled, MediaMissing, NotFound, StorageNotWorking
from ytdubber.ports.media_store import Stored

SOUND = os.urandom(2_100_000)
SHA256 = hashlib.sha256(SOUND).hexdigest()

DRAFT = """
import sys, time
from pathlib import Path
from ytdubber.adapters.filesystem.media_folder import MediaFolder
draft = MediaFolder(Path(sys.argv[1])).begin(sys.argv[2], replace=False)
draft.write(b"half of it")
draft.sync()
print("written", flush=True)
time.sleep(60)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def make(root: Path, clock: ManualClock) -> Callable[[], FolderMediaStore]:
    return lambda: FolderMediaStore(root, SECRET, "http://127.0.0.1:1", clock)


@pytest.fixture
def store(make: Callable[[], FolderMediaStore]) -> FolderMediaStore:
    return make()


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound"
    path.write_bytes(SOUND)
    return path


def files(root: Path) -> list[str]:
    return sorted(p.name for p in root.glob("*/*") if p.name != "lock")


def never() -> None:
    return None


def test_a_file_put_in_is_consumed_and_can_be_fetched(
    store: FolderMediaStore, sound: Path, tmp_path: Path
) -> None:
    store.put(KEY, sound, "audio/flac")
    assert not sound.exists()
    assert store.stat(KEY) == Stored(len(SOUND), "audio/flac", SHA256)
    assert store.fetch(KEY, tmp_path / "copy", never) == SHA256
    assert (tmp_path / "copy").read_bytes() == SOUND


def test_putting_again_replaces_and_leaves_one_file(
    store: FolderMediaStore, sound: Path, tmp_path: Path, root: Path
) -> None:
    store.put(KEY, sound, "audio/flac")
    (tmp_path / "new").write_bytes(b"new")
    store.put(KEY, tmp_path / "new", "text/vtt")
    stored = store.stat(KEY)
    assert stored
    assert (stored.bytes, stored.content_type) == (3, "text/vtt")
    assert len(files(root)) == 2


def test_a_file_from_another_file_system_is_taken_too(store: FolderMediaStore, root: Path) -> None:
    shared = Path("/dev/shm")  # noqa: S108  # a second file system, not a place for secrets
    if not shared.is_dir() or shared.stat().st_dev == root.stat().st_dev:
        pytest.skip("no second file system on this machine")
    elsewhere = shared / f"ytdubber-test-{uuid4()}"
    elsewhere.write_bytes(SOUND)
    try:
        store.put(KEY, elsewhere, "audio/flac")
        assert not elsewhere.exists()
    finally:
        elsewhere.unlink(missing_ok=True)
    assert store.stat(KEY)


def test_nothing_is_lost_where_nothing_could_be_put(
    store: FolderMediaStore, sound: Path, root: Path
) -> None:
    store.put(KEY, sound, "audio/flac")
    with pytest.raises(StorageNotWorking, match="no such file"):
        store.put(KEY, sound, "audio/flac")
    stored = store.stat(KEY)
    assert stored
    assert stored.sha256 == SHA256
    assert len(files(root)) == 2


def test_what_is_not_there_is_missing(store: FolderMediaStore, tmp_path: Path) -> None:
    assert store.stat(KEY) is None
    with pytest.raises(MediaMissing):
        store.fetch(KEY, tmp_path / "copy", never)
    assert not (tmp_path / "copy").exists()


def test_a_fetch_that_is_cancelled_leaves_nothing(
    store: FolderMediaStore, sound: Path, tmp_path: Path
) -> None:
    store.put(KEY, sound, "audio/flac")
    asked: list[None] = []

    def check() -> None:
        asked.append(None)
        if len(asked) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        store.fetch(KEY, tmp_path / "copy", check)
    assert not (tmp_path / "copy").exists()


def test_deleting_removes_every_trace_and_again_is_no_error(
    store: FolderMediaStore, sound: Path, root: Path
) -> None:
    store.put(KEY, sound, "audio/flac")
    store.delete([KEY, OTHER_KEY])
    store.delete([KEY])
    assert store.stat(KEY) is None
    assert files(root) == []


def test_keys_are_listed_by_their_beginning(store: FolderMediaStore, tmp_path: Path) -> None:
    third = f"{uuid4()}/{uuid4()}"
    for key in (KEY, OTHER_KEY, third):
        (tmp_path / "x").write_bytes(b"x")
        store.put(key, tmp_path / "x", "text/vtt")
    assert set(store.keys("")) == {KEY, OTHER_KEY, third}
    assert set(store.keys(JOB)) == set(store.keys("1")) - {third} == {KEY, OTHER_KEY}
    assert list(store.keys(KEY)) == [KEY]
    for nothing in ("..", "**", "[", "/", JOB + "x"):
        assert list(store.keys(nothing)) == []


@pytest.mark.parametrize(
    "key",
    ["", "a/b", "../x", f"{KEY}/x", KEY + "\n", KEY.upper().replace("1", "A"), JOB, "/" + KEY],
)
def test_only_keys_are_keys(
    store: FolderMediaStore, sound: Path, tmp_path: Path, root: Path, key: str
) -> None:
    for call in (
        lambda: store.stat(key),
        lambda: store.fetch(key, tmp_path / "copy", never),
        lambda: store.put(key, sound, "audio/flac"),
        lambda: store.delete([key]),
        lambda: store.upload_url(
            key, content_type=None, max_bytes=1, bytes=None, sha256=None, expires_in_s=1
        ),
    ):
        with pytest.raises(NotFound):
            call()
    assert sound.exists()
    assert files(root) == []


def test_what_a_killed_process_left_is_removed_at_start_and_nothing_else(
    make: Callable[[], FolderMediaStore], sound: Path, root: Path
) -> None:
    make().put(KEY, sound, "audio/flac")
    with subprocess.Popen(
        [sys.executable, "-c", DRAFT, str(root), OTHER_KEY], stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"written\n"
        make()
        assert len(files(root)) == 3  # what is being written is left alone
        writer.send_signal(signal.SIGKILL)
    store = make()
    assert len(files(root)) == 2
    assert store.stat(KEY)


def test_what_was_cut_off_while_it_became_visible_is_removed(
    make: Callable[[], FolderMediaStore], sound: Path, root: Path
) -> None:
    make().put(KEY, sound, "audio/flac")
    shard = root / KEY[:2]
    stem = KEY.replace("/", ".")
    (shard / f"{stem}.00000000000000ff").write_bytes(b"replaced")
    (shard / f"{OTHER_KEY.replace('/', '.')}.00000000000000ff").write_bytes(b"whole")
    (shard / f"{OTHER_KEY.replace('/', '.')}.00000000000000ff.tmp").write_bytes(b"{}")
    store = make()
    assert len(files(root)) == 2
    assert list(store.keys("")) == [KEY]
    assert store.stat(KEY)


def test_readers_see_one_version_or_the_other_while_it_is_replaced(
    store: FolderMediaStore, tmp_path: Path
) -> None:
    versions = [bytes([n]) * 50_000 for n in range(20)]
    hashes = {hashlib.sha256(version).hexdigest() for version in versions}
    (tmp_path / "v").write_bytes(versions[0])
    store.put(KEY, tmp_path / "v", "audio/flac")

    def replace() -> None:
        for n, version in enumerate(versions):
            (tmp_path / f"v{n}").write_bytes(version)
            store.put(KEY, tmp_path / f"v{n}", "audio/flac")

    writer = threading.Thread(target=replace)
    writer.start()
    try:
        while writer.is_alive():
            assert store.fetch(KEY, tmp_path / "copy", never) in hashes
            store.sweep()
    finally:
        writer.join()


def test_storage_that_works_passes_its_check_and_keeps_nothing(
    store: FolderMediaStore, root: Path
) -> None:
    store.check()
    assert files(root) == []


def test_storage_that_does_not_work_says_why(
    store: FolderMediaStore, root: Path, sound: Path
) -> None:
    for shard in root.iterdir():
        shard.rmdir()
    root.rmdir()
    root.touch()
    with pytest.raises(StorageNotWorking, match=r"not a directory|file exists"):
        store.check()
    with pytest.raises(StorageNotWorking):
        store.put(KEY, sound, "audio/flac")
    assert sound.exists()


def _run(*words: object) -> bool:
    """Whether it could be done."""
    return subprocess.run([*map(str, words)], check=False, capture_output=True).returncode == 0


def test_a_disk_that_nothing_can_be_written_to_is_away(
    store: FolderMediaStore, root: Path, sound: Path
) -> None:
    """Work waits for it, as for any storage."""
    root.mkdir(exist_ok=True)
    mounts = [["--bind", root, root], ["-o", "remount,bind,ro", root]]
    if not all(shutil.which("mount") and _run("mount", *words) for words in mounts):
        _run("umount", root)
        pytest.skip("only root can mount a folder, and not on every machine")
    try:
        with pytest.raises(StorageNotWorking, match="read-only") as raised:
            store.put(OTHER_KEY, sound, "audio/flac")
    finally:
        assert _run("umount", root)
    assert raised.value.away
    store.put(OTHER_KEY, sound, "audio/flac")


def test_a_damaged_description_is_no_file_and_no_crash(
    store: FolderMediaStore, sound: Path, root: Path
) -> None:
    store.put(KEY, sound, "audio/flac")
    next(root.glob("*/*.json")).write_text('{"file": "../../x"}')
    with pytest.raises(StorageNotWorking, match="damaged"):
        store.stat(KEY)
