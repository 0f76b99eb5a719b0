"""Messages written into a transaction of the application's own: they exist when it is committed."""

from uuid import UUID

from dramatiq import Message
from dramatiq_postgres.broker import QUERIES
from dramatiq_postgres.utils import QueryManager, tidy4json
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from ytdubber.ports.job_queue import QUEUE

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


def enqueue(connection: Connection, actor: str, row_id: UUID, delay_ms: int = 0) -> None:
    """Send a message with the transaction. Its role must be one that may write to the queue.

    The message is what `actor.send(str(row_id))` makes: the row's id is the one argument, there
    are no options, and its own id is random. It is not delivered before `delay_ms` have passed on
    the database's clock.
    """
    message: Message[None] = Message(
        queue_name=QUEUE, actor_name=actor, args=(str(row_id),), kwargs={}, options={}
    )
    connection.exec_driver_sql(
        _STATEMENTS.ENQUEUE, (QUEUE, message.message_id, Jsonb(tidy4json(message)), delay_ms)
    )


def waiting(connection: Connection) -> set[UUID]:
    """The rows that have a message which nobody has taken, be it delayed or not.

    One from a time to come, since the clock was turned back, is due as long after now as it was to
    be after it was sent: nobody waits an hour longer for a clock.
    """
    connection.execute(_IN_TIME)
    return set(connection.execute(_WAITING).scalars())
