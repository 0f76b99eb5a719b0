"""Links to hear a dub, in their table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select

from ytdubber.adapters.db.schema.share_tables import share_links
from ytdubber.ports.share_links import ShareLink

_COLUMNS = [share_links.c[name] for name in ShareLink.__dataclass_fields__]


class SqlShareLinks:
    """`ShareLinks` on a connection whose role is set."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, link: ShareLink, user_id: UUID, token_sha256: str) -> None:
        row = insert(share_links).values(
            id=link.id,
            job_id=link.job_id,
            user_id=user_id,
            language=link.language,
            token_sha256=token_sha256,
            created_at=link.created_at,
            expires_at=link.expires_at,
        )
        self._connection.execute(row)

    def of_job(self, job_id: UUID, now: datetime) -> Sequence[ShareLink]:
        query = select(*_COLUMNS).where(
            share_links.c.job_id == job_id, share_links.c.expires_at > now
        )
        rows = self._connection.execute(query.order_by(share_links.c.created_at, share_links.c.id))
        return [_link(row) for row in rows]

    def of_token(self, token_sha256: str, now: datetime) -> ShareLink | None:
        query = select(*_COLUMNS).where(
            share_links.c.token_sha256 == token_sha256, share_links.c.expires_at > now
        )
        row = self._connection.execute(query).first()
        return _link(row) if row else None

    def remove(self, job_id: UUID, share_id: UUID) -> bool:
        gone = delete(share_links).where(
            share_links.c.job_id == job_id, share_links.c.id == share_id
        )
        return self._connection.execute(gone).rowcount > 0


def _link(row: Row[Any]) -> ShareLink:
    return ShareLink(**row._mapping)
