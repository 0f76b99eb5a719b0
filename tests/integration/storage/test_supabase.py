"""Supabase Storage when it is slow, refuses, or is away."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.integration.storage.serving import KEY, OTHER_KEY
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

from ytdubber.adapters.supabase.connection import Patience, StorageConnection
from ytdubber.adapters.supabase.media import PAGE, SupabaseMediaStore
from ytdubber.domain.errors import AlreadyUploaded, Cancelled, MediaMissing, StorageNotWorking
from ytdubber.testing.manual_clock import ManualClock
from ytdubber.testing.storage_double import (
    BUCKET,
    SECRET_KEY,
    Bucket,
    Object,
    Operation,
    StorageDouble,
    StorageFault,
    running,
)

SOUND = os.urandom(3_000_000)
LIMIT = 4_000_000


@dataclass
class Project:
    """A double, a store on it, and a clock in which the store's waits take no time."""

    double: StorageDouble
    url: str
    clock: ManualClock
    stores: list[StorageConnection] = field(default_factory=list)

    def store(
        self, key: str = SECRET_KEY, bucket: str = BUCKET, patience: Patience | None = None
    ) -> SupabaseMediaStore:
        connection = StorageConnection(self.url, key, patience or Patience(), self.clock.sleep)
        self.stores.append(connection)
        return SupabaseMediaStore(connection, bucket, self.clock)


@pytest.fixture
def project() -> Iterator[Project]:
    clock = ManualClock()
    double = StorageDouble(Bucket(BUCKET, size_limit=LIMIT), now_s=lambda: clock.now().timestamp())
    with running(double) as url:
        made = Project(double, url, clock)
        yield made
        for each in made.stores:
            each.close()


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound"
    path.write_bytes(SOUND)
    return path


def never() -> None:
    return None


PASSING = [
    StorageFault(status=429),
    StorageFault(status=503),
    StorageFault(status=500),
    StorageFault(cut=True),
    StorageFault(cut_in=True),
]


def every_call(
    store: SupabaseMediaStore, clock: ManualClock, tmp_path: Path
) -> dict[Operation, Callable[[], object]]:
    def put() -> None:
        (tmp_path / "new").write_bytes(b"new")
        store.put(OTHER_KEY, tmp_path / "new", "audio/wav")

    return {
        Operation.UPLOAD: put,
        Operation.INFO: lambda: store.stat(KEY),
        Operation.DOWNLOAD: lambda: store.fetch(KEY, tmp_path / "copy", never),
        Operation.LIST: lambda: list(store.keys("")),
        Operation.REMOVE: lambda: store.delete([OTHER_KEY]),
        Operation.SIGN_UPLOAD: lambda: store.upload_url(
            f"{uuid4()}/{uuid4()}",
            content_type=None,
            max_bytes=1,
            bytes=None,
            sha256=None,
            expires_in_s=1,
        ),
        Operation.SIGN_DOWNLOAD: lambda: store.sign_ahead([KEY], clock.now()),
    }


@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_is_asked_again(
    project: Project, sound: Path, tmp_path: Path, fault: StorageFault
) -> None:
    store = project.store()
    store.put(KEY, sound, "audio/wav")
    for operation, call in every_call(store, project.clock, tmp_path).items():
        project.double.script(operation, [fault, fault])
        call()
        assert project.double.asked.count(operation) >= 3
    assert (tmp_path / "copy").read_bytes() == SOUND
    assert project.double.bucket.names() == [KEY]  # the other was put, and removed
    project.double.script(Operation.UPLOAD, [fault])
    store.check()


@pytest.mark.parametrize("status", [429, 503])
def test_what_stays_is_told_in_a_sentence_after_a_while(
    project: Project, sound: Path, tmp_path: Path, status: int
) -> None:
    store = project.store()
    store.put(KEY, sound, "audio/wav")
    for operation, call in every_call(store, project.clock, tmp_path).items():
        project.double.script(operation, [StorageFault(status=status)] * 5)
        with pytest.raises(StorageNotWorking, match="Supabase Storage") as raised:
            call()
        assert SECRET_KEY not in str(raised.value)
        assert raised.value.away
        assert len(project.clock.slept) <= 40
        project.double.faults = type(project.double.faults)(lambda _: None)


def test_the_server_says_when_it_wants_to_be_asked_again(project: Project) -> None:
    project.double.script(Operation.INFO, [StorageFault(status=429, retry_after_s=3)])
    assert project.store().stat(KEY) is None
    assert project.clock.slept == [3]
    project.double.script(Operation.INFO, [StorageFault(status=429, retry_after_s=86_400)])
    assert project.store().stat(KEY) is None
    assert project.clock.slept == [3, 10]


def test_nobody_waits_for_a_storage_that_is_silent(project: Project) -> None:
    store = project.store(patience=Patience(silent_s=2.0, soon_s=0.2))
    project.double.script(Operation.INFO, [StorageFault(wait_s=PATIENCE_S)] * 2)
    with pytest.raises(StorageNotWorking, match="did not answer in time"):
        store.stat(KEY)
    project.double.script(Operation.SIGN_DOWNLOAD, [StorageFault(wait_s=PATIENCE_S)] * 2)
    with pytest.raises(StorageNotWorking, match="did not answer in time"):
        store.download_url(
            KEY, file_name="x", content_type="audio/wav", expires_at=project.clock.now()
        )


def test_a_storage_that_is_away_is_told_so(project: Project) -> None:
    connection = StorageConnection("http://127.0.0.1:1", SECRET_KEY, sleep=project.clock.sleep)
    store = SupabaseMediaStore(connection, BUCKET, project.clock)
    with pytest.raises(StorageNotWorking, match="cannot be reached") as raised:
        store.check()
    assert raised.value.away
    connection.close()


def test_a_wrong_key_is_told_by_its_setting(project: Project) -> None:
    for wrong in ("sb_secret_other", project.double.tokens.of_role("anon"), "a.b.c"):
        store = project.store(wrong)
        with pytest.raises(StorageNotWorking, match="SUPABASE_SERVICE_KEY") as raised:
            store.check()
        assert raised.value.away
        assert wrong not in str(raised.value)


def test_a_bucket_that_is_missing_is_told_how_to_make(project: Project, tmp_path: Path) -> None:
    store = project.store(bucket="other")
    with pytest.raises(StorageNotWorking, match="supabase db push"):
        store.check()
    with pytest.raises(StorageNotWorking, match="bucket"):
        store.stat(KEY)
    with pytest.raises(StorageNotWorking, match="bucket"):
        store.fetch(KEY, tmp_path / "copy", never)


def test_after_a_refused_upload_the_next_goes_by_another_connection(
    project: Project, sound: Path, tmp_path: Path
) -> None:
    store = project.store(patience=Patience(silent_s=5.0, attempts=1))
    large = tmp_path / "large"
    for _ in range(3):
        large.write_bytes(bytes(LIMIT + 1))
        with pytest.raises(StorageNotWorking, match="size limit") as raised:
            store.put(OTHER_KEY, large, "audio/wav")
        assert not raised.value.away
        assert large.exists()
        sound.write_bytes(SOUND)
        store.put(KEY, sound, "audio/wav")
    assert project.double.bucket.get(KEY).data == SOUND


def test_a_file_that_breaks_off_is_fetched_again(
    project: Project, sound: Path, tmp_path: Path
) -> None:
    store = project.store()
    store.put(KEY, sound, "audio/wav")
    project.double.script(Operation.DOWNLOAD, [StorageFault(cut=True)] * 4)
    came = store.fetch(KEY, tmp_path / "copy", never)
    assert came == hashlib.sha256(SOUND).hexdigest()
    project.double.script(Operation.DOWNLOAD, [StorageFault(cut=True)] * 5)
    with pytest.raises(StorageNotWorking, match="broke"):
        store.fetch(KEY, tmp_path / "other", never)
    assert not (tmp_path / "other").exists()


def test_what_is_removed_between_attempts_is_missing(
    project: Project, sound: Path, tmp_path: Path
) -> None:
    store = project.store()
    store.put(KEY, sound, "audio/wav")
    project.double.script(Operation.DOWNLOAD, [StorageFault(cut=True)])

    def check() -> None:
        project.double.bucket.remove([KEY])

    with pytest.raises(MediaMissing):
        store.fetch(KEY, tmp_path / "copy", check)
    assert not (tmp_path / "copy").exists()


def test_a_cancelled_fetch_is_not_asked_again(
    project: Project, sound: Path, tmp_path: Path
) -> None:
    store = project.store()
    store.put(KEY, sound, "audio/wav")

    def check() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        store.fetch(KEY, tmp_path / "copy", check)
    assert project.double.asked.count(Operation.DOWNLOAD) == 1


def test_lists_are_read_to_their_end(project: Project) -> None:
    job = str(uuid4())
    keys = {f"{job}/{uuid4()}" for _ in range(PAGE + 50)}
    keys |= {f"{uuid4()}/{uuid4()}" for _ in range(PAGE + 50)}
    for key in keys:
        project.double.bucket.put(key, Object(b"x", "audio/wav"), upsert=False)
    store = project.store()
    assert set(store.keys("")) == keys
    assert sum(key.startswith(job) for key in keys) == len(list(store.keys(f"{job}/")))
    store.delete(sorted(keys))
    assert list(store.keys("")) == []


@pytest.mark.parametrize("most", [1, 20, 100])
def test_a_server_that_lists_fewer_than_asked_for_hides_nothing(
    project: Project, most: int
) -> None:
    """Its pages are as short as it likes: one that is short need not be the last."""
    double = project.double
    double.listed_at_most = most
    job = str(uuid4())
    keys = {f"{job}/{uuid4()}" for _ in range(2 * most + 1)}
    keys |= {f"{uuid4()}/{uuid4()}" for _ in range(most + 1)}
    for key in keys:
        double.bucket.put(key, Object(b"x", "audio/wav"), upsert=False)
    store = project.store()
    assert {key for key in keys if key.startswith(job)} == set(store.keys(f"{job}/"))
    assert set(store.keys("")) == keys


def test_a_folder_of_few_files_takes_one_request(project: Project) -> None:
    """Among many: no page after one that is shorter than the server's pages are."""
    for _ in range(5):
        project.double.bucket.put(f"{uuid4()}/{uuid4()}", Object(b"x", "audio/wav"), upsert=False)
    assert len(list(project.store().keys(""))) == 5
    assert len(project.double.asked) == 1 + 1 + 5


def test_a_link_is_asked_for_once_while_it_is_fresh(project: Project) -> None:
    store = project.store()
    keys = [f"{uuid4()}/{uuid4()}" for _ in range(3)]
    for key in keys:
        project.double.bucket.put(key, Object(b"x", "audio/wav"), upsert=False)

    def links(seconds: float, named: str = "x") -> list[str]:
        ends = project.clock.now() + timedelta(seconds=seconds)
        store.sign_ahead(keys, ends)
        return [
            store.download_url(key, file_name=named, content_type="audio/wav", expires_at=ends)
            for key in keys
        ]

    first = links(900)
    project.clock.sleep(120)
    assert [url.replace("=y", "=x") for url in links(900, "y")] == first
    assert project.double.asked == [Operation.SIGN_DOWNLOAD]
    links(60)  # shorter ones are not kept: asked for ahead, and for each
    assert project.double.asked == [Operation.SIGN_DOWNLOAD] * 5
    assert links(900) == first
    project.clock.sleep(400)
    again = links(900)
    assert again != first
    assert all(httpx.get(url, verify=NO_TLS).is_success for url in again)


def test_a_file_that_is_there_gets_no_upload_link(project: Project) -> None:
    project.double.bucket.put(KEY, Object(b"x", "audio/wav"), upsert=False)
    with pytest.raises(AlreadyUploaded):
        project.store().upload_url(
            KEY, content_type=None, max_bytes=1, bytes=None, sha256=None, expires_in_s=1
        )
