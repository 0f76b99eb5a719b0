"""What messages do."""

from collections.abc import Callable
from uuid import UUID

import dramatiq
from dramatiq.broker import Broker

from ytdubber.log import replace_ids
from ytdubber.ports.job_queue import ACTORS, KINDS, PREVIEW_QUEUES, QUEUES
from ytdubber.ports.leases import Kind

from .job_handler import JobHandler


class _Ids(dramatiq.Middleware):
    """Has the library's own lines about a message carry the id of its row."""

    def before_process_message(self, broker: Broker, message: dramatiq.MessageProxy) -> None:
        """A thread takes it up."""
        kind = KINDS.get(message.actor_name)
        replace_ids({f"{kind}_id": str(each) for each in message.args[:1]} if kind else {})

    def after_process_message(
        self,
        broker: Broker,
        message: dramatiq.MessageProxy,
        *,
        result: object = None,
        exception: BaseException | None = None,
    ) -> None:
        """It is done with it."""
        replace_ids({})


def register(broker: Broker, handler: JobHandler, preview: Callable[[UUID], None]) -> None:
    """Declare the queues and the actors on a broker. Whatever comes of a message, it is done: the
    row says when it is to be looked at again. Nothing limits their time but a job's own deadline.
    """
    for name in (*QUEUES.values(), *PREVIEW_QUEUES.values()):
        broker.declare_queue(name)
    usual = next(iter(QUEUES.values()))
    broker.add_middleware(_Ids())

    @dramatiq.actor(broker=broker, queue_name=usual, actor_name=ACTORS[Kind.JOB])
    def prepare(job_id: str) -> None:
        handler.work(Kind.JOB, UUID(job_id))

    @dramatiq.actor(broker=broker, queue_name=usual, actor_name=ACTORS[Kind.TASK])
    def dub(task_id: str) -> None:
        handler.work(Kind.TASK, UUID(task_id))

    @dramatiq.actor(broker=broker, queue_name=usual, actor_name=ACTORS[Kind.PREVIEW])
    def preview_line(preview_id: str) -> None:
        preview(UUID(preview_id))
