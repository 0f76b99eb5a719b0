"""What `doctor` says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a dub, or the service, depends on.

    Attributes:
        what: The thing.
        ok: Whether it is as it should be.
        needed: Whether nothing goes without it.
        detail: How it is.
        remedy: What to do where it is not ok.
    """

    what: str
    ok: bool
    needed: bool
    detail: str
    remedy: str = ""
