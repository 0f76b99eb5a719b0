"""People with an account."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, and_, func, select, text, true, update
from sqlalchemy.dialects.postgresql import insert

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.adapters.db.schema.tables import UNDER_WAY, dubbing_jobs, uploads, users
from ytdubber.domain.admission import Amount
from ytdubber.domain.upload import LINK_LASTS
from ytdubber.ports.identity import Claims
from ytdubber.ports.service_work import Load, Profile, Sent

_LOAD = text(
    f"""
    select count(distinct j.id)::int as jobs, count(t.id)::int as languages,
      coalesce(sum(j.voice_duration_ms) filter (where t.id is not null), 0) / 60000.0 as minutes
    from (select * from ytdubber.dubbing_jobs where user_id = :user and {UNDER_WAY}) as j
    left join ytdubber.language_tasks as t on t.job_id = j.id
      and t.stage not in ('complete', 'failed', 'cancelled')
    """  # noqa: S608  # our own words
)


class SqlUsers:
    """`Users` in the table of that name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def see(self, claims: Claims) -> None:
        row = insert(users).values(id=claims.user_id, email=claims.email)
        self._connection.execute(
            row.on_conflict_do_update(
                index_elements=["id"],
                set_={"email": row.excluded.email},
                where=users.c.email.is_distinct_from(row.excluded.email),
            )
        )

    def get(self, user_id: UUID) -> Profile | None:
        row = self._connection.execute(select(users).where(users.c.id == user_id)).first()
        return Profile(**row._mapping) if row else None

    def update(self, user_id: UUID, changes: Mapping[str, str | None]) -> None:
        self._connection.execute(update(users).where(users.c.id == user_id).values(**changes))

    def sent(self, user_id: UUID, now: datetime, unsized_bytes: int, *, told: bool = True) -> Sent:
        self._lock(user_id)
        lasts = uploads.c.deleted_at.is_(None) & (uploads.c.created_at > now - LINK_LASTS)
        comes = and_(uploads.c.bytes.is_(None), lasts if told else true())
        arrived = func.greatest(func.coalesce(uploads.c.bytes, 0), uploads.c.received_bytes)
        size = func.coalesce(uploads.c.declared_bytes, unsized_bytes)
        to_come = func.greatest(size - uploads.c.received_bytes, 0)
        unsubmitted = dubbing_jobs.c.submitted_at.is_(None) & dubbing_jobs.c.deleted_at.is_(None)
        query = select(
            func.coalesce(func.sum(arrived), 0),
            func.coalesce(func.sum(to_come).filter(comes), 0),
            func.count(uploads.c.job_id.distinct()).filter(unsubmitted),
        ).join_from(uploads, dubbing_jobs, uploads.c.job_id == dubbing_jobs.c.id)
        query = query.where(
            uploads.c.user_id == user_id, uploads.c.created_at > now - timedelta(days=1)
        )
        return Sent(*map(int, self._connection.execute(query).one()))

    def load(self, user_id: UUID, now: datetime, *, lock: bool = False) -> Load:
        if lock:
            self._lock(user_id)
        row = self._connection.execute(_LOAD, {"user": user_id}).one()
        return Load(row.jobs, Amount(row.languages, row.minutes))

    def _lock(self, user_id: UUID) -> None:
        own = select(users.c.id).where(users.c.id == user_id).with_for_update()
        self._connection.execute(own)


def jobs_of(engine: Engine, user_id: UUID) -> Sequence[UUID]:
    """A user's jobs that are not deleted, also those that were never submitted, oldest first."""
    mine = (dubbing_jobs.c.user_id == user_id) & dubbing_jobs.c.deleted_at.is_(None)
    query = select(dubbing_jobs.c.id).where(mine).order_by(dubbing_jobs.c.created_at)
    with service_role(engine) as connection:
        return connection.execute(query).scalars().all()
