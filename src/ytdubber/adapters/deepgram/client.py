"""An account at Deepgram: its client, and what its refusals mean."""

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from ytdubber.app.vendors.call_limits import (
    PLAIN,
    AnswerLimits,
    AnswerOverran,
    bounded,
    refuse_packed,
    within,
)
from ytdubber.app.vendors.client import Close, VendorClient
from ytdubber.app.vendors.faults import Refusal, transport_error
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import VendorError
from ytdubber.domain.usage import Quantity, Receipt

if TYPE_CHECKING:
    from deepgram import DeepgramClient as Sdk

PROVIDER = "deepgram"
TAG = "ytdubber"
"""What calls are tagged with, for the account's own usage report."""

CONNECT_S = 10.0
ANSWER_S = 660.0
"""Deepgram gives up after ten minutes itself, and says so."""

CHECKED = AnswerLimits(20.0, 1_000_000)
"""What a call may take that only looks whether the account is there."""
_NOT_ALLOWED = 403


class DeepgramClient:
    """Several threads share its client, which never repeats calls.

    Args:
        api_key: The project's key.
        base_url: Where Deepgram is, without a path; its own address when None.
        answer_s: How long a call may take in all, the upload apart.

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
        self.sdk: VendorClient[Sdk] = VendorClient("Deepgram", self._connect)

    def check(self) -> None:
        """Make sure that it answers and knows the key, by a call that costs nothing. A key that may
        not list its projects may hear and speak all the same.

        Raises:
            VendorError: it does not.
        """
        try:
            with within(CHECKED):
                self.sdk().manage.v1.projects.list()
        except errors() as error:
            if getattr(error, "status_code", None) != _NOT_ALLOWED:
                raise fault(error) from None

    def close(self) -> None:
        """Give back the connections; asking again opens new ones."""
        self.sdk.close()

    def _connect(self) -> "tuple[Sdk, Close]":
        import httpx
        from deepgram import DeepgramClient as Sdk
        from deepgram import DeepgramClientEnvironment

        where = DeepgramClientEnvironment.PRODUCTION
        if self._base_url is not None:
            base = self._base_url.rstrip("/")
            stream = base.replace("http", "ws", 1)
            where = DeepgramClientEnvironment(
                base=base, production=stream, agent=stream, agent_rest=base
            )
        timeout = httpx.Timeout(self.answer_s, connect=CONNECT_S)
        hooks = {"response": [refuse_packed]}
        connections = bounded(httpx.Client(timeout=timeout, headers=PLAIN, event_hooks=hooks))
        client = Sdk(
            api_key=self._api_key,
            environment=where,
            max_retries=0,
            httpx_client=connections,
        )
        return client, connections.close


def errors() -> tuple[type[Exception], ...]:
    """What the client raises."""
    import httpx
    from deepgram.core.api_error import ApiError
    from deepgram.core.parse_error import ParsingError

    return ApiError, ParsingError, httpx.HTTPError, AnswerOverran, ValueError


def fault(error: Exception, receipt: Receipt | None = None) -> VendorError:
    """What the client raised, as ours; the receipt is what was used so far."""
    broken = transport_error(PROVIDER, error, receipt)
    if broken is not None:
        return broken
    headers: Mapping[str, str] = getattr(error, "headers", None) or {}
    body: object = getattr(error, "body", None)
    named = body.get("request_id") if isinstance(body, dict) else None
    request_id = headers.get("dg-request-id") or named
    status: int | None = getattr(error, "status_code", None)
    return Refusal(status, headers, request_id).error(PROVIDER, receipt)


class Meter:
    """Writes a call's receipt; counts its wall time from the moment it is made."""

    def __init__(self, engine: EngineId, operation: str) -> None:
        self._engine = engine
        self._operation = operation
        self._started = time.perf_counter()

    def receipt(
        self,
        reported: Mapping[str, Decimal] | None,
        measured: Mapping[str, Decimal],
        request_id: str | None,
    ) -> Receipt:
        """What Deepgram reported, with what we measured beside it; that alone if it said nothing.

        The same units are in both.
        """
        return Receipt(
            self._engine,
            self._operation,
            quantities=_quantities(measured if reported is None else reported),
            elapsed_ms=round((time.perf_counter() - self._started) * 1000),
            request_id=request_id,
            reported=reported is not None,
            measured=_quantities(measured),
        )


def _quantities(amounts: Mapping[str, Decimal]) -> tuple[Quantity, ...]:
    return tuple(Quantity(unit, amount) for unit, amount in amounts.items())
