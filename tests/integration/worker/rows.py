"""The database as its administrator sees it, and what a job in its tables looks like."""

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import dict_row

from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.db.schema import migrate
from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.domain.fair_share import Lane
from ytdubber.ports.job_queue import Wake
from ytdubber.ports.leases import Kind


def migrated(url: str) -> None:
    """The service's tables, and one for what ran."""
    engine = make_engine(url, pool_size=1, name="migrate")
    migrate.upgrade(engine)
    engine.dispose()
    Rows(url).ask(
        "create table public.runs (row_id uuid, attempt int, pid int, ended text, at timestamptz"
        " default clock_timestamp())"
    )


@dataclass(frozen=True)
class Made:
    """A job and its languages' tasks."""

    id: UUID
    user_id: UUID
    tasks: dict[str, UUID]

    @property
    def request_id(self) -> str:
        """Of the request it came from."""
        return f"request.{self.id}"


class Rows:
    """The database as its administrator sees it."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, query: LiteralString, *values: object) -> list[dict[str, Any]]:
        with psycopg.connect(self._url, autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def one(self, query: LiteralString, *values: object) -> Any:
        """The one value of the one row."""
        (row,) = self.ask(query, *values)
        (value,) = row.values()
        return value

    def clear(self) -> None:
        """Remove every row, also those that may only be added to."""
        self.ask(
            """
            do $$
            declare
              name text;
            begin
              set local session_replication_role = replica;
              for name in
                select format('%I.%I', schemaname, tablename) from pg_tables
                where schemaname in ('ytdubber', 'ytdubber_queue', 'public')
                  and tablename <> 'alembic_version'
              loop
                execute 'delete from ' || name;
              end loop;
            end $$
            """
        )

    def job(self, *languages: str, prepared: bool = True) -> Made:
        """A job that was submitted and, if wanted, heard."""
        made = Made(uuid4(), uuid4(), {language: uuid4() for language in languages})
        self.ask("insert into ytdubber.users (id) values (%s)", made.user_id)
        self.ask(
            "insert into ytdubber.dubbing_jobs (id, user_id, title, target_languages, stage,"
            " has_background, submitted_at, deadline_at, prepared, request_id) values"
            " (%s, %s, 'A', %s, 'queued', false, now(), now() + interval '1 hour', %s, %s)",
            made.id,
            made.user_id,
            list(languages),
            "{}" if prepared else None,
            made.request_id,
        )
        with psycopg.connect(self._url) as connection:
            connection.cursor().executemany(
                "insert into ytdubber.language_tasks (id, job_id, user_id, position, language)"
                " values (%s, %s, %s, %s, %s)",
                [
                    (task_id, made.id, made.user_id, position, language)
                    for position, (language, task_id) in enumerate(made.tasks.items())
                ],
            )
        return made

    def wake(self, kind: Kind, *row_ids: UUID) -> None:
        """Send messages."""
        engine = make_engine(self._url, pool_size=1, name="wake")
        with engine.begin() as connection:
            for row_id in row_ids:
                PostgresQueue().send(connection, [Wake(kind, row_id, Lane.IO)])
        engine.dispose()

    def wake_tasks(self, job: Made) -> None:
        """Send a message for each language."""
        self.wake(Kind.TASK, *job.tasks.values())

    def stages(self, job: Made) -> dict[str, str]:
        rows = self.ask(
            "select language, stage from ytdubber.language_tasks where job_id = %s", job.id
        )
        return {row["language"]: row["stage"] for row in rows}

    def runs(self, row_id: UUID) -> list[dict[str, Any]]:
        """What ran, oldest first."""
        return self.ask("select * from public.runs where row_id = %s order by at", row_id)

    def finished(self, job: Made) -> bool:
        """Whether the job has ended, which is written after the ends of its languages."""
        ended = "select finished_at is not null from ytdubber.dubbing_jobs where id = %s"
        return bool(self.one(ended, job.id))

    def letters(self) -> int:
        """How much was given up."""
        return int(self.one("select count(*) from ytdubber.dead_letters"))

    def messages(self) -> list[str]:
        """The states of the messages there are."""
        rows = self.ask("select state::text from ytdubber_queue.queue order by mtime")
        return [row["state"] for row in rows]
