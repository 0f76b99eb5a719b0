"""An engine's connections, for a library that wants a pool of psycopg's."""

import threading

import psycopg
from sqlalchemy import Engine, PoolProxiedConnection

from ytdubber.adapters.db.connection.connections import BoundedConnection, driver_connection, taken
from ytdubber.domain.errors import DatabaseAway

_PAUSE_S = 0.5


class SharedPool:
    """Takes connections from an engine's pool and gives them back; there are no others.

    While the database is away, whoever wants one waits: what a queue does can wait, and whoever
    asked is told of the outage by the engine.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._out: dict[int, PoolProxiedConnection] = {}
        self._closed = threading.Event()

    @property
    def closed(self) -> bool:
        """Whether nobody gets a connection any more."""
        return self._closed.is_set()

    def getconn(self) -> BoundedConnection:
        """A connection, to be given back.

        Raises:
            DatabaseAway: it was waited for until this was closed.
        """
        while True:
            try:
                pooled = taken(self._engine)
            except DatabaseAway:
                if self._closed.wait(_PAUSE_S):
                    raise
            else:
                connection = driver_connection(pooled)
                with self._lock:
                    self._out[id(connection)] = pooled
                return connection

    def putconn(self, connection: psycopg.Connection[object]) -> None:
        """Give it back; a broken one is thrown away."""
        with self._lock:
            pooled = self._out.pop(id(connection))
        if connection.closed:
            pooled.invalidate()
        pooled.close()

    def close(self) -> None:
        """Have nobody wait any more."""
        self._closed.set()
