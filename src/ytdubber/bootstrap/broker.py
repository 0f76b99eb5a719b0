"""The queue of a worker process, on its connections."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from dramatiq.broker import Broker

from ytdubber.adapters.db.connection.connections import outage_of
from ytdubber.adapters.db.connection.listening import why_deaf
from ytdubber.adapters.db.connection.shared_pool import SharedPool
from ytdubber.adapters.db.coordination import budget
from ytdubber.adapters.db.coordination.budget import LISTENER
from ytdubber.adapters.db.coordination.workers import SqlWorkers
from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.queue.broker import make_broker
from ytdubber.bootstrap.backend import Backend
from ytdubber.bootstrap.queue import redis_broker
from ytdubber.domain.fair_share import Lane
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
def entered(shared: Backend, worker: UUID, threads: Mapping[Lane, int]) -> Iterator[None]:
    """A worker that is counted from its beginning, before it does anything.

    Raises:
        TooFewConnections: the database has no room for it.
    """
    if why_deaf(shared.urls.owner, shared.engine) is None:
        budget.enter(shared.engine, worker, threads)
    try:
        yield
    except BaseException:
        SqlWorkers(shared.engine).gone(worker)
        raise


@contextmanager
def broker_on(shared: Backend) -> Iterator[Broker]:
    """A worker's broker. It listens where LISTEN works, and looks for messages elsewhere."""
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
    listening = make_engine(
        shared.urls.listen,
        pool_size=LISTENER,
        name=budget.QUEUE,
        outage=outage_of(shared.engine),
    )
    broker = make_broker(SharedPool(shared.engine), SharedPool(listening))
    try:
        yield broker
    finally:
        broker.close()
        listening.dispose()
