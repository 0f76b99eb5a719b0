"""A user's endpoints: made, looked at, tried out, removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from ytdubber.domain.errors import TooManyWebhooks, WebhookNotFound
from ytdubber.domain.webhook import new_secret, tried_out
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.service_work import AsUser
from ytdubber.ports.webhooks import Attempt, Deliveries, Webhook, WebhookSender

MOST = 10
"""How many a user may have."""


@dataclass(frozen=True, slots=True)
class ManageWebhooks:
    """The use cases over their ports.

    Attributes:
        as_user: Begins a user's transaction.
        deliveries: Endpoints as the service sees them.
        sender: The way there.
        clock: Tells the time.
    """

    as_user: AsUser
    deliveries: Deliveries
    sender: WebhookSender
    clock: Clock

    def add(self, claims: Claims, url: str) -> tuple[Webhook, str]:
        """A new endpoint, and the secret that its messages are signed with; it is told only now.

        Raises:
            WebhookAddressRefused: nothing is sent there.
            TooManyWebhooks: the user has as many as there may be.
        """
        self.sender.check(url)
        webhook_id, secret = uuid4(), new_secret()
        with self.as_user(claims) as work:
            work.users.see(claims)
            work.users.load(claims.user_id, self.clock.now(), lock=True)
            if len(work.webhooks.of_user(claims.user_id)) >= MOST:
                raise TooManyWebhooks(limit=MOST)
            work.webhooks.add(webhook_id, claims.user_id, url, secret)
            made = work.webhooks.of_user(claims.user_id)
            work.commit()
        return next(each for each in made if each.id == webhook_id), secret

    def all_of(self, claims: Claims) -> Sequence[Webhook]:
        """The user's endpoints, the oldest first."""
        with self.as_user(claims) as work:
            return work.webhooks.of_user(claims.user_id)

    def remove(self, claims: Claims, webhook_id: UUID) -> None:
        """Send nothing there any more, what waits neither.

        Raises:
            WebhookNotFound: the user has no such endpoint.
        """
        with self.as_user(claims) as work:
            if not work.webhooks.remove(claims.user_id, webhook_id):
                raise WebhookNotFound
            work.commit()

    def try_out(self, claims: Claims, webhook_id: UUID) -> Attempt:
        """Post a message of no meaning at once; an endpoint that was switched off and takes it is
        on again.

        Raises:
            WebhookNotFound: the user has no such endpoint.
        """
        target = self.deliveries.target(claims.user_id, webhook_id)
        if target is None:
            raise WebhookNotFound
        now = self.clock.now()
        attempt = self.sender.send(target, uuid4(), now, tried_out(webhook_id, now).payload)
        self.deliveries.tried(target, self.clock.now(), attempt)
        return attempt
