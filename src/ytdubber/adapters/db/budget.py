"""How many connections there may be."""

from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from ytdubber.domain.errors import TooFewConnections

from .connections import connected

VENDORS = 3
"""Of the process that calls vendors for a worker: a call needs one for moments only."""
LISTENER = 1
"""The one on which a process listens."""
API, API_OWNER = 10, 4
"""Of the process that answers: with the API's login, and as the owner."""

_ROOM = text(
    """
    select current_setting('max_connections')::int as most,
      current_setting('superuser_reserved_connections')::int
        + coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
      (select count(*) from pg_stat_activity
       where backend_type in ('client backend', 'walsender'))::int as used
    """
)


def work_pool(threads: int) -> int:
    """Of a worker's work: transactions are short, and most of the time is spent elsewhere."""
    return max(3, -(-threads // 2))


def worker_connections(threads: int) -> int:
    """Of a worker with so many threads, its process that calls vendors included."""
    return work_pool(threads) + VENDORS + LISTENER


def api_connections() -> int:
    """Of the process that answers."""
    return API + API_OWNER + LISTENER


def connection_room(connection: Connection) -> Row[Any]:
    """How many connections the server takes (`most`), keeps for its superuser (`reserved`) and has
    (`used`).
    """
    return connection.execute(_ROOM).one()


def need_room(engine: Engine, wanted: int, what: str) -> None:
    """Make sure that the server takes so many connections more than it has.

    Raises:
        TooFewConnections: it does not.
    """
    with connected(engine) as connection:
        room = connection_room(connection)
    mine = engine.pool.checkedout() + engine.pool.checkedin()  # type: ignore[attr-defined]  # QueuePool's
    free = room.most - room.reserved - room.used + mine
    if wanted > free:
        raise TooFewConnections(
            what=what,
            wanted=wanted,
            free=max(0, free),
            most=room.most,
            reserved=room.reserved,
            used=room.used - mine,
            enough=room.reserved + room.used - mine + wanted,
        )
