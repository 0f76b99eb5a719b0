"""What messages do."""

from uuid import UUID

import dramatiq
from dramatiq.broker import Broker

from ytdubber.ports.job_queue import ACTORS, QUEUES
from ytdubber.ports.leases import Kind

from .desk import Desk


def register(broker: Broker, desk: Desk) -> None:
    """Declare the queues and the actors on a broker. Whatever comes of a message, it is done: the
    row says when it is to be looked at again. Nothing limits their time but a job's own deadline.
    """
    for name in QUEUES.values():
        broker.declare_queue(name)
    usual = next(iter(QUEUES.values()))

    @dramatiq.actor(broker=broker, queue_name=usual, actor_name=ACTORS[Kind.JOB])
    def prepare(job_id: str) -> None:
        desk.work(Kind.JOB, UUID(job_id))

    @dramatiq.actor(broker=broker, queue_name=usual, actor_name=ACTORS[Kind.TASK])
    def dub(task_id: str) -> None:
        desk.work(Kind.TASK, UUID(task_id))
