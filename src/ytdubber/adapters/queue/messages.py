"""What a message looks like, whatever broker carries it."""

from uuid import UUID

from dramatiq import Message

from ytdubber.ports.job_queue import ACTORS, Wake


def message(wake: Wake) -> Message[None]:
    """What `actor.send(str(row_id))` makes: the row's id is the one argument, there are no options,
    and its own id is random.
    """
    return Message(
        queue_name=wake.queue,
        actor_name=ACTORS[wake.kind],
        args=(str(wake.row_id),),
        kwargs={},
        options={},
    )


def row_of(encoded: bytes) -> UUID:
    """The row that an encoded message is about."""
    return UUID(Message.decode(encoded).args[0])
