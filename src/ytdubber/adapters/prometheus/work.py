"""Attempts of workers at pieces of work, counted by how they ended."""

from collections.abc import Callable
from typing import TypeVar

from ytdubber.domain.errors import (
    Cancelled,
    DatabaseAway,
    DiskFull,
    HandedBack,
    LeaseLost,
    PutOff,
    YtDubberError,
)

Lease = TypeVar("Lease")
_OUTCOMES: tuple[tuple[type[YtDubberError], str], ...] = (
    (Cancelled, "cancelled"),
    (LeaseLost, "lease_lost"),
    (HandedBack, "handed_back"),
    (PutOff, "put_off"),
    (DiskFull, "disk_full"),
    (DatabaseAway, "database_away"),
)


def counted_work(
    kind: str, work: Callable[[Lease, Callable[[], None]], None], told: Callable[[str, str], None]
) -> Callable[[Lease, Callable[[], None]], None]:
    """The same use case; how it ended is told: `done`, why it goes on later or elsewhere, or
    `failed`.
    """

    def worked(lease: Lease, check: Callable[[], None]) -> None:
        try:
            work(lease, check)
        except BaseException as error:
            told(kind, _outcome(error))
            raise
        told(kind, "done")

    return worked


def _outcome(error: BaseException) -> str:
    return next((name for kind, name in _OUTCOMES if isinstance(error, kind)), "failed")
