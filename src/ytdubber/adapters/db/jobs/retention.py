"""What is due to go, by the database's clock. Every removal is an event in the audit trail."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection, Engine, text

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.jobs.forgetting import FORGET_MESSAGES, forget
from ytdubber.adapters.db.jobs.history import SqlEvents
from ytdubber.ports.retention import Due, Reason, Terms

PURGED = "purged"
"""The kind of the event; its data says why."""

# Rows of a job are counted: `exists` may become a join that reads those of all jobs.
_NOBODY_WORKS = """
  coalesce(j.lease_until < now(), true)
  and (select count(*) from ytdubber.language_tasks as t
    where t.job_id = j.id and t.lease_until > now()) = 0
  and (select count(*) from ytdubber.usage_receipts as r
    where r.job_id = j.id and r.outcome = 'started' and r.under_way_until > now()) = 0
"""
_UNPURGED = "coalesce(j.purged_at < greatest(j.deleted_at, j.finished_at), true)"
_FAILED = """
  (j.stage = 'failed' or (select count(*) from ytdubber.language_tasks as t
    where t.job_id = j.id and t.stage = 'failed') > 0)
"""
_EDITABLE = "coalesce((j.options ->> 'editable')::boolean, false)"
# What is needed to change lines of a dub lasts as long as its files, and goes with them.
_IN_USE = f"({_EDITABLE} and j.forgotten_at is null and j.expires_at > now())"
_PAST = """
  case when cast(:older as interval) is null then j.expires_at <= now()
  else j.finished_at <= now() - cast(:older as interval) end
"""
_DUE = {
    Reason.NEVER_SUBMITTED: f"""
      j.submitted_at is null and j.deleted_at is null and j.created_at <= now() - :unsubmitted
      and {_UNPURGED}
    """,
    Reason.DELETED: f"j.deleted_at is not null and {_UNPURGED} and {_NOBODY_WORKS}",
    Reason.EXPIRED: f"""
      j.finished_at is not null and j.forgotten_at is null and j.deleted_at is null and {_PAST}
    """,
    Reason.ENDED: f"""
      j.finished_at <= now() - :ended and j.deleted_at is null and {_UNPURGED}
      and {_NOBODY_WORKS} and (not {_FAILED} or j.finished_at <= now() - :window)
      and (not {_IN_USE} or cast(:older as interval) is not null)
    """,
}
_DUE_AT = {
    Reason.NEVER_SUBMITTED: "j.created_at + :unsubmitted",
    Reason.DELETED: "j.deleted_at",
    Reason.EXPIRED: "j.expires_at",
    Reason.ENDED: f"""
      case when {_EDITABLE} then j.expires_at
        else j.finished_at + case when {_FAILED} then :window else interval '0' end end
    """,
}
_LAG = {
    reason: text(
        f"""
        select coalesce(extract(epoch from now() - min({due_at})), 0)::float
        from ytdubber.dubbing_jobs as j where {_DUE[reason]}
        """  # noqa: S608  # our own words
    )
    for reason, due_at in _DUE_AT.items()
}
_OLD_PREVIEWS = text(
    "delete from ytdubber.line_previews where created_at < now() - interval '1 hour'"
)
_DELIVERABLES = (Reason.EXPIRED, Reason.ENDED)


def _query(reason: Reason) -> str:
    deliverables = "'{}'::text[]"
    if reason in _DELIVERABLES:
        deliverables = """
          array(select a.key from ytdubber.artifacts as a
            where a.job_id = j.id and a.deleted_at is null)
        """
    return f"""
      select j.id, {deliverables} as keys, now() as seen_at from ytdubber.dubbing_jobs as j
      where {_DUE[reason]} order by random() limit :limit
    """  # noqa: S608  # our own names


_LOCK = text("select 1 from ytdubber.dubbing_jobs where id = :id for update")
_UNSUBMITTED = text(
    """
    update ytdubber.dubbing_jobs set deleted_at = now(), updated_at = now()
    where id = :id and submitted_at is null and deleted_at is null
    """
)
_NOT_REPLAYED = text(
    f"""
    update ytdubber.dubbing_jobs as j
    set sources_deleted_at = coalesce(j.sources_deleted_at, now())
    where j.id = :id and j.finished_at is not null and {_NOBODY_WORKS}
    """  # noqa: S608  # our own names
)
_GIVE_UP = {
    Reason.NEVER_SUBMITTED: _UNSUBMITTED,
    Reason.EXPIRED: _NOT_REPLAYED,
    Reason.ENDED: _NOT_REPLAYED,
}
_CHOSEN = "job_id = :id and (:all or key = any(:keys))"
_FILES_GONE = (
    text(
        "delete from ytdubber.download_tokens where artifact_id in"  # noqa: S608  # our own names
        f" (select id from ytdubber.artifacts where {_CHOSEN})"
    ),
    text(
        "update ytdubber.artifacts set deleted_at = now()"  # noqa: S608  # our own names
        f" where {_CHOSEN} and deleted_at is null"
    ),
)
_SOURCES_GONE = (
    text(
        "update ytdubber.uploads set deleted_at = now() where job_id = :id and deleted_at is null"
    ),
    text(
        "update ytdubber.dubbing_jobs set purged_at = coalesce(:seen_at, now()),"
        " sources_deleted_at = coalesce(sources_deleted_at, now()) where id = :id"
    ),
)


class SqlExpiryRepository:
    """`ExpiryRepository` over the service's tables."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, terms: Terms, limit: int) -> Sequence[Due]:
        values = {**_spans(terms), "limit": limit}
        with service_role(self._engine) as connection:
            return [due for reason in Reason for due in _due(connection, reason, values)]

    def give_up(self, due: Due) -> bool:
        if due.reason not in _GIVE_UP:
            return True
        with service_role(self._engine) as connection:
            connection.execute(_LOCK, {"id": due.job_id})
            return connection.execute(_GIVE_UP[due.reason], {"id": due.job_id}).rowcount == 1

    def gone(self, due: Due) -> None:
        everything = due.reason in (Reason.NEVER_SUBMITTED, Reason.DELETED)
        values = {"id": due.job_id, "all": everything, "keys": list(due.deliverables)}
        reason = Reason.DELETED if everything else due.reason
        with service_role(self._engine) as connection:
            if due.reason is not Reason.ENDED:
                for statement in _FILES_GONE:
                    connection.execute(statement, values)
                forget(connection, due.job_id)
            if due.reason is not Reason.EXPIRED:
                seen_at = None if due.reason is Reason.NEVER_SUBMITTED else due.seen_at
                for statement in _SOURCES_GONE:
                    connection.execute(statement, {"id": due.job_id, "seen_at": seen_at})
            SqlEvents(connection).add(due.job_id, PURGED, {"reason": reason})

    def forget_messages(self) -> None:
        with service_role(self._engine) as connection:
            connection.exec_driver_sql(FORGET_MESSAGES)
            connection.execute(_OLD_PREVIEWS)


def lag_s(connection: Connection, reason: Reason, terms: Terms) -> float:
    """For how many seconds the oldest thing that has to go for a reason has had to."""
    return float(connection.execute(_LAG[reason], _spans(terms)).scalar_one())


def _spans(terms: Terms) -> dict[str, timedelta | None]:
    older = terms.older_than
    return {
        "older": older,
        "ended": timedelta(0) if older is None else older,
        "window": terms.replay_window if older is None else older,
        "unsubmitted": terms.unsubmitted if older is None else older,
    }


def _due(connection: Connection, reason: Reason, values: Mapping[str, object]) -> Sequence[Due]:
    rows = connection.execute(text(_query(reason)), values)
    return [Due(row.id, reason, frozenset(row[1]), row.seen_at) for row in rows]
