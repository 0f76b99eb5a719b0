"""How workers are woken: by Redis where `REDIS_URL` is set, by the service's database elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from dramatiq.broker import Broker
from sqlalchemy import Connection

from ytdubber.adapters.queue.postgres import PostgresQueue
from ytdubber.domain.errors import PartMissing
from ytdubber.ports.job_queue import JobQueue
from ytdubber.settings import Settings


@dataclass(frozen=True, slots=True)
class Wakes:
    """Who carries messages.

    Attributes:
        queue: Sends them.
        close: Gives back connections.
    """

    queue: JobQueue[Connection]
    close: Callable[[], None]


def wakes(settings: Settings) -> Wakes:
    """By the settings in force.

    Raises:
        PartMissing: Redis is set and what speaks to it is not installed.
    """
    if settings.redis_url is None:
        return Wakes(PostgresQueue(), lambda: None)
    _need_redis()
    from ytdubber.adapters.queue.redis import (  # noqa: PLC0415  # an extra
        RedisQueue,
        make_redis_broker,
    )

    queue = RedisQueue(make_redis_broker(settings.redis_url))
    return Wakes(queue, queue.close)


def redis_broker(url: str) -> Broker:
    """What a worker takes its messages from."""
    _need_redis()
    from ytdubber.adapters.queue.redis import make_redis_broker  # noqa: PLC0415  # an extra

    return make_redis_broker(url)


def _need_redis() -> None:
    if find_spec("redis") is None:
        raise PartMissing(
            part="redis", purpose="REDIS_URL", command="pip install 'ytdubber[redis]'"
        )
