"""Who may submit more, and when to come again: limits of a user, and shares of a line that is full.

What is limited is looked at as it stands before the job that is asked for: no job is too large for
ever, and a limit is passed by one job at most. A line is full for whoever has their share of it
waiting. So it may grow beyond its limit, by others' shares: with `n` users to at most
`limit * (1 + 1/2 + ... + 1/n)` and a job of each.
"""

import math
from dataclasses import dataclass, field

from .fair_share import over_share

SOONEST_S, LATEST_S = 5, 3600
"""The least and the most anybody is told to wait: nobody asks in bursts, and no rate that was
measured says anything of what is later."""
UNKNOWN_S = 60
"""What is told where nothing has ended lately."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much work, or how much may be.

    Attributes:
        languages: Of jobs.
        minutes: Of sound to be dubbed: a recording's length for each of its languages.
    """

    languages: float = 0.0
    minutes: float = 0.0

    @property
    def parts(self) -> tuple[float, float]:
        """Both."""
        return self.languages, self.minutes


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a worker.

    Attributes:
        own: Of the user who asks.
        everybody: Of all users.
        users: How many have something waiting, whoever asks included.
        a_second: How much all workers got done in a second lately.
    """

    own: Amount = field(default_factory=Amount)
    everybody: Amount = field(default_factory=Amount)
    users: int = 1
    a_second: Amount = field(default_factory=Amount)


def full_for_s(backlog: Backlog, limit: Amount) -> int | None:
    """For how many seconds the line is full for a user: until it is shorter than its limit, or
    until less than their share of it is theirs. None when it is not full, or less already is.
    """
    users = backlog.users
    waits = [
        _drained_s(min(everybody, own * users) - most, a_second)
        for own, everybody, most, a_second in zip(
            backlog.own.parts,
            backlog.everybody.parts,
            limit.parts,
            backlog.a_second.parts,
            strict=True,
        )
        if over_share(own, everybody, users, most)
    ]
    return max(waits, default=None)


def own_wait_s(unfinished: Amount, limit: Amount, backlog: Backlog) -> int | None:
    """How many seconds until less of a user's own work is unfinished than may be, at their share of
    what workers get done; None when it is less.
    """
    waits = [
        _drained_s((own - most) * backlog.users, a_second)
        for own, most, a_second in zip(
            unfinished.parts, limit.parts, backlog.a_second.parts, strict=True
        )
        if own >= most
    ]
    return max(waits, default=None)


def next_job_s(jobs: int, limit: int, unfinished: Amount, backlog: Backlog) -> int:
    """How many seconds until a user has one unfinished job less than the limit, likewise."""
    languages = unfinished.languages / max(1, jobs) * (jobs - limit + 1)
    return _drained_s(languages * backlog.users, backlog.a_second.languages)


def _drained_s(amount: float, a_second: float) -> int:
    """How long that much takes, in whole seconds."""
    if a_second <= 0:
        return UNKNOWN_S
    return min(max(SOONEST_S, math.ceil(min(amount / a_second, LATEST_S))), LATEST_S)
