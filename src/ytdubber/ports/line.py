"""The line of work that waits, as whoever waits in it and whoever runs the service see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from ytdubber.domain.admission import Backlog
from ytdubber.domain.fair_share import Lane


@dataclass(frozen=True, slots=True)
class LaneState:
    """One lane.

    Attributes:
        waiting: How many pieces wait for a worker.
        oldest_s: For how long the oldest of them has waited; None when none does.
        in_hand: How many are worked on, or workers were told of.
        workers: How many live workers serve it.
        threads: How many pieces they work on at once.
        done_a_minute: How many were done in a minute lately.
    """

    waiting: int = 0
    oldest_s: float | None = None
    in_hand: int = 0
    workers: int = 0
    threads: int = 0
    done_a_minute: float = 0.0

    @property
    def unserved(self) -> bool:
        """Whether something waits that nobody will take up."""
        return self.waiting > 0 and self.workers == 0


@dataclass(frozen=True, slots=True)
class InLine:
    """Where a job stands that waits.

    Attributes:
        position: Its place among the jobs that have not begun, from 1; None for one that has.
        starts_in_s: About how long until it begins, in seconds; None where nobody can know.
        unserved: Whether no worker is there that takes what is next of it.
    """

    position: int | None
    starts_in_s: float | None
    unserved: bool


class Line(Protocol):
    """What waits, a few seconds old at most."""

    def of(self, job_id: UUID, *, waits: bool = False) -> InLine | None:
        """Where a job stands; None for one of which nothing waits. Where it is known to wait, and
        came after the line was last looked at, it is looked at again.
        """
        ...

    def lanes(self) -> Mapping[Lane, LaneState]:
        """Every lane."""
        ...

    def backlog(self, user_id: UUID) -> Backlog:
        """What waits of a user and of all, as it is now."""
        ...
