"""An account at ElevenLabs: its client, and what its refusals mean."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
from ytdubber.domain.usage import Receipt

if TYPE_CHECKING:
    from elevenlabs.client import ElevenLabs

PROVIDER = "elevenlabs"
CONNECT_S = 10.0
ANSWER_S = 120.0
CHECKED = AnswerLimits(20.0, 1_000_000)
"""What a call may take that only looks whether the account is there."""
_NOT_ALLOWED = "missing_permissions"

REASONS: Mapping[str, Known] = {
    "invalid_api_key": STATUSES[401],
    "missing_permissions": STATUSES[403],
    "quota_exceeded": STATUSES[402],
    "voice_not_found": (ErrorKind.UNSUPPORTED, "the account has no such voice"),
    "model_not_found": (ErrorKind.UNSUPPORTED, "there is no such model"),
    "max_character_limit_exceeded": (ErrorKind.BAD_INPUT, "the text is too long for the model"),
    "too_many_concurrent_requests": (
        ErrorKind.RATE_LIMITED,
        "more requests at once than the account allows",
    ),
    "system_busy": (ErrorKind.UNAVAILABLE, "it is overloaded"),
    "detected_unusual_activity": (ErrorKind.AUTH, "the account is blocked for unusual activity"),
}
"""By `detail.status`, which says more than the HTTP status: a used-up quota comes as 401.
Source: help.elevenlabs.io, API error codes 400, 401 and 429."""


class ElevenLabsClient:
    """Several threads share its client.

    Args:
        api_key: The key.
        base_url: Where ElevenLabs is, without a path; its own address when None.
        answer_s: How long a call may take in all.

    Attributes:
        client: Gives the client.
        answer_s: As given.
    """

    def __init__(
        self, api_key: str, base_url: str | None = None, answer_s: float = ANSWER_S
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self.answer_s = answer_s
        self.sdk: VendorClient[ElevenLabs] = VendorClient("ElevenLabs", self._connect)

    def check(self) -> None:
        """Make sure that it answers and knows the key, by a call that costs nothing. A key that may
        not list voices may speak all the same.

        Raises:
            VendorError: it does not.
        """
        try:
            with within(CHECKED):
                self.sdk().voices.search(page_size=1)
        except errors() as error:
            if _reason(getattr(error, "body", None)) != _NOT_ALLOWED:
                raise fault(error) from None

    def close(self) -> None:
        """Give back the connections; asking again opens new ones."""
        self.sdk.close()

    def _connect(self) -> "tuple[ElevenLabs, Close]":
        import httpx
        from elevenlabs.client import ElevenLabs

        timeout: Any = httpx.Timeout(self.answer_s, connect=CONNECT_S)  # handed on as it is
        hooks = {"response": [refuse_packed]}
        connections = bounded(httpx.Client(timeout=timeout, headers=PLAIN, event_hooks=hooks))
        client = ElevenLabs(
            api_key=self._api_key,
            base_url=self._base_url,
            timeout=timeout,
            httpx_client=connections,
        )
        return client, connections.close


def errors() -> tuple[type[Exception], ...]:
    """What the client raises."""
    import httpx
    from elevenlabs.core.api_error import ApiError
    from elevenlabs.core.parse_error import ParsingError

    return ApiError, ParsingError, httpx.HTTPError, AnswerOverran, ValueError


def fault(error: Exception, receipt: Receipt | None = None) -> VendorError:
    """What the client raised, as ours; the receipt is what was used so far."""
    broken = transport_error(PROVIDER, error, receipt)
    if broken is not None:
        return broken
    headers: Mapping[str, str] = getattr(error, "headers", None) or {}
    request_id = headers.get("request-id")
    status: int | None = getattr(error, "status_code", None)
    known = REASONS.get(_reason(getattr(error, "body", None)))
    return Refusal(status, headers, request_id, known).error(PROVIDER, receipt)


def _reason(body: object) -> str:
    """`detail.status` of an error's body, or nothing."""
    detail = body.get("detail") if isinstance(body, dict) else None
    return str(detail.get("status", "")) if isinstance(detail, dict) else ""
