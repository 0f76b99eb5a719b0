"""Users' endpoints, which are told what happens to their jobs."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ytdubber.api.errors import responses
from ytdubber.api.limits import LimitedUser
from ytdubber.api.refusals import ASKED
from ytdubber.api.requests import Request
from ytdubber.app.users.webhooks import ManageWebhooks
from ytdubber.domain import errors
from ytdubber.ports.webhooks import Webhook


class WebhookRequest(Request):
    """A new endpoint."""

    url: Annotated[
        str,
        Field(min_length=1, max_length=2_000, pattern=r"^[^\x00-\x20]*$"),
    ]


class WebhookAttempt(BaseModel):
    """What an endpoint did with the last message: the status of its answer, null where there was
    none, and the same for people."""

    at: datetime
    status: int | None
    message: str


class WebhookBody(BaseModel):
    """An endpoint. `failing_since`: it has taken nothing since then, and is told again; after three
    days it is switched off (`enabled`), and what waits for it is given up. `waiting`: how many
    messages it is to be told yet."""

    id: UUID
    url: str
    created_at: datetime
    enabled: bool
    failing_since: datetime | None
    switched_off_at: datetime | None
    waiting: int
    last: WebhookAttempt | None


class NewWebhookBody(WebhookBody):
    """A new endpoint, and the secret that its messages are signed with, which is told only now."""

    secret: str


class WebhookTestBody(BaseModel):
    """Whether the endpoint took a message, the status of its answer, and the same for people."""

    taken: bool
    status: int | None
    message: str


def webhooks_router(webhooks: ManageWebhooks) -> APIRouter:
    """The routes under /api/webhooks."""
    router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])

    @router.get("", responses=responses(*ASKED))
    def all_of(user: LimitedUser) -> list[WebhookBody]:
        """The user's endpoints, the oldest first."""
        return [WebhookBody(**_shown(each)) for each in webhooks.all_of(user)]

    @router.post(
        "",
        status_code=201,
        responses=responses(*ASKED, errors.WebhookAddressRefused, errors.TooManyWebhooks),
    )
    def add(user: LimitedUser, body: WebhookRequest) -> NewWebhookBody:
        """Have an endpoint told when a job of the user's ends, or a language of one is complete."""
        made, secret = webhooks.add(user, body.url)
        return NewWebhookBody(**_shown(made), secret=secret)

    @router.delete(
        "/{webhook_id:uuid}",
        status_code=204,
        responses=responses(*ASKED, errors.NotFound, errors.WebhookNotFound),
    )
    def remove(user: LimitedUser, webhook_id: UUID) -> None:
        """Send nothing there any more, what waits neither."""
        webhooks.remove(user, webhook_id)

    @router.post(
        "/{webhook_id:uuid}/test",
        responses=responses(*ASKED, errors.NotFound, errors.WebhookNotFound),
    )
    def try_out(user: LimitedUser, webhook_id: UUID) -> WebhookTestBody:
        """Post a message of no meaning (`webhook.test`) now, and tell what came of it. An endpoint
        that was switched off and takes it is on again.
        """
        attempt = webhooks.try_out(user, webhook_id)
        return WebhookTestBody(taken=attempt.taken, status=attempt.status, message=attempt.message)

    return router


def _shown(webhook: Webhook) -> dict[str, Any]:
    last = None
    if webhook.last_at is not None:
        message = webhook.last_message or ""
        last = WebhookAttempt(at=webhook.last_at, status=webhook.last_status, message=message)
    return {
        "id": webhook.id,
        "url": webhook.url,
        "created_at": webhook.created_at,
        "enabled": webhook.off_at is None,
        "failing_since": webhook.failing_since,
        "switched_off_at": webhook.off_at,
        "waiting": webhook.waiting,
        "last": last,
    }
