import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text

from ytdubber.adapters.db import migrate
from ytdubber.adapters.db.database import sqlalchemy_url

ROOT = Path(__file__).parents[3]

SUPABASE = """
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create schema auth;
create function auth.uid() returns uuid language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
    (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'))::uuid $$;
create function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), ''))::jsonb $$;
"""


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
        for statement in SUPABASE.split(";\n"):
            try:
                connection.execute(statement.encode())
            except psycopg.errors.DuplicateObject:
                continue  # roles are the whole server's
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
