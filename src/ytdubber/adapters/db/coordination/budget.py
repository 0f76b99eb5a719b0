"""How many connections there may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Connection, Engine, QueuePool, text

from ytdubber.adapters.db.connection.service_role import act_as_service, login_role
from ytdubber.adapters.db.coordination.dispatch import LIVES_S
from ytdubber.adapters.db.coordination.workers import beat
from ytdubber.domain.errors import TooFewConnections
from ytdubber.domain.fair_share import Lane

VENDORS = 3
"""Of the process that calls vendors for a worker: a call needs one for moments only."""
LISTENER = 1
"""The one on which a process listens."""
API, API_OWNER = 10, 4
"""Of the process that answers: with the API's login, and as the owner."""

WORKER, VENDOR_PROCESS, QUEUE = "ytdubber-worker", "ytdubber-vendors", "ytdubber-queue"
"""What a worker's connections are called."""

_ENTRY = 0x79746462656E7472
"""The advisory lock under which workers come in."""
_ROOM = text(
    """
    select current_setting('max_connections')::int as most,
      current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
      current_setting('application_name') = any(:workers) as mine_is_a_workers,
      count(*) filter (where application_name = any(:workers))::int as of_workers,
      count(*) filter (where application_name <> all(:workers))::int as of_others
    from pg_stat_activity
    where coalesce(backend_type, 'client backend') in ('client backend', 'walsender')
    """
)
_PROMISED = text(
    """
    select max(threads) as threads from ytdubber.workers
    where id <> :worker and beat_at between now() - :lives and now() + :lives
    group by id
    """
)


@dataclass(frozen=True, slots=True)
class ConnectionRoom:
    """How many connections a server takes.

    Attributes:
        most: In all.
        reserved: Of these for its superuser.
        used: That are open.
        taken: Of all but who asks, open or promised: a live worker's are counted in full, of which
            it opens each when it first needs it.
    """

    most: int
    reserved: int
    used: int
    taken: int

    @property
    def free(self) -> int:
        """For whoever asks."""
        return max(0, self.most - self.reserved - self.taken)


def work_pool(threads: int) -> int:
    """Of a worker's work: transactions are short, and most of the time is spent elsewhere."""
    return max(3, -(-threads // 2))


def worker_connections(threads: int) -> int:
    """Of a worker with so many threads, its process that calls vendors included."""
    return work_pool(threads) + VENDORS + LISTENER


def api_connections() -> int:
    """Of the process that answers."""
    return API + API_OWNER + LISTENER


def connection_room(
    connection: Connection, own: int = 0, worker: UUID | None = None
) -> ConnectionRoom:
    """The room of the server, in a transaction of whoever logged in.

    Args:
        connection: To the server.
        own: How many connections of whoever asks are open.
        worker: Which worker asks, if one does.
    """
    names = {"workers": [WORKER, VENDOR_PROCESS, QUEUE]}
    row = connection.execute(_ROOM, names).one()
    act_as_service(connection)
    live = {"worker": worker or UUID(int=0), "lives": timedelta(seconds=LIVES_S)}
    promised = sum(map(worker_connections, connection.execute(_PROMISED, live).scalars()))
    of_workers = row.of_workers - (own if row.mine_is_a_workers else 0)
    of_others = row.of_others - (0 if row.mine_is_a_workers else own)
    taken = of_others + max(of_workers, promised)
    return ConnectionRoom(row.most, row.reserved, row.of_workers + row.of_others, taken)


def need_room(engine: Engine, wanted: int, what: str) -> None:
    """Make sure that the server has room for so many connections in all.

    Raises:
        TooFewConnections: it has not.
    """
    with login_role(engine) as connection:
        _need(connection_room(connection, _open(engine)), wanted, what)


def enter(engine: Engine, worker: UUID, threads: Mapping[Lane, int]) -> None:
    """Make sure that the server has room for a worker, and count it from now on. Of several that
    begin at once, those come in for whom there is room.

    Raises:
        TooFewConnections: there is none for it.
    """
    most = max(threads.values())
    with login_role(engine) as connection:
        connection.exec_driver_sql("select pg_advisory_xact_lock(%s)", (_ENTRY,))
        room = connection_room(connection, _open(engine), worker)
        _need(room, worker_connections(most), f"A worker of {most} threads")
        beat(connection, worker, threads)


def _open(engine: Engine) -> int:
    pool = cast(QueuePool, engine.pool)
    return pool.checkedout() + pool.checkedin()


def _need(room: ConnectionRoom, wanted: int, what: str) -> None:
    if wanted > room.free:
        raise TooFewConnections(
            what=what,
            wanted=wanted,
            free=room.free,
            most=room.most,
            reserved=room.reserved,
            used=room.taken,
            enough=room.reserved + room.taken + wanted,
        )
