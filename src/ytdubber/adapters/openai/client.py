"""An account at OpenAI or a server of its kind: the client, and what its refusals mean."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ytdubber.app.vendors.call_limits import (
    PLAIN,
    AnswerLimits,
    AnswerOverran,
    bounded,
    refuse_packed,
    within,
)
from ytdubber.app.vendors.client import Close, VendorClient
from ytdubber.app.vendors.faults import STATUSES, Known, Refusal, transport_error
from ytdubber.domain.errors import ErrorKind, VendorError

if TYPE_CHECKING:
    from openai import OpenAI

CONNECT_S = 10.0
ANSWER_S = 60.0
FLEX_ANSWER_S = 900.0
"""At the flex tier, whose answers wait their turn."""
HOST = "api.openai.com"
CHECKED = AnswerLimits(20.0, 4_000_000)
"""What a call may take that only looks whether the account is there."""
ANSWER_BYTES = 4_000_000
"""Far more than the longest answer we let a model give."""

REASONS: Mapping[str, Known] = {
    "insufficient_quota": STATUSES[402],
    "billing_hard_limit_reached": STATUSES[402],
    "rate_limit_exceeded": STATUSES[429],
    "invalid_api_key": STATUSES[401],
    "model_not_found": (ErrorKind.UNSUPPORTED, "there is no such model for this account"),
    "context_length_exceeded": (ErrorKind.BAD_INPUT, "the lines are too long for the model"),
    "content_policy_violation": (ErrorKind.REFUSED, "it refuses to work on this text"),
    "invalid_prompt": (ErrorKind.REFUSED, "it refuses to work on this text"),
    "server_error": STATUSES[500],
}
"""By `error.code`, which says more than the HTTP status: a used-up quota comes as 429."""


class OpenAIClient:
    """Several threads share its client, which never repeats calls.

    Args:
        api_key: The key; anything for a server that wants none.
        base_url: Where the server is, `/v1` included; OpenAI's own address when None.
        provider: What the server is called in receipts and messages.
        answer_s: How long a call may take in all.

    Attributes:
        client: Gives the client.
        limits: What a call may take.
    """

    def __init__(
        self,
        api_key: str,
        base_url: str | None = None,
        provider: str = "openai",
        answer_s: float = ANSWER_S,
    ) -> None:
        self._api_key = api_key
        self.limits = AnswerLimits(answer_s, ANSWER_BYTES)
        self.sdk: VendorClient[OpenAI] = VendorClient("OpenAI", self._connect)
        self.base_url = base_url
        self.provider = provider

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI itself, at its usual address or one of its regions'."""
        return is_openai(self.base_url)

    def check(self) -> None:
        """Make sure that it answers and knows the key, by a call that costs nothing.

        Raises:
            VendorError: it does not.
        """
        try:
            with within(CHECKED):
                list(self.sdk().models.list())
        except errors() as error:
            raise self.fault(error) from None

    def close(self) -> None:
        """Give back the connections; asking again opens new ones."""
        self.sdk.close()

    def fault(self, error: Exception) -> VendorError:
        """What the client raised, as ours."""
        broken = transport_error(self.provider, error.__cause__ or error)
        if broken is not None:
            return broken
        status: int | None = getattr(error, "status_code", None)
        response = getattr(error, "response", None)
        headers: Mapping[str, str] = getattr(response, "headers", None) or {}
        known = REASONS.get(str(getattr(error, "code", None)))
        return Refusal(status, headers, headers.get("x-request-id"), known).error(self.provider)

    def _connect(self) -> "tuple[OpenAI, Close]":
        from openai import DefaultHttpxClient, OpenAI, Timeout

        timeout = Timeout(self.limits.seconds, connect=CONNECT_S)
        hooks: Any = {"response": [refuse_packed]}
        connections = bounded(DefaultHttpxClient(timeout=timeout, event_hooks=hooks))
        client = OpenAI(
            api_key=self._api_key,
            base_url=self.base_url,
            timeout=timeout,
            max_retries=0,
            default_headers=PLAIN,
            http_client=connections,
        )
        return client, client.close


def is_openai(base_url: str | None) -> bool:
    """Whether this is OpenAI's own address: its usual one (None), or a region's."""
    host = urlsplit(base_url).hostname or "" if base_url else HOST
    return host == HOST or host.endswith(f".{HOST}")


def errors() -> tuple[type[Exception], ...]:
    """What the client raises."""
    from openai import APIError

    return APIError, AnswerOverran, ValueError
