"""An account at OpenAI or a server of its kind: the client, and what its refusals mean."""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ytdubber.app.vendor_faults import STATUSES, Known, Refusal, transport_error, unreadable
from ytdubber.domain.errors import Fault, PartMissing, VendorError

if TYPE_CHECKING:
    from openai import OpenAI

CONNECT_S = 10.0
ANSWER_S = 60.0

REASONS: Mapping[str, Known] = {
    "insufficient_quota": STATUSES[402],
    "billing_hard_limit_reached": STATUSES[402],
    "rate_limit_exceeded": STATUSES[429],
    "invalid_api_key": STATUSES[401],
    "model_not_found": (Fault.UNSUPPORTED, "there is no such model for this account"),
    "context_length_exceeded": (Fault.BAD_INPUT, "the lines are too long for the model"),
    "content_policy_violation": (Fault.REFUSED, "it refuses to work on this text"),
    "invalid_prompt": (Fault.REFUSED, "it refuses to work on this text"),
    "server_error": STATUSES[500],
}
"""By `error.code`, which says more than the HTTP status: a used-up quota comes as 429."""


class OpenAIAccount:
    """The client is made when it is first needed; several threads share it. It never repeats calls.

    Args:
        api_key: The key; anything for a server that wants none.
        base_url: Where the server is, `/v1` included; OpenAI's own address when None.
        provider: What the server is called in receipts and messages.
        answer_s: How long it may be silent.
    """

    def __init__(
        self,
        api_key: str,
        base_url: str | None = None,
        provider: str = "openai",
        answer_s: float = ANSWER_S,
    ) -> None:
        self._api_key = api_key
        self._answer_s = answer_s
        self._lock = threading.Lock()
        self._client: OpenAI | None = None
        self.base_url = base_url
        self.provider = provider

    def client(self) -> "OpenAI":
        """The client.

        Raises:
            PartMissing: it is not installed.
        """
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def close(self) -> None:
        """Give back the connections; asking again opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def fault(self, error: Exception) -> VendorError:
        """What the client raised, as ours."""
        broken = transport_error(self.provider, error.__cause__) if error.__cause__ else None
        if broken is not None:
            return broken
        status: int | None = getattr(error, "status_code", None)
        if status is None or status < 400:
            return unreadable(self.provider, "the answer cannot be read")
        response = getattr(error, "response", None)
        headers: Mapping[str, str] = getattr(response, "headers", None) or {}
        known = REASONS.get(str(getattr(error, "code", None)))
        return Refusal(status, headers, headers.get("x-request-id"), known).error(self.provider)

    def _connect(self) -> "OpenAI":
        try:
            from openai import OpenAI, Timeout
        except ModuleNotFoundError as error:
            raise PartMissing(
                part=f"The package {error.name}",
                purpose="OpenAI",
                command="pip install 'ytdubber[vendors]'",
            ) from error
        return OpenAI(
            api_key=self._api_key,
            base_url=self.base_url,
            timeout=Timeout(self._answer_s, connect=CONNECT_S),
            max_retries=0,
        )


def errors() -> tuple[type[Exception], ...]:
    """What the client raises."""
    from openai import APIError

    return APIError, ValueError
