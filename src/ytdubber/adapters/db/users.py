"""People with an account."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from ytdubber.ports.identity import Claims
from ytdubber.ports.service_work import Load, Profile

from .tables import UNDER_WAY, dubbing_jobs, uploads, users


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

    def load(self, user_id: UUID, now: datetime, *, lock: bool = False) -> Load:
        if lock:
            own = select(users.c.id).where(users.c.id == user_id).with_for_update()
            self._connection.execute(own)
        jobs = select(func.count()).select_from(dubbing_jobs)
        jobs = jobs.where(dubbing_jobs.c.user_id == user_id, UNDER_WAY)
        size = func.coalesce(uploads.c.bytes, uploads.c.declared_bytes, 0)
        sizes = select(func.coalesce(func.sum(size), 0)).where(
            uploads.c.user_id == user_id, uploads.c.created_at > now - timedelta(days=1)
        )
        run = self._connection.execute
        return Load(int(run(jobs).scalar_one()), int(run(sizes).scalar_one()))
