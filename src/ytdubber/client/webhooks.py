"""A user's endpoints, which are told what happens to their jobs."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from ytdubber.client.asking import Retries, asked, told
from ytdubber.client.effects import Flow, Send
from ytdubber.client.errors import NotFound
from ytdubber.client.values import Told, moment_of

_PATH = "/api/webhooks"
ANSWERS_S = 60.0
"""How long a test may take; the service itself waits 15 s for an endpoint, and longer for its
name."""


@dataclass(frozen=True, slots=True)
class WebhookAttempt:
    """What an endpoint did with the last message.

    Attributes:
        at: When it was sent.
        status: The status of its answer; None where there was none.
        message: The same for people.
    """

    at: datetime
    status: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint.

    Attributes:
        id: Names it; a job may name which are told of it.
        url: Where messages are posted.
        created_at: When it was added.
        enabled: Whether it is told anything.
        failing_since: Since when it has taken nothing.
        switched_off_at: When it was given up.
        waiting: How many messages it is to be told yet.
        last: What came of the last one; None where none was sent.
        secret: What messages are signed with; None but for one that was just added, since it is
            told only then.
    """

    id: str
    url: str
    created_at: datetime
    enabled: bool
    failing_since: datetime | None
    switched_off_at: datetime | None
    waiting: int
    last: WebhookAttempt | None
    secret: str | None


@dataclass(frozen=True, slots=True)
class WebhookTest:
    """What came of a message of no meaning.

    Attributes:
        taken: Whether the endpoint took it.
        status: The status of its answer; None where there was none.
        message: The same for people.
    """

    taken: bool
    status: int | None
    message: str


def webhooks(retries: Retries) -> Flow[tuple[Webhook, ...]]:
    """The endpoints, the oldest first."""
    answer = yield from asked(Send("GET", _PATH), retries)
    return told(answer, lambda every: tuple(_webhook(each) for each in every))


def added(url: str, retries: Retries) -> Flow[Webhook]:
    """A new endpoint; it is asked for once, since each time adds one."""
    answer = yield from asked(Send("POST", _PATH, {"url": url}), retries.once)
    return told(answer, _webhook)


def removed(webhook_id: str, retries: Retries) -> Flow[None]:
    """The endpoint is told nothing any more.

    Raises:
        NotFound: there is none, and it was not removed by what was asked before.
        ServiceError: as `asked`.
    """
    try:
        yield from asked(Send("DELETE", f"{_PATH}/{quote(webhook_id, safe='')}"), retries)
    except NotFound as error:
        if not error.repeated:
            raise


def tried_out(webhook_id: str, retries: Retries) -> Flow[WebhookTest]:
    """What an endpoint does with a message now."""
    path = f"{_PATH}/{quote(webhook_id, safe='')}/test"
    answer = yield from asked(Send("POST", path, timeout_s=ANSWERS_S), retries)
    return told(answer, _webhook_test)


def _webhook_test(given: Told) -> WebhookTest:
    return WebhookTest(given["taken"], given["status"], given["message"])


def _webhook(given: Told) -> Webhook:
    last = given["last"]
    return Webhook(
        id=given["id"],
        url=given["url"],
        created_at=datetime.fromisoformat(given["created_at"]),
        enabled=given["enabled"],
        failing_since=moment_of(given["failing_since"]),
        switched_off_at=moment_of(given["switched_off_at"]),
        waiting=given["waiting"],
        last=last and _attempt(last),
        secret=given.get("secret"),
    )


def _attempt(given: Told) -> WebhookAttempt:
    at = datetime.fromisoformat(given["at"])
    return WebhookAttempt(at, given["status"], given["message"])
