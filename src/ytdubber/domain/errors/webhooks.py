"""Users' webhooks."""

from .base import BadInput, NotFound


class WebhookNotFound(NotFound):
    code = "webhook_not_found"
    template = "There is no such webhook, or it was deleted."


class WebhookAddressRefused(BadInput):
    code = "webhook_address_refused"
    template = "Nothing is sent to this address: {reason}."
    reason: str


class TooManyWebhooks(BadInput):
    code = "too_many_webhooks"
    template = "You have {limit} webhooks, which is as many as there may be. Delete one first."
    limit: int
