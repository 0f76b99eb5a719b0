"""Users' endpoints are told what happened: in order, and again until they take it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ytdubber.domain.webhook import GIVEN_UP_AFTER, pause_s
from ytdubber.log import ContextPool, get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.webhooks import Deliveries, Delivery, WebhookSender

AT_ONCE = 8
"""How many endpoints are told in one pass, at the same time."""
TURN_MS = 15_000
"""How long one pass goes on to tell an endpoint."""
KEPT = timedelta(days=30)
"""How long messages stay that were sent or given up."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SendWebhooks:
    """A periodic task of every worker: what one has taken no other sends. What is sent twice, as
    when a worker died, has the same id.

    Attributes:
        deliveries: What is to be sent.
        sender: The way there.
        clock: Tells the time.
    """

    deliveries: Deliveries
    sender: WebhookSender
    clock: Clock

    def __call__(self) -> int:
        """Send what is due; returns how many messages were taken."""
        due = self.deliveries.due(self.clock.now(), AT_ONCE)
        return sum(_side_by_side(due, self._tell)) if due else 0

    def _tell(self, first: Delivery) -> int:
        """Tell one endpoint what waits for it, until it does not take a message."""
        delivery: Delivery | None = first
        ends_ms = self.clock.monotonic_ms() + TURN_MS
        taken = 0
        while delivery is not None and self._send(delivery):
            taken += 1
            if self.clock.monotonic_ms() >= ends_ms:
                break
            delivery = self.deliveries.next_of(first.target.webhook_id, self.clock.now())
        return taken

    def _send(self, delivery: Delivery) -> bool:
        target, began = delivery.target, self.clock.now()
        attempt = self.sender.send(target, delivery.id, began, delivery.payload)
        now = self.clock.now()
        if attempt.taken:
            self.deliveries.sent(delivery, now, attempt)
            return True
        since = delivery.failing_since or began
        if attempt.unwanted or now - since >= GIVEN_UP_AFTER:
            self.deliveries.switch_off(target, now, attempt)
            log.info("webhook.switched_off", webhook_id=target.webhook_id, status=attempt.status)
        else:
            again_at = now + timedelta(seconds=pause_s(delivery.failed + 1))
            self.deliveries.failed(delivery, now, attempt, again_at)
        return False

    def remove_old(self) -> int:
        """Remove messages of long ago."""
        return self.deliveries.remove_old(self.clock.now() - KEPT)


def _side_by_side(due: Sequence[Delivery], tell: Callable[[Delivery], int]) -> list[int]:
    """What fails for one endpoint by a fault of ours is raised when the others were told."""
    with ContextPool(len(due), thread_name_prefix="webhook") as pool:
        return list(pool.map(tell, due))
