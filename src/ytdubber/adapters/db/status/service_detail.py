"""What stands behind the service's figures: who is away, who works on what, what waits and failed.

Each query reads what is open, of the last hour, or a list that is cut off; none reads a text that a
user wrote.
"""

import builtins
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.coordination.dead_letters import error_line
from ytdubber.adapters.db.coordination.dispatch import LIVES_S, OPEN_JOBS, OPEN_TASKS
from ytdubber.adapters.db.status.service_state import limit_statements
from ytdubber.domain.errors import ErrorKind
from ytdubber.domain.fair_share import Lane
from ytdubber.domain.stage import Stage
from ytdubber.engines.vendor.registry import vendors
from ytdubber.ports.job_queue import KINDS
from ytdubber.ports.leases import Kind
from ytdubber.ports.service_state import (
    MOST,
    Ended,
    GivenUp,
    OpenPiece,
    ServiceDetail,
    VendorState,
    WorkerState,
)

_HELD = "coalesce({row}.lease_until > now(), false)"
_WANTED = "not j.cancel_requested and coalesce(j.deadline_at > now(), true)"
# Of a recording, its languages say how far it is and what it waits for.
_OF_LANGUAGES = "(select {value} from ytdubber.language_tasks as t where t.job_id = j.id)"
_PIECES = text(
    f"""
    select * from (
      select open.*,
        row_number() over (partition by held order by since, job_id, language) as number
      from (
        select j.id as job_id, j.user_id, null as language, j.lane, 'stt' as stage,
          coalesce({_OF_LANGUAGES.format(value="max(t.progress)")}, 0) as progress,
          j.retries, j.lease_owner, {_HELD.format(row="j")} as held,
          case when {_HELD.format(row="j")} then coalesce(
            {_OF_LANGUAGES.format(value="min((t.entered_at ->> 'stt')::timestamptz)")},
            j.submitted_at)
          else greatest(j.submitted_at, case when j.not_before <= now() then j.not_before end)
          end as since,
          case when j.not_before > now() then j.not_before end as again_at,
          {_OF_LANGUAGES.format(value="max(t.waiting ->> 'vendor')")} as waits_for
        from {OPEN_JOBS} and {_WANTED}
        union all
        select t.job_id, t.user_id, t.language, t.lane, t.stage, t.progress, t.retries,
          t.lease_owner, {_HELD.format(row="t")},
          case when {_HELD.format(row="t")} then
            coalesce((t.entered_at ->> t.stage)::timestamptz, t.updated_at)
          else greatest(j.submitted_at, j.heard_at,
            case when t.not_before <= now() then t.not_before end) end,
          case when t.not_before > now() then t.not_before end, t.waiting ->> 'vendor'
        from {OPEN_TASKS} and {_WANTED}
      ) as open
    ) as numbered where number <= :most or held order by held desc, number
    """  # noqa: S608  # our own words
)
_WORKERS = text(
    f"""
    select id, lane, threads, beat_at,
      beat_at between now() - interval '{LIVES_S:.0f} seconds'
        and now() + interval '{LIVES_S:.0f} seconds' as lives
    from ytdubber.workers where beat_at > now() - interval '1 hour' order by beat_at, id, lane
    """  # noqa: S608  # our own words
)
_WAITED_FOR = text(
    f"""
    select t.waiting ->> 'vendor' as name, count(*)::int as waiting,
      min((t.waiting ->> 'since')::timestamptz) as since,
      min((t.waiting ->> 'again_at')::timestamptz) as again_at
    from ytdubber.language_tasks as t join ytdubber.dubbing_jobs as j on j.id = t.job_id
    where t.stage not in ('complete', 'failed', 'cancelled')
      and j.submitted_at is not null and j.finished_at is null
      and t.waiting is not null and {_WANTED}
    group by 1
    """  # noqa: S608  # our own words
)
# Of the jobs that are open, or had a language end since; then job by job, by its index.
_CALLS = text(
    """
    select r.provider as name, count(*)::int as calls, count(r.fault)::int as failed,
      (array_agg(r.fault order by r.started_at desc) filter (where r.fault is not null))[1] as fault
    from (
      select j.id from ytdubber.dubbing_jobs as j
      where j.submitted_at is not null and j.finished_at is null
        and j.stage not in ('complete', 'failed', 'cancelled')
      union
      select t.job_id from ytdubber.language_tasks as t
      where t.stage in ('complete', 'failed', 'cancelled')
        and t.updated_at > now() - interval '10 minutes'
    ) as lately
    cross join lateral (
      select provider, fault, started_at from ytdubber.usage_receipts
      where job_id = lately.id and started_at > now() - interval '10 minutes' offset 0
    ) as r
    group by 1
    """
)
_ENDED = text(
    """
    select t.stage, t.error_code as code, count(*)::int as hour,
      (count(*) filter (where t.updated_at > now() - interval '30 minutes'))::int as half_hour,
      max(t.updated_at) as last_at
    from ytdubber.language_tasks as t
    where t.stage in ('complete', 'failed', 'cancelled')
      and t.updated_at > now() - interval '1 hour'
    group by 1, 2 order by last_at desc, 2
    """
)
_GIVEN_UP = text(
    """
    select d.id, d.actor, d.job_id, j.user_id, t.language, d.failed_at, d.attempts,
      right(d.traceback, 4000) as traceback, coalesce(t.error_code, j.error_code) as code,
      c.provider as vendor, c.fault
    from (select * from ytdubber.dead_letters order by failed_at desc, id limit :most) as d
    join ytdubber.dubbing_jobs as j on j.id = d.job_id
    left join ytdubber.language_tasks as t on t.id = d.row_id
    left join lateral (
      select r.provider, r.fault from ytdubber.usage_receipts as r
      where r.job_id = d.job_id and r.fault is not null
        and r.task_id is not distinct from t.id
      order by r.started_at desc limit 1
    ) as c on true
    order by d.failed_at desc, d.id
    """
)
_CLASS = re.compile(r"(?:(\w+)\.[\w.]*?)?(\w+)(?::|$)")
_PACKAGES = sys.stdlib_module_names | frozenset(
    "anyio av boto3 botocore dramatiq httpcore httpx numpy psycopg psycopg_pool pydantic redis"
    " soundfile sqlalchemy stripe ytdubber".split()
)
"""Whose errors are named, beside those of vendors' clients: a line that looks like one may be part
of another's message."""


class SqlServiceDetail:
    """Looks behind the figures.

    Args:
        engine: Connections that see every user's rows.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self) -> ServiceDetail:
        """The detail now.

        Raises:
            DatabaseAway, DatabaseBusy: the database does not say.
        """
        with service_role(self._engine) as connection:
            limit_statements(connection)
            pieces = connection.execute(_PIECES, {"most": MOST}).all()
            return ServiceDetail(
                vendors=_vendors(connection),
                workers=_workers(connection.execute(_WORKERS).all(), pieces),
                waiting=[_piece(row) for row in pieces if not row.held],
                ended=[
                    Ended(Stage(row.stage), row.code, row.hour, row.half_hour, row.last_at)
                    for row in connection.execute(_ENDED)
                ],
                given_up=[_given_up(row) for row in connection.execute(_GIVEN_UP, {"most": MOST})],
            )


def _vendors(connection: Connection) -> Sequence[VendorState]:
    waits = {row.name: row for row in connection.execute(_WAITED_FOR)}
    calls = {row.name: row for row in connection.execute(_CALLS)}
    return [
        VendorState(
            name=name,
            waiting=waits[name].waiting if name in waits else 0,
            since=waits[name].since if name in waits else None,
            again_at=waits[name].again_at if name in waits else None,
            calls=calls[name].calls if name in calls else 0,
            failed=calls[name].failed if name in calls else 0,
            fault=_fault(calls[name].fault) if name in calls else None,
        )
        for name in sorted(waits.keys() | calls.keys())
    ]


def _workers(rows: Sequence[Row[Any]], pieces: Iterable[Row[Any]]) -> Sequence[WorkerState]:
    """The first half of a lease's owner is its worker."""
    held: dict[bytes, list[OpenPiece]] = defaultdict(list)
    for piece in pieces:
        if piece.held:
            held[piece.lease_owner.bytes[:8]].append(_piece(piece))
    threads: dict[Any, dict[Lane, int]] = defaultdict(dict)
    heard_at: dict[Any, datetime] = {}
    lives: dict[Any, bool] = defaultdict(bool)
    for row in rows:
        threads[row.id][Lane(row.lane)] = row.threads
        heard_at[row.id] = max(row.beat_at, heard_at.get(row.id, row.beat_at))
        lives[row.id] |= row.lives
    known = [
        WorkerState(each, threads[each], heard_at[each], lives[each], held.pop(each.bytes[:8], []))
        for each in threads
    ]
    lost = [WorkerState(None, {}, None, False, pieces) for pieces in held.values()]
    return sorted(known + lost, key=lambda each: (not each.lives, str(each.id)))


def _piece(row: Row[Any]) -> OpenPiece:
    return OpenPiece(
        job_id=row.job_id,
        user_id=row.user_id,
        language=row.language,
        lane=Lane(row.lane),
        stage=Stage(row.stage),
        progress=float(row.progress),
        retries=row.retries,
        since=row.since,
        again_at=row.again_at,
        waits_for=row.waits_for,
    )


def _given_up(row: Row[Any]) -> GivenUp:
    return GivenUp(
        id=row.id,
        job_id=row.job_id,
        user_id=row.user_id,
        language=row.language if KINDS[row.actor] is Kind.TASK else None,
        failed_at=row.failed_at,
        attempts=row.attempts,
        error=_error_class(row.traceback.rstrip()),
        code=row.code,
        vendor=row.vendor,
        fault=_fault(row.fault),
    )


def _fault(value: str | None) -> ErrorKind | None:
    return ErrorKind(value) if value in set(ErrorKind) else None


def _error_class(traceback: str) -> str | None:
    """The class of an error, of which nothing but that is not anybody's text."""
    found = _CLASS.match(error_line(traceback)) if traceback else None
    if found is None:
        return None
    package, name = found.groups()
    if package is None:
        return name if isinstance(getattr(builtins, name, None), type) else None
    clients = {each.client for each in vendors()}
    return name if package in _PACKAGES or package in clients else None
