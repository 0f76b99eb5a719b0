"""Storage holds what rows name and what jobs still need, and nothing else."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Made, Rows

from ytdubber.adapters.db.jobs.strays import strays
from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.operations.sweep_storage import SweepStorage
from ytdubber.ports.media_store import UploadHeaders

Put = Callable[[UUID], str]


@pytest.fixture
def store(tmp_path: Path) -> FolderMediaStore:
    return FolderMediaStore(tmp_path / "media", b"s" * 32, "http://localhost", SystemClock())


@pytest.fixture
def put(store: FolderMediaStore, tmp_path: Path) -> Put:
    """Puts a file under a fresh key of a job."""

    def put(job_id: UUID) -> str:
        file, key = tmp_path / "file", f"{job_id}/{uuid4()}"
        file.write_bytes(b"x")
        store.put(key, file, "audio/wav")
        return key

    return put


@pytest.fixture
def sweep(harness: WorkerHarness, store: FolderMediaStore) -> SweepStorage:
    return SweepStorage(partial(strays, harness.engine), store)


def _uploaded(rows: Rows, job: Made, key: str) -> None:
    rows.ask(
        "insert into ytdubber.uploads (id, job_id, user_id, track, key, file_name) values"
        " (%s, %s, %s, 'voice', %s, 'a.wav')",
        uuid4(),
        job.id,
        job.user_id,
        key,
    )


def _finished(rows: Rows, job: Made, key: str) -> None:
    rows.ask(
        "insert into ytdubber.artifacts (id, job_id, task_id, user_id, path, kind, format, key,"
        " bytes, sha256, mime) values (%s, %s, %s, %s, 'pt/mix.flac', 'mix', 'flac', %s, 1, '',"
        " '')",
        uuid4(),
        job.id,
        job.tasks["pt"],
        job.user_id,
        key,
    )


def test_what_no_row_names_goes(
    rows: Rows, put: Put, sweep: SweepStorage, store: FolderMediaStore
) -> None:
    under_way, ended, purged = (rows.job("pt") for _ in range(3))
    kept = {put(under_way.id), put(ended.id)}
    rows.ask(
        "update ytdubber.dubbing_jobs set finished_at = now(), purged_at = now() where id = %s",
        purged.id,
    )
    rows.ask("update ytdubber.dubbing_jobs set finished_at = now() where id = %s", ended.id)
    named = put(purged.id)
    _finished(rows, purged, named)
    put(purged.id)  # a stem that came late, or a result that nobody waited for
    put(uuid4())
    assert sweep() == 2
    assert set(store.keys("")) == {*kept, named}
    rows.ask("update ytdubber.artifacts set deleted_at = now()")
    assert sweep() == 1
    assert set(store.keys("")) == kept
    assert sweep() == 0


def test_an_upload_that_is_announced_may_come(
    rows: Rows, put: Put, sweep: SweepStorage, store: FolderMediaStore
) -> None:
    job = rows.job("pt")
    rows.ask("update ytdubber.dubbing_jobs set submitted_at = null, stage = 'awaiting_upload'")
    key = put(job.id)
    _uploaded(rows, job, key)
    assert sweep() == 0
    rows.ask("update ytdubber.dubbing_jobs set deleted_at = now(), purged_at = now()")
    rows.ask("update ytdubber.uploads set deleted_at = now()")
    assert sweep() == 1
    assert store.stat(key) is None


def test_more_than_is_asked_about_at_once(put: Put, sweep: SweepStorage) -> None:
    job_id = uuid4()
    for _ in range(501):
        put(job_id)
    assert sweep() == 501


def test_files_of_a_job_that_ends_meanwhile_are_nobody_s_fault(
    put: Put, store: FolderMediaStore, caplog: pytest.LogCaptureFixture
) -> None:
    put(uuid4())

    def removed_by_the_job_itself(keys: Sequence[str]) -> Sequence[str]:
        store.delete(keys)
        return keys

    assert SweepStorage(removed_by_the_job_itself, store)() == 0
    assert not [each for each in caplog.records if each.name.endswith("sweep_storage")]


def test_half_written_files_go_unless_they_are_being_written(
    sweep: SweepStorage, store: FolderMediaStore, tmp_path: Path
) -> None:
    key = f"{uuid4()}/{uuid4()}"
    url = store.upload_url(
        key, content_type=None, max_bytes=9, bytes=None, sha256=None, expires_in_s=60
    )
    coming = store.accept(key, url.partition("?")[2], UploadHeaders("audio/wav", None))
    coming.write(b"half")
    shard = next((tmp_path / "media").iterdir())
    left = shard / f"{uuid4()}.{uuid4()}.00000000000000ff"
    left.write_bytes(b"of a process that is dead")
    (shard / "notes.json").write_text("not ours")
    sweep()
    assert not left.exists()
    assert (shard / "notes.json").exists()
    coming.finish()
    assert store.stat(key)
