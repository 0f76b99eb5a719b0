"""Engines that could not do their work."""

import enum
from collections.abc import Mapping
from dataclasses import field

from ytdubber.domain.usage import Receipt
from ytdubber.domain.vendors import name_of

from .base import MachineError, YtDubberError


class ErrorKind(enum.StrEnum):
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
        return self in (ErrorKind.RATE_LIMITED, ErrorKind.TIMEOUT, ErrorKind.UNAVAILABLE)

    @property
    def falls_back(self) -> bool:
        """Whether another engine may succeed where this one did not."""
        return self.retryable or self in (ErrorKind.QUOTA, ErrorKind.UNSUPPORTED)


class VendorError(YtDubberError):
    """An engine could not do its work.

    Attributes:
        receipt: What was used before it failed.
        retry_after_s: How long the provider asks to wait.
        outcome_unknown: The provider may have done the work, and count it.
    """

    code = "vendor_error"
    template = "{provider} could not do it ({fault}): {detail}"
    provider: str = field(kw_only=False)
    fault: ErrorKind = field(kw_only=False)
    detail: str = field(kw_only=False)
    receipt: Receipt | None = None
    retry_after_s: float | None = None
    outcome_unknown: bool = False


_TO_USERS: Mapping[ErrorKind, str] = {
    ErrorKind.AUTH: "cannot be asked by this service at present. Submit the recording again later.",
    ErrorKind.QUOTA: "cannot be asked by this service at present. Submit the recording again"
    " later.",
    ErrorKind.RATE_LIMITED: "had too much to do for too long. Submit the recording again later.",
    ErrorKind.TIMEOUT: "did not answer for too long. Submit the recording again later.",
    ErrorKind.UNAVAILABLE: "did not answer for too long. Submit the recording again later.",
    ErrorKind.BAD_INPUT: "did not take a part of this recording. Export it again, and submit that.",
    ErrorKind.UNSUPPORTED: "cannot do this for the language or the voice. Choose another.",
    ErrorKind.REFUSED: "does not take a part of this recording. Choose another voice tier, or"
    " leave that part out.",
    ErrorKind.BAD_OUTPUT: "gave back what cannot be used. Submit the recording again later.",
}


def to_user(error: VendorError) -> str:
    """What a user of the service is told; keys, accounts and requests are its operator's, who reads
    them in the log.
    """
    name = name_of(error.provider)
    return f"{name[:1].upper()}{name[1:]} {_TO_USERS[error.fault]}"


class VendorAway(YtDubberError):
    code = "vendor_away"
    template = "{vendor} did not answer for too long, and nobody else could do it. Try again later."
    vendor: str


class CircuitOpen(VendorError):
    code = "engine_resting"
    template = "{provider} is not asked for now: {detail}"


class VendorNotLoaded(MachineError):
    code = "vendor_not_loaded"
    template = (
        "{vendor}, which the package {package} brings, cannot be used: {reason}. Put that package"
        " right, or remove it."
    )
    vendor: str
    package: str
    reason: str


class VendorTwice(MachineError):
    code = "vendor_twice"
    template = "Two packages bring the vendor {vendor}: {first} and {second}. Remove one of them."
    vendor: str
    first: str
    second: str
