"""Work that waits for a vendor, or for the storage, that is away."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .vendors import name_of

STORAGE = "storage"
"""What waits for the storage waits for a vendor of this name."""


def vendor_name(provider: str) -> str:
    """How people call a provider, or the storage."""
    return "the storage" if provider == STORAGE else name_of(provider)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a language waits for.

    Attributes:
        vendor: The provider that is away, as in `EngineId`, or `STORAGE`.
        since: When it was first found to be, with no progress since, in UTC.
        again_at: When it is asked again, in UTC.
        tries: How often the work was begun and put off since.
        unknown: How many of those tries may have been carried out, and be paid for.
    """

    vendor: str
    since: datetime
    again_at: datetime
    tries: int = 1
    unknown: int = 0

    def sentence(self, now: datetime) -> str:
        """What its user is told; times are UTC."""
        since = f"Waiting for {vendor_name(self.vendor)} since {self.since:%H:%M}"
        if self.again_at <= now:
            return f"{since} UTC; it is being asked again now."
        return f"{since}; it is asked again at {self.again_at:%H:%M} UTC."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long work waits for a vendor, and how often it looks whether the vendor is back.

    Attributes:
        longest: After so long without any progress it waits no more.
        first: The pause before the first try; it doubles with every one.
        most: What the pause doubles up to.
        unknown: After so many tries that may have been paid for it waits no more.
    """

    longest: timedelta = timedelta(hours=6)
    first: timedelta = timedelta(minutes=1)
    most: timedelta = timedelta(minutes=5)
    unknown: int = 3

    def over(self, waiting: Waiting | None, now: datetime) -> bool:
        """Whether what has waited so far waits no more."""
        if waiting is None:
            return self.longest <= timedelta(0)
        return now - waiting.since >= self.longest or waiting.unknown >= self.unknown

    def after(
        self,
        before: Waiting | None,
        vendor: str,
        now: datetime,
        *,
        at_least: timedelta = timedelta(0),
        unknown: bool = False,
    ) -> Waiting | None:
        """How the work waits from now on; None when it waits no more.

        Args:
            before: How it waited until this try, if it did.
            vendor: Who is away.
            now: The time.
            at_least: How long the vendor asks to be left alone.
            unknown: Whether this try may have been carried out.
        """
        if self.over(before, now):
            return None
        # A clock that was turned back since then says nothing of how long that was.
        tries, since = (before.tries, min(before.since, now)) if before else (0, now)
        pause = max(at_least, min(self.most, self.first * 2 ** min(tries, 16)))
        again_at = min(now + pause, max(now + self.first, since + self.longest))
        paid = (before.unknown if before else 0) + unknown
        return Waiting(vendor, since, again_at, tries + 1, paid)
