"""Dramatiq's broker on few connections: it holds none while it waits, and an outage of the database
is a wait.
"""

from collections.abc import Callable
from typing import Any, Protocol

from dramatiq.broker import MessageProxy
from dramatiq.errors import BrokerConnectionError
from dramatiq_postgres import PostgresBroker
from dramatiq_postgres.broker import Notifier, PostgresConsumer


class Pool(Protocol):
    """Connections of psycopg's, shared with the rest of the process."""

    @property
    def closed(self) -> bool:
        """Whether nobody gets a connection any more."""
        ...

    def getconn(self) -> Any:
        """A connection, as soon as there is one."""
        ...

    def putconn(self, connection: Any) -> None:
        """Give it back."""
        ...

    def close(self) -> None:
        """Have nobody wait any more."""
        ...


class PooledBroker(PostgresBroker):  # type: ignore[misc]  # the library has no types
    """The broker over a pool that is not its own.

    Args:
        pool: Where it takes connections, for as long as a transaction lasts.
        listen_on: Where it takes the one it listens on; without it, it polls.
        options: As `PostgresBroker` takes them.
    """

    def __init__(self, pool: Pool, listen_on: Pool | None, **options: Any) -> None:
        super().__init__(pool=pool, listen=False, **options)
        self._listen_on = listen_on
        if listen_on is not None:
            self.listen = True
            self.notifier = Notifier(listen_on)

    def declare_queue(self, queue_name: str) -> None:
        """Without one for delayed messages: what is to wait waits in its row."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues[queue_name] = True
            self.emit_after("declare_queue", queue_name)

    def consume(
        self, queue_name: str, prefetch: int = 1, timeout: int = 30_000
    ) -> "PooledConsumer":
        """As the library's."""
        return PooledConsumer(
            broker=self, queue_name=queue_name, prefetch=prefetch, timeout=timeout
        )

    def close(self) -> None:
        """Have nobody wait for a connection any more."""
        super().close()
        for pool in (self.pool, self._listen_on):
            if pool is not None:
                pool.close()


class PooledConsumer(PostgresConsumer):  # type: ignore[misc]  # the library has no types
    """Takes messages; what it cannot say while the database is away, it says later."""

    def get_consume_conn(self) -> Pool:
        """The pool: every transaction takes a connection there and gives it back."""
        pool: Pool = self.pool
        return pool

    def __next__(self) -> MessageProxy | None:
        """The next message, or None after a while without one."""
        try:
            message: MessageProxy | None = super().__next__()
        except BrokerConnectionError:
            return None
        return message

    def ack(self, message: MessageProxy) -> None:
        """It is done."""
        self._said(super().ack, message)

    def nack(self, message: MessageProxy) -> None:
        """It is a dead letter."""
        self._said(super().nack, message)

    def _said(self, say: Callable[[MessageProxy], None], message: MessageProxy) -> None:
        while True:
            try:
                return say(message)
            except BrokerConnectionError:
                if self.pool.closed:
                    raise
