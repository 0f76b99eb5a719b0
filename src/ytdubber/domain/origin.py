"""What a job came from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """The request that submitted a job, as its row has it: whatever works on it, whenever and
    wherever, goes on under its ids.

    Attributes:
        request_id: What the request is called; None where there was none.
        traceparent: Its span, as W3C's Trace Context writes it; None where it was not traced.
    """

    request_id: str | None = None
    traceparent: str | None = None


NO_REQUEST = Origin()
