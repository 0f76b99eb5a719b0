"""How a vendor's refusals over HTTP become our faults.

Every adapter has its own table, made from `STATUSES`; what is the same for all of them is here.
"""

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ytdubber.app.vendors.call_limits import AnswerOverran
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.usage import Receipt

Known = tuple[ErrorKind, str]
"""A fault and a short sentence for a person."""

STATUSES: Mapping[int, Known] = {
    400: (ErrorKind.BAD_INPUT, "the request was not understood"),
    401: (ErrorKind.AUTH, "the API key was not accepted"),
    402: (ErrorKind.QUOTA, "the account has no credit left"),
    403: (ErrorKind.AUTH, "the API key does not allow this"),
    404: (ErrorKind.UNSUPPORTED, "what was asked for does not exist there"),
    408: (ErrorKind.TIMEOUT, "the request took too long to arrive"),
    409: (ErrorKind.UNAVAILABLE, "another request was in the way"),
    413: (ErrorKind.BAD_INPUT, "what was sent is too large"),
    422: (ErrorKind.BAD_INPUT, "what was sent could not be processed"),
    429: (ErrorKind.RATE_LIMITED, "too many requests at once"),
    500: (ErrorKind.UNAVAILABLE, "it failed inside"),
    502: (ErrorKind.UNAVAILABLE, "it cannot be reached behind its gateway"),
    503: (ErrorKind.UNAVAILABLE, "it is overloaded or down"),
    504: (ErrorKind.TIMEOUT, "it did not finish in time"),
}
UNKNOWN_AFTER = frozenset({504})
"""Statuses after which the work may have been done, and be counted."""

_TRANSPORT: Mapping[str, tuple[ErrorKind, str, bool]] = {
    "ConnectError": (ErrorKind.UNAVAILABLE, "it cannot be reached", False),
    "ConnectTimeout": (ErrorKind.UNAVAILABLE, "it cannot be reached", False),
    "PoolTimeout": (ErrorKind.UNAVAILABLE, "there was no free connection", False),
    "TimeoutException": (ErrorKind.TIMEOUT, "it did not answer in time", True),
    "TransportError": (ErrorKind.UNAVAILABLE, "the connection broke", True),
    "DecodingError": (ErrorKind.UNAVAILABLE, "the answer arrived damaged", True),
}
"""By name, since httpx and its successor have the same errors but share no class."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a vendor answered instead of a result.

    Attributes:
        status: The HTTP status; None, or one of success, where the answer could not be read.
        headers: The answer's headers, in lower case.
        request_id: The vendor's name for the call, where it gave one.
        known: The fault it means; `STATUSES` says where this is None.
    """

    status: int | None
    headers: Mapping[str, str]
    request_id: str | None = None
    known: Known | None = None

    def error(self, provider: str, receipt: Receipt | None = None) -> VendorError:
        """The error it becomes."""
        if self.status is None or self.status < 400:
            return unreadable(provider, "the answer cannot be read", receipt, self.request_id)
        fault, detail = self.known or status_fault(self.status)
        return VendorError(
            provider,
            fault,
            with_request_id(detail, self.request_id),
            receipt=receipt,
            retry_after_s=self._retry_after_s(),
            outcome_unknown=self.status in UNKNOWN_AFTER,
        )

    def _retry_after_s(self) -> float | None:
        exact_ms = self.headers.get("retry-after-ms", "")  # as some vendors say it
        if exact_ms.isdecimal():
            return int(exact_ms) / 1000
        return retry_after_s(self.headers.get("retry-after"))


def status_fault(status: int) -> Known:
    """What a status means; of one that is not in the table, its class decides."""
    if status in STATUSES:
        return STATUSES[status]
    if status >= 500:
        return ErrorKind.UNAVAILABLE, f"it failed with status {status}"
    return ErrorKind.BAD_INPUT, f"the request was refused with status {status}"


def with_request_id(detail: str, request_id: str | None) -> str:
    """The sentence, with what the vendor's support will ask for."""
    return f"{detail} (request {request_id})" if request_id else detail


def transport_error(
    provider: str, error: BaseException | None, receipt: Receipt | None = None
) -> VendorError | None:
    """What a failure of the connection becomes; None for anything else.

    `error` is one of httpx's or of httpx2's; `receipt` is what was used before it.
    """
    if isinstance(error, AnswerOverran):
        return VendorError(
            provider, error.fault, error.detail, receipt=receipt, outcome_unknown=True
        )
    for kind in type(error).__mro__:
        if kind.__name__ in _TRANSPORT:
            fault, detail, unknown = _TRANSPORT[kind.__name__]
            return VendorError(provider, fault, detail, receipt=receipt, outcome_unknown=unknown)
    return None


def unreadable(
    provider: str, detail: str, receipt: Receipt | None = None, request_id: str | None = None
) -> VendorError:
    """An answer that makes no sense. Without a receipt nobody knows what it cost."""
    return VendorError(
        provider,
        ErrorKind.BAD_OUTPUT,
        with_request_id(detail, request_id),
        receipt=receipt,
        outcome_unknown=receipt is None,
    )


def retry_after_s(value: str | None) -> float | None:
    """The seconds a `Retry-After` header asks to wait: a number, or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
