import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from tests.supabase_database import AUTH, STORAGE, prepare

from ytdubber.adapters.db.database import sqlalchemy_url
from ytdubber.adapters.db.schema import migrate
from ytdubber.bootstrap.backend import backend, database_urls
from ytdubber.domain.errors import DatabaseNewer, DatabaseNotMigrated
from ytdubber.settings import Settings

ROOT = Path(__file__).parents[3]


@pytest.fixture
def engine(empty_database: str) -> Engine:
    return create_engine(sqlalchemy_url(empty_database))


def test_an_empty_database_comes_to_this_version(engine: Engine) -> None:
    assert not migrate.current(engine)
    migrate.upgrade(engine)
    assert migrate.current(engine)
    migrate.check(engine)
    engine.dispose()


def test_every_step_is_taken_back_and_again(engine: Engine) -> None:
    for revision in migrate.revisions():
        migrate.upgrade(engine, revision)
        migrate.downgrade(engine)
        migrate.upgrade(engine, revision)
    migrate.check(engine)
    engine.dispose()


def test_a_database_that_supabase_prepared(empty_database: str, engine: Engine) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        prepare(connection, AUTH)
    migrate.upgrade(engine)
    migrate.check(engine)
    with engine.connect() as connection:
        kept = connection.execute(text("select prosrc from pg_proc where proname = 'uid'"))
        assert kept.scalar_one().strip().startswith("select coalesce(nullif(")
    engine.dispose()


def test_the_sql_for_supabase_is_what_the_migrations_do(engine: Engine) -> None:
    script = [sys.executable, "scripts/supabase_migrations.py", "--check"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with psycopg.connect(engine.url.render_as_string().replace("+psycopg", "")) as connection:
        for path in sorted((ROOT / "supabase" / "migrations").glob("*.sql")):
            connection.execute(path.read_bytes())
    migrate.check(engine)
    engine.dispose()


ANN, JOB = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
STEM, DUB = f"{JOB}/{ANN}", f"{JOB}/{JOB}"
ROWS = f"""
insert into ytdubber.users (id, email) values ('{ANN}', 'ann@example.org');
insert into ytdubber.dubbing_jobs
  (id, user_id, stage, title, target_languages, options, has_background)
  values ('{JOB}', '{ANN}', 'awaiting_upload', 'x', '{{pt}}', '{{}}', false);
insert into ytdubber.uploads (id, job_id, user_id, track, key, file_name)
  values ('{ANN}', '{JOB}', '{ANN}', 'voice', '{STEM}', 'x');
insert into ytdubber.artifacts (id, job_id, user_id, path, kind, format, key, bytes, sha256, mime)
  values ('{ANN}', '{JOB}', '{ANN}', 'x', 'mix', 'mp3', '{DUB}', 1, 'x', 'audio/mpeg');
insert into storage.objects (bucket_id, name) values ('media', '{DUB}');
"""


def test_a_project_with_storage_gets_a_bucket_for_its_users_files(
    empty_database: str, engine: Engine
) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        prepare(connection, AUTH + STORAGE)
        for path in sorted((ROOT / "supabase" / "migrations").glob("*.sql")):
            connection.execute(path.read_bytes())
        buckets = connection.execute("select id, public, allowed_mime_types from storage.buckets")
        assert buckets.fetchall() == [("media", False, None)]
        connection.execute(ROWS.encode())

        def names(user: str) -> list[str]:
            found = _as(connection, user, "select name from storage.objects order by name")
            return [row[0] for row in found.fetchall()]

        def add(user: str, name: str) -> None:
            _as(
                connection, user, f"insert into storage.objects values (default, 'media', '{name}')"
            )

        assert (names(ANN), names(JOB)) == ([DUB], [])
        for user, name in ((JOB, STEM), (ANN, f"{ANN}/{ANN}"), (ANN, f"{JOB}/x")):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                add(user, name)
        add(ANN, STEM)
        connection.execute("delete from storage.objects")
        connection.execute("update ytdubber.dubbing_jobs set submitted_at = now()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            add(ANN, STEM)
    migrate.downgrade(engine)
    migrate.upgrade(engine)
    migrate.check(engine)
    engine.dispose()


def _as(connection: psycopg.Connection, user_id: str, statement: str) -> psycopg.Cursor:
    """Run a statement as the web would, in a transaction of a signed-in user."""
    with connection.transaction():
        connection.execute("set local role authenticated")
        claims = f'{{"sub": "{user_id}", "role": "authenticated"}}'
        connection.execute("select set_config('request.jwt.claims', %s, true)", (claims,))
        return connection.execute(statement.encode())


def test_a_newer_database_is_borne_by_who_runs_and_refused_by_who_starts(
    engine: Engine, empty_database: str, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseNotMigrated):
        migrate.check_current(engine)
    migrate.upgrade(engine)
    migrate.check_current(engine)
    with engine.begin() as connection:
        connection.execute(text("update ytdubber.alembic_version set version_num = '9999'"))
    migrate.check_current(engine)
    engine.dispose()
    settings = Settings(home=tmp_path, database_url=empty_database, supabase_url=None)
    with (
        pytest.raises(DatabaseNewer, match=r"newer version .* \(revision '9999'\)"),
        database_urls(settings) as urls,
        backend(settings, urls, pool_size=1),
    ):
        pytest.fail("it started")
