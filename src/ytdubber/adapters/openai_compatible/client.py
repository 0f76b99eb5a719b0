"""The HTTP client of such a server, and what its refusals mean."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
from ytdubber.domain.money import OWN_SERVER

if TYPE_CHECKING:
    import httpx

NAME = "OpenAI-compatible"
PROVIDER = OWN_SERVER
CONNECT_S = 10.0
ANSWER_S = 300.0
"""A small machine may speak slower than it is heard."""
CHECKED = AnswerLimits(20.0, 4_000_000)
"""What a call may take that only looks whether the server is there."""
_NO_SUCH_ROUTE = (404, 405, 501)

REASONS: Mapping[str, Known] = {
    "insufficient_quota": STATUSES[402],
    "rate_limit_exceeded": STATUSES[429],
    "invalid_api_key": STATUSES[401],
    "model_not_found": (ErrorKind.UNSUPPORTED, "it has no such model"),
    "voice_not_found": (ErrorKind.UNSUPPORTED, "it has no such voice"),
}
"""By `error.code`, where it says more than the HTTP status."""


class SpeechServer:
    """Several threads share its connections; no call is repeated, no redirection followed.

    Args:
        base_url: Where it is, with `/v1` or without.
        api_key: What it knows us by; nothing for a server that wants none.
        answer_s: How long a call may take in all.

    Attributes:
        client: Gives the client.
        answer_s: As given.
    """

    def __init__(self, base_url: str, api_key: str = "", answer_s: float = ANSWER_S) -> None:
        base = base_url.rstrip("/")
        self._base_url = base if base.endswith("/v1") else f"{base}/v1"
        self._api_key = api_key
        self.answer_s = answer_s
        self.client: VendorClient[httpx.Client] = VendorClient(NAME, self._connect)

    def check(self) -> None:
        """Make sure that it answers and knows the key, by a call that costs nothing. One that lists
        no models may speak all the same.

        Raises:
            VendorError: it does not.
        """
        try:
            with within(CHECKED):
                answer = self.client().get("/models")
        except errors() as error:
            raise broken(error) from None
        if answer.status_code not in _NO_SUCH_ROUTE and not answer.is_success:
            raise refused(answer)

    @contextmanager
    def answer(self, route: str, limits: AnswerLimits, **body: Any) -> "Iterator[httpx.Response]":
        """The answer to what is posted, its head read and its body not yet.

        Args:
            route: Where to, after `/v1`.
            limits: What the call may take.
            body: What is posted, as httpx takes it.

        Raises:
            VendorError: it did not answer, or refused.
        """
        import httpx

        # It may think for as long as the whole may take.
        timeout = httpx.Timeout(limits.seconds, connect=CONNECT_S)
        try:
            with (
                within(limits),
                self.client().stream("POST", route, timeout=timeout, **body) as answer,
            ):
                if not answer.is_success:
                    answer.read()
                    raise refused(answer)
                yield answer
        except errors() as error:
            raise broken(error) from None

    def close(self) -> None:
        """Give back the connections; asking again opens new ones."""
        self.client.close()

    def _connect(self) -> "tuple[httpx.Client, Close]":
        import httpx

        key = {"Authorization": f"Bearer {self._api_key}"} if self._api_key else {}
        client = httpx.Client(
            base_url=self._base_url,
            timeout=httpx.Timeout(self.answer_s, connect=CONNECT_S),
            headers=PLAIN | key,
            event_hooks={"response": [refuse_packed]},
        )
        bounded(client)
        return client, client.close


def request_id(answer: "httpx.Response") -> str | None:
    """The server's name for a call, where it gives one."""
    name: str | None = answer.headers.get("x-request-id")
    return name


def errors() -> tuple[type[Exception], ...]:
    """What the client raises."""
    import httpx

    return httpx.HTTPError, AnswerOverran


def broken(error: Exception) -> VendorError:
    """What the client raised, as ours."""
    found = transport_error(PROVIDER, error)
    return found or VendorError(PROVIDER, ErrorKind.UNAVAILABLE, "it cannot be asked")


def refused(answer: "httpx.Response") -> VendorError:
    """What was answered in place of a result, as our error; its body is read."""
    known = REASONS.get(_reason(answer.content))
    return Refusal(answer.status_code, answer.headers, request_id(answer), known).error(PROVIDER)


def _reason(body: bytes) -> str:
    """`error.code` of an error's body, or nothing."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    error = told.get("error") if isinstance(told, dict) else None
    return str(error.get("code", "")) if isinstance(error, dict) else ""
