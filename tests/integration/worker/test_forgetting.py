"""What a user wrote or said goes with their job: every column that holds text is looked through."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb
from tests.integration.db.test_isolation import act_as, everything_of
from tests.integration.worker.harness import WorkerHarness
from tests.integration.worker.rows import Made, Rows
from tests.waiting import eventually

from ytdubber.adapters.db.jobs.retention import SqlExpiryRepository
from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.jobs.end_job import EndJob
from ytdubber.app.operations.retention import Retention
from ytdubber.domain.errors import NotReplayable
from ytdubber.ports.identity import Claims
from ytdubber.ports.retention import Terms

MARK = "Zanzibar"
NO_TEXT = {
    "users": {"*"},  # the account, not the job's: its user changes it
    "dubbing_jobs": {
        "stage",
        "source_language",
        "target_languages",
        "error_code",
        "lane",
        "traceparent",  # ids by its constraint
    },
    "uploads": {"track", "key", "sha256"},
    "language_tasks": {
        "language",
        "stage",
        "entered_at",
        "error_code",
        "casting",
        "waiting",
        "lane",
    },
    "artifacts": {"path", "language", "kind", "format", "key", "sha256", "mime"},
    "job_events": {"kind"},
    "usage_receipts": {"*"},  # which vendor did what, how often
    "cost_entries": {"*"},  # at which price
    "download_tokens": {"*"},  # hashes of random numbers
    "credit_transactions": {"kind", "currency", "status", "idempotency_key"},
    "transcripts": set[str](),
    "edited_lines": set[str](),
    "revisions": set[str](),
    "line_previews": {"stage"},
    "share_links": {"language", "token_sha256"},
    "utterances": set[str](),
    "outbox": {"*"},  # a customer's number, how many minutes, and what the payment service said
    "webhooks": {"*"},  # the account's, which goes with it
    "webhook_deliveries": {"*"},  # ids and stages, and our sentences
    "slots": {"*"},  # how many calls at once
    "stage_speeds": {"*"},  # how fast this machine is
    "speaking_rates": {"*"},  # how fast voices speak
    "alembic_version": {"*"},
    "queue": {"*"},  # ids of rows
    "workers": {"*"},  # how many threads
    "dead_letters": {"*"},  # what is told of a failure is put into it by a test of its own
    "fair_shares": {"*"},  # how much was begun for whom
    "result": {"*"},  # always empty
}
"""Columns whose words are ours. Any other that holds text is filled with the secret, also one that
is new: it must be forgotten, or named here.
"""
DEEP: dict[tuple[str, str], object] = {
    ("dubbing_jobs", "options"): {
        "glossary": [MARK],
        "spoken_as": {MARK: MARK},
        "voices": {"*": MARK},
        "track": MARK,
    },
    ("dubbing_jobs", "prepared"): {"samples": 1, "notes": [MARK], "speakers": [{"id": MARK}]},
    ("language_tasks", "result"): {"figures": {"utterances": 1}, "error_message": MARK},
    ("job_events", "data"): {"stage": "failed", "message": MARK, "new": {"deep": MARK}},
    ("transcripts", "uncovered"): [],
}
"""What JSON looks like where it is not any."""

TEXTS = """
select c.table_name, c.column_name, c.data_type, c.table_schema from information_schema.columns as c
where c.table_schema in ('ytdubber', 'ytdubber_queue')
  and c.data_type in ('text', 'jsonb', 'json', 'bytea', 'ARRAY', 'character varying')
order by 1, 2
"""


@pytest.fixture
def user(url: str) -> UUID:
    """Somebody with a job that ended, in every text of which there is a secret."""
    user = uuid4()
    with psycopg.connect(url) as connection:
        act_as(connection, "service_role")
        everything_of(connection, user)
        connection.execute("reset role")
        connection.execute("set local session_replication_role = replica")  # the record, too
        for table, column, kind, _ in connection.execute(TEXTS).fetchall():
            if column not in NO_TEXT[table] and "*" not in NO_TEXT[table]:
                _hide(connection, table, column, kind)
        connection.execute(
            "update ytdubber.credit_transactions set kind = 'charge', amount_cents = -1,"
            " job_id = (select id from ytdubber.dubbing_jobs)"
        )
        connection.execute(
            "update ytdubber.dubbing_jobs set stage = 'failed', submitted_at = now(),"
            " finished_at = now() - interval '1 minute', expires_at = now() + interval '2 days'"
        )
        connection.execute("update ytdubber.language_tasks set stage = 'failed'")
    return user


def _hide(connection: psycopg.Connection, table: str, column: str, kind: str) -> None:
    value: object = MARK
    if kind == "jsonb":
        value = Jsonb(DEEP.get((table, column), {"text": MARK}))
    query = sql.SQL("update {} set {} = %s").format(
        sql.Identifier("ytdubber", table), sql.Identifier(column)
    )
    connection.execute(query, (value,))


def _holding(rows: Rows) -> list[str]:
    """The tables in which the secret is, wherever in them."""
    tables = {(row["table_name"], row["table_schema"]) for row in rows.ask(TEXTS)}
    found = []
    for table, schema in sorted(tables):
        query: Any = f"select count(*) from {schema}.{table} as t where t::text like '%{MARK}%'"
        if rows.one(query):
            found.append(table)
    return found


def _delete(harness: WorkerHarness, user: UUID, folder: Path) -> None:
    with harness.engine.connect() as connection:
        job_id = connection.exec_driver_sql("select id from ytdubber.dubbing_jobs").scalar_one()
    _delete_job(harness, user, job_id, folder)


def _delete_job(harness: WorkerHarness, user: UUID, job_id: UUID, folder: Path) -> None:
    clock = SystemClock()
    media = FolderMediaStore(folder, bytes(32), "http://localhost", clock)
    claims = Claims(user, None, "authenticated", {})
    EndJob(harness.database.as_user, media, clock).delete(claims, job_id)


def _purge(harness: WorkerHarness, user: UUID | None, folder: Path) -> None:
    media = FolderMediaStore(folder, bytes(32), "http://localhost", SystemClock())
    Retention(SqlExpiryRepository(harness.engine), media)(Terms())


def _expire(harness: WorkerHarness, user: UUID, folder: Path) -> None:
    with harness.engine.begin() as connection:
        connection.exec_driver_sql("update ytdubber.dubbing_jobs set expires_at = now()")
    _purge(harness, user, folder)


def _abandon(harness: WorkerHarness, user: UUID, folder: Path) -> None:
    with harness.engine.begin() as connection:
        connection.exec_driver_sql(
            "update ytdubber.dubbing_jobs set stage = 'awaiting_upload', submitted_at = null,"
            " finished_at = null, expires_at = null, created_at = now() - interval '2 days'"
        )
    _purge(harness, user, folder)


@pytest.mark.parametrize("end", [_delete, _expire, _abandon])
def test_no_text_of_a_users_outlives_their_job(
    rows: Rows,
    harness: WorkerHarness,
    user: UUID,
    tmp_path: Path,
    end: Callable[[WorkerHarness, UUID, Path], None],
) -> None:
    assert _holding(rows) == [
        "credit_transactions",
        "dubbing_jobs",
        "edited_lines",
        "job_events",
        "language_tasks",
        "line_previews",
        "revisions",
        "transcripts",
        "uploads",
        "utterances",
    ]
    end(harness, user, tmp_path)
    assert _holding(rows) == []
    (job,) = rows.ask("select *, created_at at time zone 'utc' as day from ytdubber.dubbing_jobs")
    assert job["title"] == f"Dub of {job['day']:%Y-%m-%d}"
    (payment,) = rows.ask("select description, amount_cents from ytdubber.credit_transactions")
    assert payment == {"description": job["title"], "amount_cents": -1}
    data = [row["data"] for row in rows.ask("select data from ytdubber.job_events order by id")]
    assert data[0] == {"stage": "failed"}


def test_what_a_worker_wrote_after_a_deletion_goes_too(
    rows: Rows, harness: WorkerHarness, user: UUID, tmp_path: Path
) -> None:
    rows.ask("update ytdubber.dubbing_jobs set finished_at = null")
    _delete(harness, user, tmp_path)
    rows.ask("update ytdubber.language_tasks set error_message = %s", MARK)
    rows.ask("insert into ytdubber.transcripts select id, user_id, 'en' from ytdubber.dubbing_jobs")
    rows.ask(
        "insert into ytdubber.utterances select id, 0, user_id, 'u', 0, 1, null, %s, '[]'"
        " from ytdubber.dubbing_jobs",
        MARK,
    )
    rows.ask("update ytdubber.dubbing_jobs set finished_at = now()")
    _purge(harness, user, tmp_path)
    assert _holding(rows) == []


def test_a_recording_is_not_replayed_once_its_files_go(
    rows: Rows, harness: WorkerHarness, user: UUID
) -> None:
    expiry = SqlExpiryRepository(harness.engine)
    rows.ask("update ytdubber.dubbing_jobs set finished_at = now() - interval '1 day'")
    (due,) = expiry.due(Terms(), 10)
    rows.ask("update ytdubber.dubbing_jobs set finished_at = null")  # an operator replays it
    assert not expiry.give_up(due)
    rows.ask("update ytdubber.dubbing_jobs set finished_at = now() - interval '1 day'")
    assert expiry.give_up(due)
    assert rows.one("select sources_deleted_at is not null from ytdubber.dubbing_jobs")


@pytest.mark.parametrize(
    "change",
    [
        "job_events set kind = 'x'",
        'job_events set data = data || \'{"message": "x"}\'',
        'job_events set data = \'{"stage": "complete"}\'',
        "credit_transactions set description = 'x'",
        "credit_transactions set description = 'Dub of 2026-11-28', amount_cents = -2",
    ],
)
def test_forgetting_changes_nothing_else(rows: Rows, user: UUID, change: str) -> None:
    statement: Any = f"update ytdubber.{change}"
    with pytest.raises(psycopg.errors.RestrictViolation):
        rows.ask(statement)


def _failed(rows: Rows) -> Made:
    """A job of whose failure the queue tells in its user's words."""
    job = rows.job("telling")
    rows.wake_tasks(job)
    assert eventually(lambda: rows.finished(job) and rows.messages() == [])
    assert rows.letters() == 1
    assert "dead_letters" in _holding(rows)
    return job


def test_what_the_queue_tells_of_a_failure_goes_with_its_job(
    rows: Rows, worker: WorkerHarness, tmp_path: Path
) -> None:
    job = _failed(rows)
    other = rows.job("broken")
    rows.wake_tasks(other)
    assert eventually(lambda: rows.finished(other) and rows.messages() == [])
    _delete_job(worker, job.user_id, job.id, tmp_path)
    assert _holding(rows) == []
    letters = worker.letters
    told = {letter.row_id: letter for letter in letters.list()}
    kept = told[other.tasks["broken"]]
    assert "the network was away" in kept.traceback
    gone = told[job.tasks["telling"]]
    assert (gone.traceback, gone.attempts) == ("", kept.attempts)
    assert gone.error == "it went with what the job's user wrote and said"
    with pytest.raises(NotReplayable, match="deleted"):
        letters.replay(gone.message_id)


def test_what_the_queue_tells_after_a_deletion_goes_too(
    rows: Rows, worker: WorkerHarness, tmp_path: Path
) -> None:
    job = _failed(rows)
    before = rows.one("select traceback from ytdubber.dead_letters")
    _delete_job(worker, job.user_id, job.id, tmp_path)
    _purge(worker, None, tmp_path)
    rows.ask("update ytdubber.dead_letters set traceback = %s", before)  # a worker, late
    _purge(worker, None, tmp_path)
    assert _holding(rows) == []


def test_what_the_queue_tells_of_a_failure_expires(
    rows: Rows, worker: WorkerHarness, tmp_path: Path
) -> None:
    _failed(rows)
    _expire(worker, uuid4(), tmp_path)
    assert _holding(rows) == []
