"""What came of uploads that go on: over restarts, kills and any order of what may happen."""

import hashlib
import random
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from tests.integration.storage.serving import KEY, SECRET, ManualClock

from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.filesystem.resumable import FolderResumableUploads
from ytdubber.adapters.filesystem.unfinished import SYNC_BYTES
from ytdubber.domain.errors import (
    AlreadyUploaded,
    LinkExpired,
    NotFound,
    UploadClosed,
    UploadInUse,
    UploadOffsetWrong,
)
from ytdubber.ports.resumable_uploads import ResumedUpload, UploadCreation

MIB = 2**20
SENDER = """
import sys, time
from pathlib import Path
from ytdubber.adapters.filesystem.media import FolderMediaStore
from tests.integration.storage.serving import SECRET, ManualClock
store = FolderMediaStore(Path(sys.argv[1]), SECRET, "http://localhost", ManualClock())
upload = store.resumable.resume(sys.argv[2], 0)
with open(sys.argv[3], "rb") as file:
    for _ in range(20):
        upload.write(file.read(2**20))
print("written", flush=True)
time.sleep(3600)
"""
"""Sends 20 MiB, and is killed before it lets go of them."""


def made(root: Path, clock: ManualClock) -> FolderMediaStore:
    return FolderMediaStore(root, SECRET, "http://localhost", clock)


def begun(store: FolderMediaStore, content: bytes, sha256: str | None = None) -> str:
    """The id of a new upload of the content."""
    creation = store.resumable_upload(
        KEY,
        content_type="audio/wav",
        max_bytes=100 * MIB,
        bytes=len(content),
        sha256=sha256,
        expires_in_s=3600,
    )
    signature = creation.headers["x-signature"]
    return store.resumable.begin(KEY, signature, UploadCreation(len(content), "audio/wav", "")).id


def test_a_killed_process_loses_little_and_the_rest_goes_on(tmp_path: Path) -> None:
    content = random.Random(1).randbytes(24 * MIB)  # noqa: S311  # content, no secret
    file, root, clock = tmp_path / "file", tmp_path / "media", ManualClock()
    file.write_bytes(content)
    upload_id = begun(made(root, clock), content)
    sender = subprocess.Popen(
        [sys.executable, "-c", SENDER, root, upload_id, file],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
    )
    assert sender.stdout
    assert sender.stdout.readline() == b"written\n"
    with pytest.raises(UploadInUse):
        made(root, clock).resumable.resume(upload_id, 0)
    sender.kill()
    sender.wait()
    sender.stdout.close()
    store = made(root, clock)  # it sweeps what nobody needs
    offset = store.resumable.look(upload_id).offset
    assert 20 * MIB - SYNC_BYTES < offset <= 20 * MIB
    upload = store.resumable.resume(upload_id, offset)
    upload.write(content[offset:])
    assert upload.finish().sha256 == hashlib.sha256(content).hexdigest()
    assert len([path for path in root.glob("*/*") if path.name != "lock"]) == 2


def test_a_process_killed_at_the_last_byte_does_not_claim_the_whole(tmp_path: Path) -> None:
    content, clock = b"sound" * 1000, ManualClock()
    store = made(tmp_path, clock)
    upload_id = begun(store, content)
    upload = store.resumable.resume(upload_id, 0)
    upload.write(content[:4000])
    upload.pause()
    upload = store.resumable.resume(upload_id, 4000)
    upload.write(content[4000:])
    upload.pause()  # it would have been finished
    assert store.resumable.look(upload_id).offset == 4000
    assert store.stat(KEY) is None
    assert list(store.keys(KEY[:10])) == [KEY]
    store.delete([KEY])
    assert [path for path in tmp_path.glob("*/*") if path.name != "lock"] == []


def test_a_sweep_takes_what_is_over_and_nobody_sends(tmp_path: Path) -> None:
    content, clock = b"sound" * 1000, ManualClock()
    store = made(tmp_path, clock)
    upload = store.resumable.resume(begun(store, content), 0)
    upload.write(content[:10])
    clock.turn(3601)
    store.sweep()
    assert list(store.keys("")) == [KEY]
    upload.pause()
    store.sweep()
    assert [path for path in tmp_path.glob("*/*") if path.name != "lock"] == []


def test_a_whole_file_outlives_the_note_of_how_it_came(tmp_path: Path) -> None:
    """As after a loss of power between the two."""
    content, clock = b"sound" * 1000, ManualClock()
    store = made(tmp_path, clock)
    upload_id = begun(store, content)
    (note,) = tmp_path.glob("*/*.unfinished")
    kept = note.read_bytes()
    upload = store.resumable.resume(upload_id, 0)
    upload.write(content)
    upload.finish()
    note.write_bytes(kept)
    assert store.resumable.look(upload_id).offset == len(content)
    clock.turn(3601)
    store.sweep()
    assert not note.exists()
    assert store.stat(KEY) is not None


class Sending(RuleBasedStateMachine):
    """Whatever happens in whatever order, the file is exactly the bytes, or nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = ManualClock()
        self.store = made(Path(self.folder.name), self.clock)
        self.content = b""
        self.ids: list[str] = []
        self.upload: ResumedUpload | None = None

    @property
    def files(self) -> FolderResumableUploads:
        return self.store.resumable

    @initialize(content=st.binary(min_size=1, max_size=400), hashed=st.booleans())
    def begins(self, content: bytes, hashed: bool) -> None:
        self.content = content
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.hashed = self.sha256 if hashed else None
        self.ids.append(begun(self.store, content, self.hashed))

    @rule()
    def begins_anew(self) -> None:
        with suppress(AlreadyUploaded, LinkExpired):
            self.ids.append(begun(self.store, self.content, self.hashed))

    @precondition(lambda self: self.upload is None)
    @rule(which=st.integers(0, 9), wrong=st.sampled_from([0, 0, 0, 1, -1]))
    def resumes(self, which: int, wrong: int) -> None:
        upload_id = self.ids[-1 - which % len(self.ids)]
        try:
            state = self.files.look(upload_id)
            self.upload = self.files.resume(upload_id, state.offset + wrong)
            assert wrong == 0
            assert self.upload.offset == state.offset
        except UploadOffsetWrong:
            assert wrong
        except (NotFound, AlreadyUploaded):
            pass

    @precondition(lambda self: self.upload is not None)
    @rule(size=st.integers(1, 200))
    def sends(self, size: int) -> None:
        assert self.upload
        at = self.upload.offset
        self.upload.write(self.content[at : at + size])

    @precondition(lambda self: self.upload is not None)
    @rule()
    def another_sender_is_refused(self) -> None:
        for upload_id in self.ids:
            with suppress(NotFound, AlreadyUploaded, UploadInUse, UploadOffsetWrong):
                other = self.files.resume(upload_id, self.files.look(upload_id).offset)
                assert other.key
                other.pause()

    @precondition(lambda self: self.upload is not None)
    @rule()
    def lets_go(self) -> None:
        """The connection is cut, or a piece is at its end."""
        upload, self.upload = self.upload, None
        assert upload
        with suppress(AlreadyUploaded, UploadClosed):
            if upload.limit_bytes:
                upload.pause()
            else:
                upload.finish()

    @rule()
    def the_process_dies(self) -> None:
        self.upload = None  # its file is closed, and nothing else is done
        self.store = made(Path(self.folder.name), self.clock)

    @rule(which=st.integers(0, 9))
    def gives_up(self, which: int) -> None:
        with suppress(AlreadyUploaded, NotFound):
            self.files.end(self.ids[-1 - which % len(self.ids)])

    @rule(seconds=st.sampled_from([1, 3000]))
    def time_passes(self, seconds: int) -> None:
        self.clock.turn(seconds)
        self.store.sweep()

    @invariant()
    def the_file_is_whole_or_nothing(self) -> None:
        found = self.store.stat(KEY)
        if found is not None:
            assert (found.bytes, found.sha256) == (len(self.content), self.sha256)

    def teardown(self) -> None:
        self.upload = None
        self.folder.cleanup()


TestSending = Sending.TestCase
TestSending.settings = settings(deadline=None, stateful_step_count=20)
TestSending.pytestmark = [  # type: ignore[attr-defined]  # pytest's own name for it
    # A process that dies leaves its file open.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
]
