"""kill -9 in every stage: what was done before is not done again, and nothing is left behind."""

import collections
import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.booking import booked
from tests.integration.service.harness import backend, send_job
from tests.waiting import PATIENCE_S, until

from ytdubber.adapters.db.coordination.reaper import SqlReaper
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.bootstrap.backend import Backend

ROOT = Path(__file__).parents[3]
STAGES = ("stt", "translating", "dubbing", "mixing", "exporting")


@contextmanager
def worker(url: str, folder: Path, *fatal: str) -> Iterator[subprocess.Popen[bytes]]:
    module = "tests.integration.service.harness"
    process = subprocess.Popen([sys.executable, "-m", module, url, str(folder), *fatal], cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@pytest.fixture
def shared(database_url: str, tmp_path: Path) -> Iterator[Backend]:
    made = backend(database_url, tmp_path)
    yield made
    made.engine.dispose()


def finished(shared: Backend, job_id: UUID) -> bool:
    with shared.database.as_service() as work:
        state = work.job_repository.state(job_id)
    return state is not None and state.finished_at is not None


@pytest.mark.parametrize("stage", STAGES)
def test_a_worker_killed_in_a_stage(
    shared: Backend, database_url: str, tmp_path: Path, stage: str
) -> None:
    job_id = send_job(shared, tmp_path, "pt")
    with worker(database_url, tmp_path, stage) as killed:
        assert killed.wait(PATIENCE_S) == -signal.SIGKILL
    with shared.database.as_service() as work:
        (before,) = work.tasks.of_job(job_id)
    assert before.stage.value == stage
    left = [p for p in (tmp_path / "scratch").rglob("*") if p.is_file() and p.name != "lock"]
    assert left, "it was killed in the middle of its work"
    for file in left:
        begins = (b"RIFF", b"ID3", b"fLaC", b'{\n  "', b"1\n00:", b"WEBVTT")
        assert not file.read_bytes().startswith(begins)
    assert SqlReaper(shared.engine, PostgresQueue(), booked).abandon(None) == 1
    with worker(database_url, tmp_path):
        until(lambda: finished(shared, job_id))
    with shared.database.as_service() as work:
        (task,) = work.tasks.of_job(job_id)
        artifacts = work.artifacts.of_job(job_id)
    assert task.stage.value == "complete", task.error_message
    assert before.entered_at.items() <= task.entered_at.items()
    calls = collections.Counter((tmp_path / "calls").read_text().splitlines())
    assert set(calls.values()) == {1}, "something was made twice"
    assert len({artifact.path for artifact in artifacts}) == len(artifacts) == 11
    for artifact in artifacts:
        copy = tmp_path / "copy"
        sha256 = shared.media.fetch(artifact.key, copy, lambda: None)
        assert sha256 == artifact.sha256 == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert [p for p in (tmp_path / "scratch").rglob("*") if p.name != "lock" and p.is_file()] == []
    with shared.engine.connect() as connection:
        events = connection.execute(text("select data ->> 'stage' from ytdubber.job_events"))
        stages = [name for name in events.scalars() if name]
    assert stages == [*STAGES, "complete", "complete"]
