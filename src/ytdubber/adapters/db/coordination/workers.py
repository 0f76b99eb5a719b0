"""The workers that live, in a table."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.domain.fair_share import Lane

_BEAT = text(
    """
    insert into ytdubber.workers (id, lane, threads) values (:id, :lane, :threads)
    on conflict (id, lane) do update set threads = excluded.threads, beat_at = now()
    """
)
_GONE = text("delete from ytdubber.workers where id = :id")
_OLD = text("delete from ytdubber.workers where beat_at < now() - interval '1 hour'")


def beat(connection: Connection, worker: UUID, threads: Mapping[Lane, int]) -> None:
    """Write that a worker lives, with its threads in each lane."""
    rows = [{"id": worker, "lane": lane.value, "threads": count} for lane, count in threads.items()]
    connection.execute(_BEAT, rows)


class SqlWorkers:
    """`Workers` by the database's clock."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def beat(self, worker: UUID, threads: Mapping[Lane, int]) -> None:
        with service_role(self._engine) as connection:
            beat(connection, worker, threads)

    def gone(self, worker: UUID) -> None:
        with service_role(self._engine) as connection:
            connection.execute(_GONE, {"id": worker})
            connection.execute(_OLD)
