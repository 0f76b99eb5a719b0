"""What messages do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import dramatiq
from dramatiq.broker import Broker, MessageProxy
from dramatiq.middleware import Retries

from ytdubber.ports.job_queue import ACTORS, KINDS, QUEUE
from ytdubber.ports.leases import Kind

from .desk import Again, Desk, retryable


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often failed work is tried again, and after how long: twice as long every time."""

    max_retries: int = 3
    min_backoff_ms: int = 15_000
    max_backoff_ms: int = 600_000


class Outcomes(Retries):
    """What becomes of a message whose work did not end well: again without a count, again after a
    while, or never, which makes it a dead letter and its row failed.
    """

    def __init__(
        self, policy: RetryPolicy, give_up: Callable[[Kind, UUID, BaseException], None]
    ) -> None:
        super().__init__(
            min_backoff=policy.min_backoff_ms,
            max_backoff=policy.max_backoff_ms,
            retry_when=lambda retries, error: retries < policy.max_retries and retryable(error),
        )
        self._give_up = give_up

    def after_process_message(
        self,
        broker: Broker,
        message: MessageProxy,
        *,
        result: Any = None,
        exception: BaseException | None = None,
    ) -> None:
        """Decide; Dramatiq acknowledges the message afterwards, or rejects it."""
        if isinstance(exception, Again):
            broker.enqueue(message, delay=exception.delay)  # type: ignore[arg-type]  # as Retries does
            return
        super().after_process_message(  # type: ignore[no-untyped-call]  # Dramatiq's is untyped
            broker, message, result=result, exception=exception
        )
        if message.failed and exception is not None:
            self._give_up(KINDS[message.actor_name], UUID(message.args[0]), exception)


def register(broker: Broker, desk: Desk, policy: RetryPolicy | None = None) -> None:
    """Declare the actors on a broker. Nothing limits their time but a job's own deadline."""
    broker.add_middleware(Outcomes(policy or RetryPolicy(), desk.give_up))

    @dramatiq.actor(broker=broker, queue_name=QUEUE, actor_name=ACTORS[Kind.JOB])
    def prepare(job_id: str) -> None:
        desk.work(Kind.JOB, UUID(job_id))

    @dramatiq.actor(broker=broker, queue_name=QUEUE, actor_name=ACTORS[Kind.TASK])
    def dub(task_id: str) -> None:
        desk.work(Kind.TASK, UUID(task_id))
