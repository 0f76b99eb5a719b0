"""The queue of a worker process, on its connections."""

from collections.abc import Iterator
from contextlib import contextmanager

from dramatiq.broker import Broker

from ytdubber.adapters.db import budget
from ytdubber.adapters.db.budget import LISTENER, worker_connections
from ytdubber.adapters.db.connections import outage_of
from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.db.listening import why_deaf
from ytdubber.adapters.db.shared_pool import SharedPool
from ytdubber.adapters.queue.broker import make_broker
from ytdubber.bootstrap.backend import Backend
from ytdubber.bootstrap.queue import redis_broker
from ytdubber.log import get_logger

log = get_logger(__name__)


def need_room(shared: Backend, wanted: int, what: str) -> None:
    """Make sure that the database has room for so many connections in all; a pooler, which is known
    by LISTEN that does not work there, shares out those it has.

    Raises:
        TooFewConnections: it has not.
    """
    if why_deaf(shared.urls.owner, shared.engine) is None:
        budget.need_room(shared.engine, wanted, what)


@contextmanager
def broker_on(shared: Backend, threads: int) -> Iterator[Broker]:
    """A worker's broker. It listens where LISTEN works, and looks for messages where it does not.

    Raises:
        TooFewConnections: the database has no room for a worker of so many threads.
    """
    if shared.settings.redis_url:
        redis = redis_broker(shared.settings.redis_url)
        yield redis
        redis.close()
        return
    deaf = why_deaf(shared.urls.listen, shared.engine)
    if deaf is not None:
        log.warning("queue.mode", mode="poll", reason=deaf)
        broker = make_broker(SharedPool(shared.engine), None)
        try:
            yield broker
        finally:
            broker.close()
        return
    if shared.urls.listen == shared.urls.owner:
        budget.need_room(
            shared.engine, worker_connections(threads), f"A worker of {threads} threads"
        )
    listening = make_engine(
        shared.urls.listen,
        pool_size=LISTENER,
        name="ytdubber-queue",
        outage=outage_of(shared.engine),
    )
    broker = make_broker(SharedPool(shared.engine), SharedPool(listening))
    try:
        yield broker
    finally:
        broker.close()
        listening.dispose()
