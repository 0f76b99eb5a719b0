"""Row-level security, seen from the database itself: whatever the API does, it holds."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from ytdubber.adapters.db.schema.columns import SCHEMA

NOBODYS = {
    "alembic_version",
    "dead_letters",
    "fair_shares",
    "outbox",
    "slots",
    "speaking_rates",
    "stage_speeds",
    "workers",
}
"""Tables that hold nothing for users to look at."""


@pytest.fixture
def database(database_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url) as connection:
        yield connection
        connection.rollback()


def act_as(connection: psycopg.Connection[Any], role: str, user: UUID | None = None) -> None:
    claims = json.dumps({"sub": str(user), "role": role}) if user else ""
    connection.execute("reset role")
    connection.execute(
        "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)",
        (role, claims),
    )


def tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute("select tablename from pg_tables where schemaname = %s", (SCHEMA,))
    return sorted(row[0] for row in rows if row[0] not in NOBODYS)


def everything_of(connection: psycopg.Connection[Any], user: UUID) -> None:
    """A row of this user's in every table that holds users' rows."""
    job, task, artifact, receipt, hook = (uuid4() for _ in range(5))
    for statement, values in (
        ("users (id, email) values (%s, 'a@example.org')", (user,)),
        (
            "dubbing_jobs (id, user_id, title, target_languages, has_background)"
            " values (%s, %s, 'talk', '{pt}', false)",
            (job, user),
        ),
        (
            "uploads (id, job_id, user_id, track, key, file_name)"
            " values (%s, %s, %s, 'voice', %s, 'a.wav')",
            (uuid4(), job, user, f"{job}/{uuid4()}"),
        ),
        (
            "language_tasks (id, job_id, user_id, position, language) values (%s, %s, %s, 0, 'pt')",
            (task, job, user),
        ),
        (
            "edited_lines (task_id, user_id, line_id, edit) values (%s, %s, 'u1', '{}')",
            (task, user),
        ),
        (
            "line_previews (id, task_id, user_id, line_id, edit) values (%s, %s, %s, 'u1', '{}')",
            (uuid4(), task, user),
        ),
        ("revisions (task_id, user_id, number, edits) values (%s, %s, 1, '{}')", (task, user)),
        ("transcripts (job_id, user_id, language) values (%s, %s, 'en')", (job, user)),
        (
            "utterances (job_id, position, user_id, utterance_id, start_ms, end_ms, text, words)"
            " values (%s, 0, %s, 'u1', 0, 1, 'x', '[]')",
            (job, user),
        ),
        (
            "artifacts (id, job_id, user_id, path, kind, format, key, bytes, sha256, mime)"
            " values (%s, %s, %s, 'pt/mix.mp3', 'mix', 'mp3', %s, 1, 'x', 'audio/mpeg')",
            (artifact, job, user, f"{job}/{uuid4()}"),
        ),
        ("job_events (job_id, user_id, kind) values (%s, %s, 'submitted')", (job, user)),
        (
            "usage_receipts (id, job_id, user_id, provider, model, version, operation, outcome,"
            " quantities) values (%s, %s, %s, 'p', 'm', '1', 'speak', 'succeeded', '[]')",
            (receipt, job, user),
        ),
        (
            "cost_entries (id, receipt_id, job_id, user_id, provider, sku, unit, quantity,"
            " amount_usd) values (%s, %s, %s, %s, 'p', 's', 'characters', 1, 1)",
            (uuid4(), receipt, job, user),
        ),
        (
            "download_tokens (token_sha256, artifact_id, user_id, expires_at)"
            " values (%s, %s, %s, now())",
            (str(uuid4()), artifact, user),
        ),
        (
            "share_links (id, job_id, user_id, language, token_sha256, expires_at)"
            " values (%s, %s, %s, 'pt', %s, now())",
            (uuid4(), job, user, str(uuid4())),
        ),
        ("downloads (id, artifact_id, user_id) values (%s, %s, %s)", (uuid4(), artifact, user)),
        (
            "credit_transactions (id, user_id, kind, amount_cents, description, idempotency_key)"
            " values (%s, %s, 'grant', 100, 'x', %s)",
            (uuid4(), user, str(uuid4())),
        ),
        ("webhooks (id, user_id, url, secret) values (%s, %s, 'https://a.b/c', 's')", (hook, user)),
        (
            "webhook_deliveries (id, webhook_id, user_id, payload) values (%s, %s, %s, '{}')",
            (uuid4(), hook, user),
        ),
    ):
        connection.execute(f"insert into {SCHEMA}.{statement}".encode(), values)


def count(connection: psycopg.Connection, table: str) -> int:
    query = sql.SQL("select count(*) from {}").format(sql.Identifier(SCHEMA, table))
    (number,) = connection.execute(query).fetchone() or (0,)
    return int(number)


def test_a_user_sees_their_own_rows_and_nobody_elses(database: psycopg.Connection) -> None:
    first, second = uuid4(), uuid4()
    act_as(database, "service_role")
    everything_of(database, first)
    found = tables(database)
    act_as(database, "authenticated", first)
    assert {table: count(database, table) for table in found} == dict.fromkeys(found, 1)
    act_as(database, "authenticated", second)
    assert {table: count(database, table) for table in found} == dict.fromkeys(found, 0)
    act_as(database, "authenticated")
    assert {table: count(database, table) for table in found} == dict.fromkeys(found, 0)


def test_every_table_has_row_level_security_and_a_policy(database: psycopg.Connection) -> None:
    rows = database.execute(
        "select c.relname, c.relrowsecurity, count(p.polname) from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace left join pg_policy p on p.polrelid = c.oid"
        " where n.nspname = %s and c.relkind = 'r' group by 1, 2",
        (SCHEMA,),
    ).fetchall()
    open_tables = [name for name, secured, policies in rows if not secured or not policies]
    assert open_tables == ["alembic_version"]


def test_the_anonymous_role_reads_nothing(database: psycopg.Connection) -> None:
    found = tables(database)
    for table in found:
        act_as(database, "anon")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction():
            count(database, table)


def test_rows_cannot_be_forged_or_taken_over(database: psycopg.Connection) -> None:
    first, second = uuid4(), uuid4()
    act_as(database, "service_role")
    everything_of(database, first)
    act_as(database, "authenticated", second)
    insert = f"insert into {SCHEMA}.users (id, email) values (%s, 'b@example.org')".encode()
    database.execute(insert, (second,))
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction():
        database.execute(insert, (uuid4(),))
    forged = (
        f"insert into {SCHEMA}.dubbing_jobs (id, user_id, title, target_languages, has_background)"
        + " values (%s, %s, 'x', '{pt}', false)"
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction():
        database.execute(forged.encode(), (uuid4(), first))
    taken = f"update {SCHEMA}.dubbing_jobs set cancel_requested = true".encode()
    assert database.execute(taken).rowcount == 0


def test_users_take_from_their_credit_and_never_add_to_it(database: psycopg.Connection) -> None:
    first, second = uuid4(), uuid4()
    act_as(database, "service_role")
    everything_of(database, first)
    act_as(database, "authenticated", first)
    entry = (
        f"insert into {SCHEMA}.credit_transactions"
        + " (id, user_id, job_id, kind, amount_cents, description, idempotency_key)"
        + " values (%s, %s, %s, %s, %s, 'x', %s)"
    ).encode()
    (job,) = database.execute(f"select id from {SCHEMA}.dubbing_jobs".encode()).fetchone() or ()
    database.execute(entry, (uuid4(), first, job, "charge", -5, f"charge:{job}"))
    for kind in ("purchase", "grant", "refund"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction():
            database.execute(entry, (uuid4(), first, job, kind, 5, f"charge:{job}"))
    with pytest.raises(psycopg.errors.CheckViolation), database.transaction():
        database.execute(entry, (uuid4(), first, job, "charge", 5, f"charge:{job}"))
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction():
        database.execute(entry, (uuid4(), second, job, "charge", -5, f"charge:{job}"))


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_what_the_payment_service_is_told_is_nobodys_to_see(
    database: psycopg.Connection, role: str
) -> None:
    act_as(database, role, uuid4())
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction():
        count(database, "outbox")
    customer = f"update {SCHEMA}.users set stripe_customer_id = 'cus_1'".encode()
    with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction():
        database.execute(customer)


def test_a_webhooks_secret_is_written_and_never_read_again(database: psycopg.Connection) -> None:
    user = uuid4()
    act_as(database, "service_role")
    everything_of(database, user)
    act_as(database, "authenticated", user)
    for statement in (
        "select secret from {}",
        "update {} set url = 'https://127.0.0.1/'",
        "insert into {} (id, user_id, url, secret)"
        " values (gen_random_uuid(), %s, 'https://a.b', 's')",
    ):
        query = sql.SQL(statement).format(sql.Identifier(SCHEMA, "webhooks"))
        stranger = (uuid4(),) if "%s" in statement else ()
        with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction():
            database.execute(query, stranger)


@pytest.mark.parametrize("table", ["job_events", "cost_entries", "credit_transactions"])
def test_the_record_is_only_added_to(database: psycopg.Connection, table: str) -> None:
    user = uuid4()
    act_as(database, "service_role")
    everything_of(database, user)
    for change in ("delete from {}", "update {} set user_id = gen_random_uuid()", "truncate {}"):
        database.execute("reset role")
        statement = sql.SQL(change).format(sql.Identifier(SCHEMA, table))
        with pytest.raises(psycopg.errors.RestrictViolation), database.transaction():
            database.execute(statement)


def test_stages_and_progress_never_go_back(database: psycopg.Connection) -> None:
    user = uuid4()
    act_as(database, "service_role")
    everything_of(database, user)
    task = f"{SCHEMA}.language_tasks".encode()
    database.execute(b"update " + task + b" set stage = 'dubbing', progress = 0.5")
    database.execute(b"update " + task + b" set progress = 0.2")
    row = database.execute(b"select progress from " + task).fetchone()
    assert row == (0.5,)
    with pytest.raises(psycopg.errors.RestrictViolation), database.transaction():
        database.execute(b"update " + task + b" set stage = 'stt'")
