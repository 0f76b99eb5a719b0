"""Messages in the service's own database, which leave with its transactions."""

from collections.abc import Callable, Sequence
from uuid import UUID

from dramatiq_postgres.broker import QUERIES
from dramatiq_postgres.utils import QueryManager, tidy4json
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from ytdubber.ports.job_queue import Wake

from .messages import message

SCHEMA = "ytdubber_queue"

# The broker's own statements; the library's global ones know the schema only beside a broker.
_STATEMENTS = QueryManager(QUERIES.queries, schema=SCHEMA)

_WAITING = text(
    f"select (message -> 'args' ->> 0)::uuid from {SCHEMA}.queue"  # noqa: S608  # our own name
    " where state = 'queued'"
)
_IN_TIME = text(
    f"update {SCHEMA}.queue"  # noqa: S608  # our own name
    " set available_at = now() + (available_at - mtime), mtime = now()"
    " where state = 'queued' and mtime > now() + interval '1 minute'"
)


class PostgresQueue:
    """`JobQueue` in transactions of a role that may write to the queue's tables."""

    def send(self, transaction: Connection, wakes: Sequence[Wake]) -> Callable[[], None]:
        for wake in wakes:
            made = message(wake)
            values = (made.queue_name, made.message_id, Jsonb(tidy4json(made)), 0)
            transaction.exec_driver_sql(_STATEMENTS.ENQUEUE, values)
        return lambda: None

    def waiting(self, transaction: Connection) -> set[UUID]:
        """The rows that have a message which nobody has taken.

        One from a time to come, since the clock was turned back, is due now: nobody waits an hour
        longer for a clock.
        """
        transaction.execute(_IN_TIME)
        return set(transaction.execute(_WAITING).scalars())

    def check(self, transaction: Connection) -> None:
        transaction.execute(text(f"select 1 from {SCHEMA}.queue limit 1"))  # noqa: S608  # our own name
