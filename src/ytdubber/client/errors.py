"""What a service refuses with, and what keeps it from answering."""

import json
from collections.abc import Mapping
from typing import Any

from ytdubber.client.line_values import Lines, Revision
from ytdubber.client.values import Job


class ServiceError(Exception):
    """What went wrong, in a sentence for people.

    Attributes:
        message: The sentence.
        code: What programs tell errors apart by, such as `duration_mismatch`; it never changes.
        status: The answer's HTTP status; None where there was no answer.
        details: Facts beside the sentence, where there are some.
        request_id: What the service's operator finds the request by.
        retry_after_s: When to ask again, where the service says so.
        repeated: Whether the same was asked before and not answered, or by a service that did not
            work: it may have been done all the same.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "error",
        status: int | None = None,
        details: object = None,
        request_id: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.details = details
        self.request_id = request_id
        self.retry_after_s = retry_after_s
        self.repeated = False


class Refused(ServiceError):
    """What was asked for cannot be met; `code` says why."""


class NotSignedIn(ServiceError):
    """The token is missing, over or not good for this (401, 403)."""


class InsufficientCredit(ServiceError):
    """The account has too little credit (402)."""


class NotFound(ServiceError):
    """There is no such job or file, or not any more (404, 410)."""


class TooManyRequests(ServiceError):
    """The account has asked, uploaded or queued too much (429), also after waiting."""


class Unavailable(ServiceError):
    """The service, or the way to it, does not work just now, also after several attempts."""


class TimedOut(ServiceError):
    """It took longer than the caller wanted to wait. The job goes on."""


class BadDownload(ServiceError):
    """A file did not come as the service names it: its size or its hash is another."""


class JobFailed(ServiceError):
    """The job ended without a dub: it failed, or was cancelled.

    Attributes:
        job: How it ended.
    """

    def __init__(self, job: Job) -> None:
        super().__init__(job.message, code=job.error or job.stage)
        self.job = job


class LinesChanged(Refused):
    """The lines were changed since the version that a change was about; it was not made.

    Attributes:
        lines: They, as they are now.
    """

    def __init__(self, refused: Refused, lines: Lines) -> None:
        super().__init__(
            refused.message,
            code=refused.code,
            status=refused.status,
            details=refused.details,
            request_id=refused.request_id,
        )
        self.repeated = refused.repeated
        self.lines = lines


class RenderFailed(ServiceError):
    """A new version of a dub could not be made, or was cancelled; the one before is shown as ever.

    Attributes:
        revision: The version that was to be.
    """

    def __init__(self, revision: Revision) -> None:
        super().__init__(revision.error or "Another version is shown now.", code="render_failed")
        self.revision = revision


_KINDS: Mapping[int, type[ServiceError]] = {
    401: NotSignedIn,
    402: InsufficientCredit,
    403: NotSignedIn,
    404: NotFound,
    410: NotFound,
    429: TooManyRequests,
}
AGAIN = frozenset({429, 502, 503, 504})
"""Statuses after which the same request may be answered otherwise."""


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> ServiceError:
    """The error that an answer is."""
    told = _told(body)
    kind = Unavailable if status >= 500 else _KINDS.get(status, Refused)
    return kind(
        str(told.get("message") or f"The service answered with status {status}."),
        code=str(told.get("error") or f"http_{status}"),
        status=status,
        details=told.get("details"),
        request_id=told.get("request_id") or headers.get("x-request-id"),
        retry_after_s=_seconds(headers.get("retry-after")),
    )


def _told(body: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _seconds(told: str | None) -> float | None:
    return float(told) if told and told.isascii() and told.isdecimal() else None
