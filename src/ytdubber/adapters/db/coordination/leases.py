"""Leases in the rows themselves: conditional updates, which hold behind any pooler."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row, text

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.domain.origin import Origin
from ytdubber.ports.leases import Beat, Kind, Later, Lease

_TASK_OPEN = """
  t.stage not in ('complete', 'failed', 'cancelled')
  and exists (
    select from ytdubber.dubbing_jobs as j
    where j.id = t.job_id and not j.cancel_requested and coalesce(j.deadline_at > now(), true))
"""
_JOB_OPEN = """
  t.stage in ('queued', 'stt') and t.prepared is null and t.finished_at is null
  and not t.cancel_requested and coalesce(t.deadline_at > now(), true)
"""
_ALL_ENDED = """
  t.prepared is not null and t.finished_at is null and not exists (
    select from ytdubber.language_tasks as l
    where l.job_id = t.id and l.stage not in ('complete', 'failed', 'cancelled'))
"""
_TABLES = {Kind.JOB: "dubbing_jobs", Kind.TASK: "language_tasks"}
_MINE = "t.id = :id and t.lease_owner = :owner and t.attempts = :attempt"


def origin_of(kind: Kind, row: str) -> str:
    """Columns of a row that say what job it is of, and what that came from."""
    if kind is Kind.JOB:
        return f"{row}.id as job_id, {row}.request_id, {row}.traceparent"
    job = f"from ytdubber.dubbing_jobs as j where j.id = {row}.job_id"
    return f"""
      {row}.job_id, (select j.request_id {job}) as request_id,
      (select j.traceparent {job}) as traceparent
    """  # our own names


def _claim(kind: Kind, beat: str, is_open: str) -> str:
    return f"""
      update ytdubber.{_TABLES[kind]} as t
      set lease_owner = :owner, lease_until = now() + :ttl, attempts = t.attempts + 1,
        woken_at = null {beat}
      where t.id = :id and coalesce(t.lease_until < now(), true) and {is_open}
      returning t.id, t.attempts, t.retries, {origin_of(kind, "t")}
    """  # noqa: S608  # our own names


_HEARTBEAT = ", heartbeat_at = now()"
_CLAIM = {
    Kind.JOB: text(_claim(Kind.JOB, "", _JOB_OPEN)),
    Kind.TASK: text(_claim(Kind.TASK, _HEARTBEAT, _TASK_OPEN)),
}
_CLAIM_END = text(_claim(Kind.JOB, "", _ALL_ENDED))
_BEAT = {
    Kind.JOB: text(
        f"""
        update ytdubber.dubbing_jobs as t set lease_until = now() + :ttl
        where {_MINE} and t.finished_at is null
        returning t.cancel_requested
        """  # noqa: S608  # our own names
    ),
    Kind.TASK: text(
        f"""
        update ytdubber.language_tasks as t set lease_until = now() + :ttl {_HEARTBEAT}
        from ytdubber.dubbing_jobs as j
        where {_MINE} and j.id = t.job_id and t.stage not in ('complete', 'failed', 'cancelled')
        returning j.cancel_requested
        """  # noqa: S608  # our own names
    ),
}
_RELEASE = {
    kind: text(
        f"update ytdubber.{table} as t"  # noqa: S608  # our own names
        " set lease_owner = null, lease_until = null, woken_at = null,"
        " retries = t.retries + :failed,"
        " held_at = case when :after > interval '0' then now() end,"
        f" not_before = case when :after > interval '0' then now() + :after end where {_MINE}"
    )
    for kind, table in _TABLES.items()
}


class SqlLeases:
    """`Leases` by the database's clock.

    Args:
        engine: The database.
        ttl_s: How long a lease lasts without a heartbeat.
    """

    def __init__(self, engine: Engine, ttl_s: float = 60.0) -> None:
        self._engine = engine
        self._ttl = timedelta(seconds=ttl_s)

    def claim(self, kind: Kind, row_id: UUID, owner: UUID) -> Lease | None:
        with service_role(self._engine) as connection:
            values = {"id": row_id, "owner": owner, "ttl": self._ttl}
            row = connection.execute(_CLAIM[kind], values).first()
        return lease_on(kind, row, owner) if row else None

    def claim_end(self, job_id: UUID, owner: UUID) -> Lease | None:
        with service_role(self._engine) as connection:
            values = {"id": job_id, "owner": owner, "ttl": self._ttl}
            row = connection.execute(_CLAIM_END, values).first()
        return lease_on(Kind.JOB, row, owner) if row else None

    def beat(self, lease: Lease) -> Beat:
        with service_role(self._engine) as connection:
            values = _mine(lease) | {"ttl": self._ttl}
            cancel_requested = connection.execute(_BEAT[lease.kind], values).scalar_one_or_none()
        return Beat(held=cancel_requested is not None, cancel_requested=bool(cancel_requested))

    def release(self, lease: Lease, later: Later = Later()) -> None:  # noqa: B008  # frozen
        values = {"after": timedelta(seconds=later.after_s), "failed": int(later.failed)}
        with service_role(self._engine) as connection:
            connection.execute(_RELEASE[lease.kind], _mine(lease) | values)


def lease_on(kind: Kind, row: Row[Any], owner: UUID) -> Lease:
    """The lease on a row that was taken with `origin_of`."""
    origin = Origin(row.request_id, row.traceparent)
    return Lease(kind, row.id, owner, row.attempts, row.retries, row.job_id, origin)


def _mine(lease: Lease) -> dict[str, object]:
    return {"id": lease.id, "owner": lease.owner, "attempt": lease.attempt}
