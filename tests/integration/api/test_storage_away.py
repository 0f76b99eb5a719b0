"""A storage that lets nobody in, since its key was rotated, or takes no files: jobs wait for it,
and whoever runs the service reads why.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.hands import Hands, fake_engines
from tests.integration.api.harness import ApiHarness, api
from tests.log_lines import written
from tests.plain_http import NO_TLS

from ytdubber.adapters.db.coordination.dead_letters import bury
from ytdubber.adapters.db.coordination.leases import SqlLeases
from ytdubber.adapters.supabase.connection import Patience, StorageConnection
from ytdubber.adapters.supabase.media import SupabaseMediaStore
from ytdubber.domain.errors import StorageNotWorking
from ytdubber.ports.clock import Clock
from ytdubber.ports.leases import Kind
from ytdubber.testing.storage_double import (
    BUCKET,
    SECRET_KEY,
    Operation,
    StorageDouble,
    StorageFault,
    running,
)
from ytdubber.worker.heartbeat import Heartbeat
from ytdubber.worker.job_handler import Ends, JobHandler, RetryPolicy

NEW_KEY = "sb_secret_new_0123456789abcdefghijklmn"
OFTEN = 8
"""More than what fails is tried."""


@dataclass(frozen=True)
class Remote:
    """A service whose files lie in a project's storage."""

    harness: ApiHarness
    double: StorageDouble
    url: str
    stack: ExitStack = field(default_factory=ExitStack)

    def store(self, clock: Clock, key: str = SECRET_KEY) -> SupabaseMediaStore:
        connection = StorageConnection(self.url, key, Patience(), lambda _: None)
        self.stack.enter_context(closing(connection))
        return SupabaseMediaStore(connection, BUCKET, clock)

    def handler(self, hands: Hands) -> JobHandler:
        """Where a worker takes work up and decides what becomes of it."""
        leases = SqlLeases(self.harness.backend.engine)
        cases = {Kind.JOB: hands.run.prepare, Kind.TASK: hands.run.dub}
        letters = partial(bury, self.harness.backend.engine)
        ends = Ends(hands.run.failed, hands.run.cancelled, letters, RetryPolicy())
        return JobHandler(leases, Heartbeat(leases), cases, ends, lambda: None, uuid4())

    def again(self) -> None:
        """As if all had waited long enough."""
        for table in ("dubbing_jobs", "language_tasks"):
            self.harness.rows(f"update ytdubber.{table} set not_before = null")

    def languages(self, job_id: UUID) -> list[UUID]:
        query = "select id from ytdubber.language_tasks where job_id = :job order by position"
        return [UUID(str(row[0])) for row in self.harness.rows(query, job=job_id)]

    def letters(self) -> int:
        ((count,),) = self.harness.rows("select count(*) from ytdubber.dead_letters")
        return int(str(count))


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    double = StorageDouble()
    with running(double) as url:
        made = Remote(None, double, url)  # type: ignore[arg-type]  # it is known below
        with made.stack, api(tmp_path, stored=made.store) as harness:
            yield replace(made, harness=harness)


@pytest.fixture
def eva(remote: Remote) -> Iterator[ApiUser]:
    with api_user(remote.harness) as eva:
        yield eva


def test_a_rotated_key_is_told_and_a_restart_with_the_new_one_loses_nothing(
    remote: Remote, eva: ApiUser, tmp_path: Path
) -> None:
    job_id, other_id = eva.queued("pt"), eva.queued("pt")
    handler = remote.handler(remote.harness.hands)
    handler.work(Kind.JOB, job_id)
    (task_id,) = remote.languages(job_id)
    remote.double.tokens.rotate(NEW_KEY)
    with written() as lines:
        for _ in range(OFTEN):
            handler.work(Kind.TASK, task_id)
            handler.work(Kind.JOB, other_id)
            remote.again()
    waits = lines.of("work.put_off")
    assert {"SUPABASE_SERVICE_KEY" in line["reason"] for line in waits} == {True}
    assert {line["level"] for line in waits} == {"info"}
    assert not any(secret in lines.text for secret in (SECRET_KEY, NEW_KEY, "Traceback"))
    assert remote.letters() == 0
    assert {eva.job(each)["stage"] for each in (job_id, other_id)} == {"stt", "queued"}
    ready = httpx.get(f"{remote.harness.url}/ready", verify=NO_TLS)
    assert (ready.status_code, ready.json()["checks"]["storage"]) == (503, "does not work")
    refused = eva.http.post(
        "/api/jobs/upload-urls", json={"languages": ["pt"], "voice_track_name": "a.wav"}
    )
    assert (refused.status_code, refused.json()["error"]) == (503, "storage_not_working")
    assert "SUPABASE" not in refused.json()["message"]

    backend = replace(remote.harness.backend, media=remote.store(remote.harness.clock, NEW_KEY))
    hands = Hands(backend, fake_engines(tmp_path))
    restarted = remote.handler(hands)
    restarted.work(Kind.TASK, task_id)
    restarted.work(Kind.JOB, other_id)
    restarted.work(Kind.TASK, remote.languages(other_id)[0])
    hands.close()
    for each in (job_id, other_id):
        shown = eva.job(each)
        assert shown["stage"] == "complete"
        for file in shown["files"]:
            kept = remote.harness.rows(
                "select key from ytdubber.artifacts where id = :id", id=UUID(file["id"])
            )
            data = remote.double.bucket.get(str(kept[0][0])).data
            assert hashlib.sha256(data).hexdigest() == file["sha256"]


def test_nothing_is_made_while_it_cannot_be_kept(remote: Remote, eva: ApiUser) -> None:
    """Files can be fetched and none can be put: what vendors made would be made again each time."""
    job_id = eva.queued("pt")
    handler = remote.handler(remote.harness.hands)
    handler.work(Kind.JOB, job_id)
    (task_id,) = remote.languages(job_id)
    remote.double.script(Operation.UPLOAD, [StorageFault(status=503)] * 100)
    handler.work(Kind.TASK, task_id)
    before = len(remote.double.asked)
    for _ in range(OFTEN):
        remote.again()
        handler.work(Kind.TASK, task_id)
    assert set(remote.double.asked[before:]) == {Operation.UPLOAD}
    remote.double.faults = type(remote.double.faults)(lambda _: None)
    remote.again()
    handler.work(Kind.TASK, task_id)
    assert eva.job(job_id)["stage"] == "complete"
    assert remote.letters() == 0


def test_what_it_will_never_take_is_given_up_in_words_for_its_user(
    remote: Remote, eva: ApiUser
) -> None:
    job_id = eva.queued("pt")
    handler = remote.handler(remote.harness.hands)
    handler.work(Kind.JOB, job_id)
    (task_id,) = remote.languages(job_id)
    remote.double.bucket.size_limit = 100_000
    with written() as lines:
        for _ in range(OFTEN):
            handler.work(Kind.TASK, task_id)
            remote.again()
    assert remote.letters() == 1
    assert "size limit" in lines.of("work.given_up")[0]["reason"]
    (language,) = eva.job(job_id)["languages"]
    assert language["stage"] == "failed"
    assert language["message"] == StorageNotWorking.to_user
