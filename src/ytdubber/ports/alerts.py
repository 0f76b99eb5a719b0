"""What alerts are judged by, who receives them, and where it is kept what was told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from ytdubber.domain.alerts import Message
from ytdubber.domain.told_alerts import Told

from .service_state import ServiceState


@dataclass(frozen=True, slots=True)
class VendorCalls:
    """Calls to a vendor that ended lately.

    Attributes:
        ended: All of them.
        failed: Those that did not succeed, or of which nobody knows.
        refused_key: Those in which the vendor refused the key.
        no_credit: Those in which it said that there is no credit left.
    """

    ended: int = 0
    failed: int = 0
    refused_key: int = 0
    no_credit: int = 0


@dataclass(frozen=True, slots=True)
class Lately:
    """What happened lately, each within the window of its rule.

    Attributes:
        languages_complete: Languages that were completed.
        languages_failed: Those that failed.
        budget_stops: Those that a budget stopped.
        dead_letters: Work that was given up.
        calls: Calls, by vendor.
    """

    languages_complete: int = 0
    languages_failed: int = 0
    budget_stops: int = 0
    dead_letters: int = 0
    calls: Mapping[str, VendorCalls] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is judged.

    Attributes:
        now: The time, in UTC.
        state: What the database knows.
        lately: What happened lately.
        day_budget_usd: The most that may be spent within a day; None where there is no limit.
        machine: The name of the machine whose disks are told.
        free: The part of a disk that is free, 0 to 1, by the folder's name.
        expires: When credentials expire that do, by the name of their setting.
        model_ends: When a vendor takes a model away, by vendor and model, as far as it says.
    """

    now: datetime
    state: ServiceState
    lately: Lately
    day_budget_usd: Decimal | None = None
    machine: str = ""
    free: Mapping[str, float] = field(default_factory=dict)
    expires: Mapping[str, datetime] = field(default_factory=dict)
    model_ends: Mapping[tuple[str, str], date] = field(default_factory=dict)


LookLately = Callable[[], Lately]
"""What happened lately; raises `DatabaseAway` where the database does not say."""


class ToldAlerts(Protocol):
    """Keeps what receivers were told; one process at a time changes it."""

    def load(self) -> Told:
        """What was kept; nothing where nothing was, or it cannot be read."""
        ...

    def save(self, told: Told) -> None:
        """Keep this in its place."""
        ...


class AlertReceiver(Protocol):
    """Somebody who is told."""

    def send(self, message: Message) -> None:
        """Tell it.

        Raises:
            AlertNotSent: it did not arrive, or nobody knows.
        """
        ...
