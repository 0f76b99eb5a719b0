"""What may not be kept goes; what must be kept stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Made, Rows

from ytdubber.adapters.db.jobs.retention import SqlExpiryRepository
from ytdubber.app.operations.retention import FAILURES_IN_A_ROW, Purged, Retention
from ytdubber.domain.errors import StorageNotWorking
from ytdubber.ports.retention import Reason, Terms

TERMS = Terms()


@dataclass
class MemoryFiles:
    """`StoredFiles`: keys in a set, some of which cannot be removed."""

    stored: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)

    def keys(self, prefix: str) -> Iterable[str]:
        return [key for key in self.stored if key.startswith(prefix)]

    def delete(self, keys: Sequence[str]) -> None:
        if self.broken & set(keys):
            raise StorageNotWorking(reason="it is on fire")
        self.stored -= set(keys)


@dataclass
class Filled:
    """A job with a stem, what an engine made, a finished file, a link to it and a transcript."""

    job: Made
    source: str
    result: str
    file: str

    @property
    def all(self) -> set[str]:
        return {self.source, self.result, self.file}


@pytest.fixture
def files() -> MemoryFiles:
    return MemoryFiles()


@pytest.fixture
def retention(harness: WorkerHarness, files: MemoryFiles) -> Retention:
    return Retention(SqlExpiryRepository(harness.engine), files)


def _key(job_id: UUID) -> str:
    return f"{job_id}/{uuid4()}"


def _fill(rows: Rows, files: MemoryFiles, ended: str = "complete", ago: str = "1 hour") -> Filled:
    """A job whose one language ended so, so long ago; it expires 48 hours after its end."""
    job = rows.job("pt")
    filled = Filled(job, _key(job.id), _key(job.id), _key(job.id))
    files.stored |= filled.all
    rows.ask(
        "update ytdubber.dubbing_jobs set stage = %s, created_at = now() - %s::interval,"
        " finished_at = now() - %s::interval,"
        " expires_at = now() - %s::interval + interval '48 hours' where id = %s",
        ended,
        ago,
        ago,
        ago,
        job.id,
    )
    rows.ask("update ytdubber.language_tasks set stage = %s where job_id = %s", ended, job.id)
    _upload(rows, job, filled.source)
    artifact_id = uuid4()
    rows.ask(
        "insert into ytdubber.artifacts (id, job_id, task_id, user_id, path, kind, format, key,"
        " bytes, sha256, mime, expires_at) values (%s, %s, %s, %s, 'pt/mix.flac', 'mix', 'flac',"
        " %s, 1, '', '', now() - %s::interval + interval '48 hours')",
        artifact_id,
        job.id,
        job.tasks["pt"],
        job.user_id,
        filled.file,
        ago,
    )
    rows.ask(
        "insert into ytdubber.download_tokens values (%s, %s, %s, now(), now())",
        str(artifact_id),
        artifact_id,
        job.user_id,
    )
    rows.ask("insert into ytdubber.transcripts values (%s, %s, 'en')", job.id, job.user_id)
    rows.ask(
        "insert into ytdubber.utterances values (%s, 0, %s, 'u', 0, 1, null, 'Hello.', '[]')",
        job.id,
        job.user_id,
    )
    return filled


def _upload(rows: Rows, job: Made, key: str) -> None:
    rows.ask(
        "insert into ytdubber.uploads (id, job_id, user_id, track, key, file_name) values"
        " (%s, %s, %s, 'voice', %s, 'a.wav')",
        uuid4(),
        job.id,
        job.user_id,
        key,
    )


def _left(rows: Rows) -> dict[str, int]:
    """How many rows say that something is there."""
    return rows.ask(
        "select (select count(*) from ytdubber.uploads where deleted_at is null) as uploads,"
        " (select count(*) from ytdubber.artifacts where deleted_at is null) as artifacts,"
        " (select count(*) from ytdubber.download_tokens) as links,"
        " (select count(*) from ytdubber.utterances) as utterances"
    )[0]


@pytest.mark.parametrize("ended", ["complete", "cancelled"])
def test_sources_and_results_go_when_a_job_ends(
    rows: Rows, files: MemoryFiles, retention: Retention, ended: str
) -> None:
    filled = _fill(rows, files, ended, ago="1 second")
    assert retention(TERMS) == Purged(jobs=1, files=2)
    assert files.stored == {filled.file}
    assert _left(rows) == {"uploads": 0, "artifacts": 1, "links": 1, "utterances": 1}
    assert rows.one("select sources_deleted_at is not null from ytdubber.dubbing_jobs")
    assert rows.one("select data->>'reason' from ytdubber.job_events") == "ended"
    assert retention(TERMS) == Purged()


def test_results_go_also_where_the_stems_went_before(
    rows: Rows, files: MemoryFiles, retention: Retention
) -> None:
    filled = _fill(rows, files)
    files.stored.remove(filled.source)
    rows.ask("update ytdubber.uploads set deleted_at = now()")
    rows.ask("update ytdubber.dubbing_jobs set sources_deleted_at = now()")
    assert retention(TERMS) == Purged(jobs=1, files=1)
    assert files.stored == {filled.file}


@pytest.mark.parametrize("job_stage", ["failed", "complete"])
def test_a_language_that_failed_can_be_replayed_for_a_day(
    rows: Rows, files: MemoryFiles, retention: Retention, job_stage: str
) -> None:
    filled = _fill(rows, files, "failed", ago="23 hours")
    rows.ask("update ytdubber.dubbing_jobs set stage = %s", job_stage)
    assert retention(TERMS) == Purged()
    rows.ask("update ytdubber.dubbing_jobs set finished_at = now() - interval '24 hours'")
    assert retention(TERMS) == Purged(jobs=1, files=2)
    assert files.stored == {filled.file}


def test_files_and_texts_go_when_they_expire(
    rows: Rows, files: MemoryFiles, retention: Retention
) -> None:
    _fill(rows, files, ago="48 hours")
    kept = _fill(rows, files, ago="47 hours")
    retention(TERMS)
    assert files.stored == {kept.file}
    assert _left(rows) == {"uploads": 0, "artifacts": 1, "links": 1, "utterances": 1}
    assert rows.one("select count(*) from ytdubber.artifacts") == 2
    assert retention(TERMS) == Purged()


def test_everything_of_a_deleted_job_goes_once_nobody_works_on_it(
    rows: Rows, files: MemoryFiles, retention: Retention
) -> None:
    filled = _fill(rows, files)
    rows.ask("update ytdubber.dubbing_jobs set deleted_at = now(), finished_at = null")
    rows.ask("update ytdubber.language_tasks set lease_until = now() + interval '1 minute'")
    assert retention(TERMS) == Purged()
    rows.ask("update ytdubber.language_tasks set lease_until = null")
    assert retention(TERMS) == Purged(jobs=1, files=3)
    assert files.stored == set()
    assert set(_left(rows).values()) == {0}
    assert rows.one("select count(*) from ytdubber.dubbing_jobs") == 1
    assert retention(TERMS) == Purged()

    files.stored.add(filled.result)  # what was under way when it was deleted
    rows.ask("update ytdubber.dubbing_jobs set finished_at = now()")
    assert retention(TERMS) == Purged(jobs=1, files=1)
    assert files.stored == set()


def test_uploads_that_nobody_submits_go_after_a_day(
    rows: Rows, files: MemoryFiles, retention: Retention
) -> None:
    jobs = [rows.job("pt"), rows.job("pt")]
    rows.ask("update ytdubber.dubbing_jobs set submitted_at = null, stage = 'awaiting_upload'")
    rows.ask("delete from ytdubber.language_tasks")
    for job in jobs:
        key = _key(job.id)
        files.stored.add(key)
        _upload(rows, job, key)
    rows.ask(
        "update ytdubber.dubbing_jobs set created_at = now() - interval '24 hours' where id = %s",
        jobs[0].id,
    )
    assert retention(TERMS) == Purged(jobs=1, files=1)
    assert [key.partition("/")[0] for key in files.stored] == [str(jobs[1].id)]
    assert rows.one(
        "select deleted_at is not null from ytdubber.dubbing_jobs where id = %s", jobs[0].id
    )
    assert retention(TERMS) == Purged()


def test_a_submission_at_the_last_moment_is_kept(
    rows: Rows, files: MemoryFiles, harness: WorkerHarness, retention: Retention
) -> None:
    job = rows.job("pt")
    rows.ask("update ytdubber.dubbing_jobs set submitted_at = null, created_at = '2026-01-01'")
    expiry = SqlExpiryRepository(harness.engine)
    (due,) = expiry.due(TERMS, 10)
    assert (due.job_id, due.reason) == (job.id, Reason.NEVER_SUBMITTED)
    rows.ask("update ytdubber.dubbing_jobs set submitted_at = now()")
    assert not expiry.give_up(due)
    assert rows.one("select deleted_at from ytdubber.dubbing_jobs") is None


def test_work_under_way_keeps_everything(
    rows: Rows, files: MemoryFiles, retention: Retention
) -> None:
    filled = _fill(rows, files)
    rows.ask("update ytdubber.dubbing_jobs set finished_at = null, expires_at = null")
    rows.ask("update ytdubber.artifacts set expires_at = null")
    assert retention(TERMS) == Purged()
    assert files.stored == filled.all


def test_a_failing_storage_is_asked_again_and_stops_no_other(
    rows: Rows, files: MemoryFiles, retention: Retention
) -> None:
    stuck, other = _fill(rows, files), _fill(rows, files)
    files.broken = {stuck.source}
    assert retention(TERMS) == Purged(jobs=1, files=2, failures=1)
    assert files.stored == {*stuck.all, other.file}
    assert _left(rows)["uploads"] == 1
    files.broken = set()
    assert retention(TERMS) == Purged(jobs=1, files=2)
    assert files.stored == {stuck.file, other.file}


def test_a_storage_that_is_down_is_left_alone(
    rows: Rows, files: MemoryFiles, retention: Retention
) -> None:
    for _ in range(FAILURES_IN_A_ROW + 2):
        files.broken |= _fill(rows, files).all
    assert retention(TERMS) == Purged(failures=FAILURES_IN_A_ROW)


def test_an_age_replaces_every_term(rows: Rows, files: MemoryFiles, retention: Retention) -> None:
    old, new = _fill(rows, files, "failed", ago="3 hours"), _fill(rows, files, ago="1 hour")
    assert retention(Terms(older_than=timedelta(hours=2))) == Purged(jobs=2, files=3)
    assert files.stored == new.all
    assert not old.all & files.stored
    assert retention(Terms(older_than=timedelta(hours=72))) == Purged()


def test_a_preview_removes_nothing(rows: Rows, files: MemoryFiles, retention: Retention) -> None:
    filled = _fill(rows, files, ago="48 hours")
    before = _left(rows)
    planned = {each.due.reason: set(each.keys) for each in retention.preview(TERMS)}
    assert planned == {Reason.EXPIRED: {filled.file}, Reason.ENDED: {filled.source, filled.result}}
    assert files.stored == filled.all
    assert _left(rows) == before


def test_rows_for_billing_and_the_audit_trail_stay(
    rows: Rows, files: MemoryFiles, retention: Retention
) -> None:
    filled = _fill(rows, files, ago="72 hours")
    rows.ask(
        "insert into ytdubber.usage_receipts (id, job_id, user_id, provider, model, version,"
        " operation, outcome, quantities) values (%s, %s, %s, 'a', 'b', 'c', 'speak',"
        " 'succeeded', '[]')",
        uuid4(),
        filled.job.id,
        filled.job.user_id,
    )
    rows.ask(
        "insert into ytdubber.job_events (job_id, user_id, kind) values (%s, %s, 'stage')",
        filled.job.id,
        filled.job.user_id,
    )
    rows.ask("update ytdubber.dubbing_jobs set deleted_at = now()")
    retention(TERMS)
    assert files.stored == set()
    assert rows.one("select count(*) from ytdubber.usage_receipts") == 1
    events = rows.ask("select kind from ytdubber.job_events order by id")
    assert [event["kind"] for event in events] == ["stage", "purged"]
