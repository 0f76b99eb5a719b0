"""The state of the service in a few bounded queries: over what is open, today's, or kept."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from ytdubber.adapters.db.connection.service_role import act_as_login, service_role
from ytdubber.adapters.db.coordination.budget import connection_room
from ytdubber.adapters.db.coordination.dispatch import OPEN_JOBS, OPEN_TASKS
from ytdubber.adapters.db.jobs.retention import lag_s
from ytdubber.domain.fair_share import Lane
from ytdubber.ports.line import Line
from ytdubber.ports.retention import Reason, Terms
from ytdubber.ports.service_state import Crowd, ServiceState, Waits

STATEMENT_S = 3.0
"""How long one of the queries may take."""
STORED_EVERY_S = 300.0
"""How often storage is added up, which looks at every file that is kept."""

_CROWDS = text(
    f"""
    select lane, count(*)::int as users, (max(pieces) / sum(pieces))::float as largest_share
    from (
      select lane, user_id, count(*) as pieces from (
        select j.lane, j.user_id from {OPEN_JOBS} and coalesce(j.lease_until <= now(), true)
        union all
        select t.lane, t.user_id from {OPEN_TASKS} and coalesce(t.lease_until <= now(), true)
      ) as waiting group by lane, user_id
    ) as by_user group by lane
    """  # noqa: S608  # our own words
)
_LANGUAGES = text(
    """
    select t.stage, count(*)::int
    from ytdubber.language_tasks as t join ytdubber.dubbing_jobs as j on j.id = t.job_id
    where t.stage not in ('complete', 'failed', 'cancelled')
      and j.submitted_at is not null and j.finished_at is null
    group by t.stage
    """
)
_WAITING = text(
    """
    select t.waiting ->> 'vendor' as vendor, count(*)::int as languages,
      min((t.waiting ->> 'since')::timestamptz) as since, now() as now
    from ytdubber.language_tasks as t join ytdubber.dubbing_jobs as j on j.id = t.job_id
    where t.stage not in ('complete', 'failed', 'cancelled') and t.waiting is not null
      and j.submitted_at is not null and j.finished_at is null
    group by 1
    """
)
_SPENT = text(
    """
    select provider, sum(usd) from (
      select provider, coalesce(amount_usd, 0) as usd from ytdubber.cost_entries
      where at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'
      union all
      select provider, estimate_usd from ytdubber.usage_receipts where outcome = 'started'
    ) as spent group by provider
    """
)
_LEFT = text(
    """
    select (select count(*) from ytdubber.dead_letters)::int as dead,
      (select count(*) from ytdubber.outbox where next_at is not null)::int as outbox
    """
)
# By the jobs whose files are there, which an index knows, and then job by job: a join may read the
# files of all jobs there ever were.
_STORED = text(
    """
    select
      (select coalesce(sum((select sum(u.bytes) from ytdubber.uploads as u
          where u.job_id = j.id and u.deleted_at is null)), 0)
        from ytdubber.dubbing_jobs as j
        where coalesce(j.purged_at < greatest(j.deleted_at, j.finished_at), true))::bigint
        as uploads,
      (select coalesce(sum((select sum(a.bytes) from ytdubber.artifacts as a
          where a.job_id = j.id and a.deleted_at is null)), 0)
        from ytdubber.dubbing_jobs as j
        where j.forgotten_at is null and j.deleted_at is null)::bigint
        as results
    """
)


class SqlServiceState:
    """Looks at the service.

    Args:
        engine: Connections that see every user's rows.
        line: What waits.
        terms: How long things are kept.
        clock_s: Goes on evenly.
        now: Tells the time by which work waits for who is away; the database does when None.
    """

    def __init__(
        self,
        engine: Engine,
        line: Line,
        terms: Terms | None = None,
        clock_s: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._engine = engine
        self._line = line
        self._terms = terms or Terms()
        self._clock_s = clock_s
        self._now = now
        self._lock = threading.Lock()
        self._stored: Mapping[str, int] | None = None
        self._stored_s = 0.0

    def __call__(self) -> ServiceState:
        """The state now.

        Raises:
            DatabaseAway, DatabaseBusy: the database does not say.
        """
        lanes = self._line.lanes()
        with service_role(self._engine) as connection:
            limit_statements(connection)
            crowds = {Lane(row.lane): row for row in connection.execute(_CROWDS)}
            left = connection.execute(_LEFT).one()
            seen = ServiceState(
                lanes=lanes,
                crowds={
                    lane: Crowd(crowds[lane].users, crowds[lane].largest_share)
                    if lane in crowds
                    else Crowd()
                    for lane in Lane
                },
                languages=_pairs(connection, _LANGUAGES),
                spent_today_usd=_pairs(connection, _SPENT),
                retention_lag_s={
                    reason: lag_s(connection, reason, self._terms) for reason in Reason
                },
                dead_letters=left.dead,
                outbox_waiting=left.outbox,
                stored_bytes=self._stored_bytes(connection),
                connections=0,
                most_connections=0,
                waiting={
                    row.vendor: Waits(row.languages, self._age_s(row.since, row.now))
                    for row in connection.execute(_WAITING)
                },
            )
            act_as_login(connection)  # who may be told of others' connections
            room = connection_room(connection)
        most = room.most - room.reserved
        return replace(seen, connections=room.used, most_connections=most)

    def _age_s(self, since: datetime, now: datetime) -> float:
        return max(0.0, ((self._now() if self._now else now) - since).total_seconds())

    def _stored_bytes(self, connection: Connection) -> Mapping[str, int]:
        with self._lock:
            now_s = self._clock_s()
            if self._stored is None or now_s - self._stored_s >= STORED_EVERY_S:
                row = connection.execute(_STORED).one()
                self._stored = {"uploads": row.uploads, "results": row.results}
                self._stored_s = now_s
            return self._stored


def limit_statements(connection: Connection) -> None:
    """Have none of a transaction's queries take longer than whoever looks waits for."""
    connection.execute(
        text("select set_config('statement_timeout', :ms, true)"),
        {"ms": str(round(STATEMENT_S * 1000))},
    )


def _pairs(connection: Connection, query: Any) -> dict[str, Any]:
    return {row[0]: row[1] for row in connection.execute(query)}
