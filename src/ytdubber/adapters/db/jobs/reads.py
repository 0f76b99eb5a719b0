"""Jobs as their users look at them: one statement for a job with everything that belongs to it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from psycopg import ClientCursor
from sqlalchemy import Engine

from ytdubber.adapters.db.connection.connections import (
    LIMITS,
    connected_directly,
    limit_values,
    limits_of,
)
from ytdubber.domain.media import Interval
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_reads import EventRow, FileRow, JobMark, JobRow, Stats, TaskRow
from ytdubber.ports.line import Line
from ytdubber.ports.paging import Place

_JOB = """
select j.id, j.title, j.stage, coalesce(t.language, j.source_language), j.target_languages,
  j.has_background, j.voice_duration_ms, j.created_at, j.submitted_at, j.updated_at, j.finished_at,
  j.expires_at, j.cancel_requested, j.error_code, j.error_message,
  (select jsonb_object_agg(c.language, c.usd) from (
      select coalesce(language, '') as language, sum(amount_usd)::text as usd
      from ytdubber.cost_entries where job_id = j.id group by 1) c where c.usd is not null),
  (select jsonb_agg(jsonb_build_array(l.id, l.language, l.stage, l.progress, l.entered_at,
      l.error_code, l.error_message, coalesce(l.result -> 'figures' -> 'needs_review', '0'),
      coalesce(l.result -> 'figures' -> 'review', '{}'), l.waiting,
      coalesce(l.result -> 'notes', '[]'),
      j.prepared is not null and l.waiting is null
      and l.stage not in ('complete', 'failed', 'cancelled')
      and (l.stage in ('queued', 'stt') or coalesce(l.lease_until < now(), true)),
      l.revision, l.rendering)
      order by l.position) from ytdubber.language_tasks l where l.job_id = j.id),
  (select jsonb_agg(jsonb_build_array(a.id, a.path, a.language, a.kind, a.format, a.key, a.bytes,
      a.sha256, a.mime, a.duration_ms, a.expires_at) order by a.path)
      from ytdubber.artifacts a
      where a.job_id = j.id and a.deleted_at is null and not a.superseded),
  coalesce(j.prepared -> 'notes', '[]'),
  (select case when e.kind = 'fetching' then e.data end from ytdubber.job_events e
      where e.job_id = j.id and e.kind in ('fetching', 'fetched') order by e.id desc limit 1),
  coalesce(t.uncovered, '[]'),
  (select jsonb_object_agg(s.stage, s.seconds_per_second) from ytdubber.stage_speeds s),
  j.prepared -> 'engines' -> 'separator' is not null,
  (select jsonb_agg(p || jsonb_build_object('voices', coalesce(
      (select jsonb_object_agg(v.language, coalesce(v.result -> 'voices' ->> (p ->> 'id'),
          v.result ->> 'voice')) from ytdubber.language_tasks v
          where v.job_id = j.id and v.stage = 'complete'), '{}')))
      from jsonb_array_elements(j.prepared -> 'speakers') as p),
  coalesce((j.options ->> 'editable')::boolean and j.sources_deleted_at is null, false)
from ytdubber.dubbing_jobs j left join ytdubber.transcripts t on t.job_id = j.id
"""
_ONE = _JOB + "where j.id = %s and j.deleted_at is null"
_SEVERAL = _JOB + "where j.id = any(%s) and j.deleted_at is null"
_NEWEST = """
select j.id, j.created_at, case when j.finished_at is not null then j.xmin::text end
from ytdubber.dubbing_jobs j
where j.submitted_at is not null and j.deleted_at is null
  and (j.created_at, j.id) < (%s, %s)
  and strpos(lower(j.title), lower(%s)) > 0
order by j.created_at desc, j.id desc limit %s
"""
_FIRST = Place(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
_EVENTS = """
select e.id, e.kind, e.data, e.at from ytdubber.job_events e
where e.job_id = %s and e.id > %s order by e.id limit %s
"""
_STATS = """
select count(*), count(*) filter (where stage = 'complete'),
  count(*) filter (where finished_at is null and stage not in ('failed', 'cancelled')),
  count(*) filter (where stage in ('failed', 'cancelled')),
  coalesce(sum(cardinality(target_languages)), 0),
  coalesce(sum(voice_duration_ms) filter (where stage = 'complete'), 0), max(updated_at)
from ytdubber.dubbing_jobs where submitted_at is not null
"""
_BEGIN: LiteralString = (
    "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true), " + LIMITS
)


Row = tuple[Any, ...]


class SqlJobReads:
    """`JobReads` over a connection pool; the database's own row-level security applies.

    Args:
        engine: The connections.
        line: Tells where jobs stand that wait; nobody is told without it.
    """

    def __init__(self, engine: Engine, line: Line | None = None) -> None:
        self._engine = engine
        self._line = line

    def detail(self, claims: Claims, job_id: UUID) -> JobRow | None:
        rows = self._as_user(claims, _ONE, job_id)
        return self._placed(_job(rows[0])) if rows else None

    def newest(
        self, claims: Claims, limit: int, after: Place | None, title: str = ""
    ) -> Sequence[JobMark]:
        place = after or _FIRST
        rows = self._as_user(claims, _NEWEST, place.at, place.id, title, limit)
        return [JobMark(*row) for row in rows]

    def jobs(self, claims: Claims, job_ids: Sequence[UUID]) -> Sequence[JobRow]:
        rows = self._as_user(claims, _SEVERAL, list(job_ids))
        return [self._placed(_job(row)) for row in rows]

    def events(self, claims: Claims, job_id: UUID, after: int, limit: int) -> Sequence[EventRow]:
        return [EventRow(*row) for row in self._as_user(claims, _EVENTS, job_id, after, limit)]

    def stats(self, claims: Claims) -> Stats:
        (row,) = self._as_user(claims, _STATS)
        values: list[Any] = [*map(int, row[:6]), row[6]]
        return Stats(*values)

    def _placed(self, job: JobRow) -> JobRow:
        """With its place in the line, where it is to go on."""
        if self._line is None or job.submitted_at is None or job.finished_at is not None:
            return job
        return replace(job, in_line=self._line.of(job.id, waits=job.stage == "queued"))

    def _as_user(self, claims: Claims, query: LiteralString, *values: object) -> list[Row]:
        known = {"sub": str(claims.user_id), "role": "authenticated"}
        return self._ask("authenticated", json.dumps(known), query, *values)

    def _ask(self, role: str, claims: str, query: LiteralString, *values: object) -> list[Row]:
        """The rows of a query in this role, in one trip: statements that are sent in one message
        are one transaction, and nothing of the role is left on the connection after it.
        """
        limits = limit_values(limits_of(self._engine))
        with connected_directly(self._engine) as connection:
            connection.autocommit = True
            with ClientCursor(connection) as cursor:
                cursor.execute(f"{_BEGIN}; {query}", (role, claims, *limits, *values))
                cursor.nextset()
                rows = cursor.fetchall()
            connection.autocommit = False
            return rows


def _job(row: Row) -> JobRow:
    tasks = [TaskRow(UUID(task[0]), *task[1:]) for task in row[16] or ()]
    files = [_file(*each) for each in row[17] or ()]
    costs_usd = {language: Decimal(usd) for language, usd in (row[15] or {}).items()}
    notes, fetching, stretches, speeds, separated, people, editable = row[18:]
    pair = (fetching["source"], fetching["target"]) if fetching else None
    uncovered = [Interval(**stretch) for stretch in stretches]
    shown = costs_usd, tasks, files, notes, pair, uncovered, speeds or {}
    values: list[Any] = [*row[:15], *shown, None, separated, people or (), editable]
    return JobRow(*values)


def _file(*values: Any) -> FileRow:
    expires_at = datetime.fromisoformat(values[10]) if values[10] else None
    fields: list[Any] = [UUID(values[0]), *values[1:10], expires_at]
    return FileRow(*fields)
