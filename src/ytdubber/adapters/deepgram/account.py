"""An account at Deepgram: its client, and what its refusals mean."""

import threading
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ytdubber.app.vendor_faults import Refusal, transport_error, unreadable
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import PartMissing, VendorError
from ytdubber.domain.usage import Quantity, Receipt

if TYPE_CHECKING:
    from deepgram import DeepgramClient

PROVIDER = "deepgram"
TAG = "ytdubber"
"""What calls are tagged with, for the account's own usage report."""

CONNECT_S = 10.0
ANSWER_S = 660.0
"""Deepgram gives up after ten minutes itself, and says so."""

RATE_HZ = 16_000


class DeepgramAccount:
    """The client is made when it is first needed; several threads share it. It never repeats calls.

    Args:
        api_key: The project's key.
        base_url: Where Deepgram is, without a path; its own address when None.
        answer_s: How long an answer may take.
    """

    def __init__(
        self, api_key: str, base_url: str | None = None, answer_s: float = ANSWER_S
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._answer_s = answer_s
        self._lock = threading.Lock()
        self._client: DeepgramClient | None = None
        self._connections: Any = None

    def client(self) -> "DeepgramClient":
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
            connections, self._client, self._connections = self._connections, None, None
        if connections is not None:
            connections.close()

    def _connect(self) -> "DeepgramClient":
        try:
            import httpx
            from deepgram import DeepgramClient, DeepgramClientEnvironment
        except ModuleNotFoundError as error:
            raise PartMissing(
                part=f"The package {error.name}",
                purpose="Deepgram",
                command="pip install 'ytdubber[vendors]'",
            ) from error
        where = DeepgramClientEnvironment.PRODUCTION
        if self._base_url is not None:
            base = self._base_url.rstrip("/")
            stream = base.replace("http", "ws", 1)
            where = DeepgramClientEnvironment(
                base=base, production=stream, agent=stream, agent_rest=base
            )
        timeout = httpx.Timeout(self._answer_s, connect=CONNECT_S)
        self._connections = httpx.Client(timeout=timeout)
        return DeepgramClient(
            api_key=self._api_key,
            environment=where,
            max_retries=0,
            httpx_client=self._connections,
        )


def errors() -> tuple[type[Exception], ...]:
    """What the client raises."""
    import httpx
    from deepgram.core.api_error import ApiError
    from deepgram.core.parse_error import ParsingError

    return ApiError, ParsingError, httpx.HTTPError, ValueError


def fault(error: Exception, receipt: Receipt | None = None) -> VendorError:
    """What the client raised, as ours; the receipt is what was used so far."""
    broken = transport_error(PROVIDER, error)
    if broken is not None:
        broken.receipt = receipt
        return broken
    headers: Mapping[str, str] = getattr(error, "headers", None) or {}
    body: object = getattr(error, "body", None)
    named = body.get("request_id") if isinstance(body, dict) else None
    request_id = headers.get("dg-request-id") or named
    status: int | None = getattr(error, "status_code", None)
    if status is None or status < 400:
        return unreadable(PROVIDER, "the answer cannot be read", receipt, request_id)
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
