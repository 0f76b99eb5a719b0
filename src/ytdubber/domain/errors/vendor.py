"""Engines that could not do their work."""

import enum

from ytdubber.domain.usage import Receipt

from .base import YtDubberError


class Fault(enum.StrEnum):
    """Why an engine could not do its work; what follows depends on it alone."""

    AUTH = "auth"
    QUOTA = "quota"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    BAD_INPUT = "bad_input"
    UNSUPPORTED = "unsupported"
    REFUSED = "refused"
    BAD_OUTPUT = "bad_output"

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed later."""
        return self in (Fault.RATE_LIMITED, Fault.TIMEOUT, Fault.UNAVAILABLE)

    @property
    def falls_back(self) -> bool:
        """Whether another engine may succeed where this one did not."""
        return self.retryable or self in (Fault.QUOTA, Fault.UNSUPPORTED)


class VendorError(YtDubberError):
    """{provider} could not do it ({fault}): {detail}"""

    # `receipt` is what was used before it failed; `retry_after_s` how long the provider asks to
    # wait; `outcome_unknown` that the provider may have done the work, and count it.
    code = "vendor_error"

    def __init__(
        self,
        provider: str,
        fault: Fault,
        detail: str,
        *,
        receipt: Receipt | None = None,
        retry_after_s: float | None = None,
        outcome_unknown: bool = False,
    ) -> None:
        super().__init__(provider=provider, fault=fault, detail=detail)
        self.provider = provider
        self.fault = fault
        self.receipt = receipt
        self.retry_after_s = retry_after_s
        self.outcome_unknown = outcome_unknown


class VendorAway(YtDubberError):
    """{vendor} did not answer for too long, and nobody else could do it. Try again later."""

    code = "vendor_away"


class EngineResting(VendorError):
    """{provider} is not asked for now: {detail}"""

    code = "engine_resting"
