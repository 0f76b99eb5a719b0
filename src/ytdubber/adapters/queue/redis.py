"""Messages in Redis or Valkey, which leave when a transaction is committed.

Whatever becomes of them there, the rows say what waits: a message that was lost is sent again after
a minute.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import redis
from dramatiq.broker import MessageProxy
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.errors import ConnectionClosed
from sqlalchemy import Connection

from ytdubber.domain.errors import QueueAway
from ytdubber.ports.job_queue import QUEUES, Wake

from .messages import message, row_of

NAMESPACE = "ytdubber"
ANSWERS_S = 5.0
AWAY_PAUSE_S = 1.0
HEARTBEAT_MS = 60_000
"""After how long without a sign of life a worker's messages go to others. The library looks for
such only by chance, one command in a thousand: on an idle queue not in five minutes."""
MAINTENANCE_IN_A_MILLION = 100_000


class _Consumer(_RedisConsumer):
    """While the server is away there is no message; whoever sends them says that it is."""

    def __next__(self) -> MessageProxy | None:
        try:
            found: MessageProxy | None = super().__next__()  # type: ignore[no-untyped-call]  # as all of it
        except ConnectionClosed:
            time.sleep(AWAY_PAUSE_S)
            return None
        return found

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """What cannot be given back goes to others as a dead worker's does."""
        with contextlib.suppress(redis.ConnectionError):
            super().requeue(messages)  # type: ignore[no-untyped-call]  # as all of it


class _Broker(RedisBroker):
    """A server that is silent, or does nothing of what it is told, is away.

    There are no queues for delayed messages: what is to wait waits in its row.
    """

    def _dispatch(self, command: str) -> Callable[..., Any]:
        dispatch = super()._dispatch(command)  # type: ignore[no-untyped-call]  # as all of it

        def reached(*words: object) -> Any:
            try:
                return dispatch(*words)
            except redis.RedisError as error:
                raise redis.ConnectionError(str(error)) from error

        return reached

    @property
    def consumer_class(self) -> type[_Consumer]:
        return _Consumer

    def declare_queue(self, queue_name: str) -> None:
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)


def make_redis_broker(
    url: str, *, heartbeat_ms: int = HEARTBEAT_MS, answers_s: float = ANSWERS_S
) -> RedisBroker:
    """A broker without actors; it connects when it is first used. One per process.

    Args:
        url: `redis://`, `rediss://`, `valkey://` or `valkeys://`.
        heartbeat_ms: After how long without a sign of life a worker's messages go to others.
        answers_s: How long the server may take to answer, or to be reached.
    """
    scheme, _, rest = url.partition("://")
    scheme = {"valkey": "redis", "valkeys": "rediss"}.get(scheme, scheme)
    client = redis.Redis.from_url(
        f"{scheme}://{rest}",
        socket_connect_timeout=answers_s,
        socket_timeout=answers_s,
        socket_keepalive=True,
        health_check_interval=30,
    )
    return _Broker(  # type: ignore[no-untyped-call]  # Dramatiq's is untyped
        client=client,
        middleware=[],
        namespace=NAMESPACE,
        heartbeat_timeout=heartbeat_ms,
        maintenance_chance=MAINTENANCE_IN_A_MILLION,
    )


class RedisQueue:
    """`JobQueue` of a broker in Redis."""

    def __init__(self, broker: RedisBroker) -> None:
        self._broker = broker

    def send(self, transaction: Connection, wakes: Sequence[Wake]) -> Callable[[], None]:
        def committed() -> None:
            with _reached():
                for wake in wakes:
                    self._broker.enqueue(message(wake))

        return committed

    def waiting(self, transaction: Connection) -> set[UUID]:
        client: Any = self._broker.client
        rows: set[UUID] = set()
        with _reached():
            for name in QUEUES.values():
                key = f"{NAMESPACE}:{name}"
                if ids := client.lrange(key, 0, -1):
                    rows |= {row_of(each) for each in client.hmget(f"{key}.msgs", ids) if each}
        return rows

    def check(self, transaction: Connection) -> None:
        with _reached():
            self._broker.client.ping()

    def close(self) -> None:
        """Give back the connections."""
        self._broker.client.close()


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise QueueAway(cause=f"{type(error).__name__}: {error}") from error
