"""Users' endpoints, what they are to be told, and the way there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ytdubber.domain.webhook import WebhookEvent


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of telling an endpoint something.

    Attributes:
        message: In a sentence for people.
        status: The answer's HTTP status; None where there was none.
        taken: Whether it was taken.
        unwanted: Whether the endpoint wants nothing any more (410).
    """

    message: str
    status: int | None = None
    taken: bool = False
    unwanted: bool = False


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint of a user's.

    Attributes:
        id: Its row.
        url: Where it is.
        created_at: Since when there is one.
        failing_since: Since when it has taken nothing; None where it took the last message.
        off_at: When it was switched off; None while it is on.
        last_at: When it was last told something.
        last_status: What it answered.
        last_message: The same for people.
        waiting: How many messages wait for it.
    """

    id: UUID
    url: str
    created_at: datetime
    failing_since: datetime | None
    off_at: datetime | None
    last_at: datetime | None
    last_status: int | None
    last_message: str | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Target:
    """Where messages go, and what they are signed with."""

    webhook_id: UUID
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that waits.

    Attributes:
        id: Names it: the same message, sent again, has the same.
        target: Where it goes.
        payload: What is posted.
        failed: How often it was sent in vain.
        failing_since: Since when its endpoint has taken nothing.
    """

    id: UUID
    target: Target
    payload: Mapping[str, object]
    failed: int
    failing_since: datetime | None


class Webhooks(Protocol):
    """Endpoints, in a transaction; a user's own see only theirs."""

    def add(self, webhook_id: UUID, user_id: UUID, url: str, secret: str) -> None:
        """There is one more."""
        ...

    def of_user(self, user_id: UUID) -> Sequence[Webhook]:
        """All of a user's, the oldest first."""
        ...

    def remove(self, user_id: UUID, webhook_id: UUID | None = None) -> bool:
        """One goes, or all of a user's, with what waits for them; False when there was none."""
        ...

    def tell(self, user_id: UUID, event: WebhookEvent, only: Sequence[str] | None = None) -> None:
        """Have all of a user's endpoints that are on told, or `only` those of these ids, once this
        is committed.
        """
        ...


class Deliveries(Protocol):
    """The way out, a short transaction each."""

    def due(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """The oldest message of each endpoint, where it may be sent now. It is the caller's for a
        minute, and due again unless it is said what came of it.
        """
        ...

    def next_of(self, webhook_id: UUID, now: datetime) -> Delivery | None:
        """The same, of one endpoint."""
        ...

    def target(self, user_id: UUID, webhook_id: UUID) -> Target | None:
        """An endpoint of a user's."""
        ...

    def sent(self, delivery: Delivery, now: datetime, attempt: Attempt) -> None:
        """It was taken."""
        ...

    def failed(
        self, delivery: Delivery, now: datetime, attempt: Attempt, again_at: datetime
    ) -> None:
        """It was not, and is due again; what follows it waits."""
        ...

    def tried(self, target: Target, now: datetime, attempt: Attempt) -> None:
        """An endpoint was tried out; one that was switched off and takes something is on again."""
        ...

    def switch_off(self, target: Target, now: datetime, attempt: Attempt) -> None:
        """Nothing is sent any more, and what waits is given up."""
        ...

    def remove_old(self, before: datetime) -> int:
        """Messages that nothing happens to any more go; returns how many."""
        ...


class WebhookSender(Protocol):
    """The way there."""

    def check(self, url: str) -> None:
        """Look whether anything would be sent there.

        Raises:
            WebhookAddressRefused: it would not.
        """
        ...

    def send(
        self, target: Target, message_id: UUID, now: datetime, payload: Mapping[str, object]
    ) -> Attempt:
        """Post a message; never raises for what an endpoint does."""
        ...
