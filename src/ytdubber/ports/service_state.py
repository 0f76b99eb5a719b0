"""The service as its database has it now, for whoever watches over it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ytdubber.domain.fair_share import Lane
from ytdubber.ports.line import LaneState
from ytdubber.ports.retention import Reason


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who waits in a lane.

    Attributes:
        users: How many have something waiting.
        largest_share: The part of all that waits that is one user's, the largest, 0 to 1.
    """

    users: int = 0
    largest_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Waits:
    """Who waits for a vendor, or for the storage, that is away.

    Attributes:
        languages: How many languages.
        oldest_s: For how long the first of them has.
    """

    languages: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class ServiceState:
    """What is so now; nothing in it tells one user from another.

    Attributes:
        lanes: What waits and who works, by lane.
        crowds: Who waits, by lane.
        languages: How many languages are under way, by stage.
        spent_today_usd: What vendors charged since midnight UTC, and calls under way are expected
            to, by vendor.
        retention_lag_s: For how long the oldest thing that has to go has had to, by why; 0 where
            nothing has.
        dead_letters: How many pieces of work were given up and lie there for an operator.
        outbox_waiting: How much others are to be told yet.
        stored_bytes: What lies in storage by the books: `uploads` and `results`.
        connections: How many connections the database server has.
        most_connections: How many it takes from others than its superuser.
        waiting: Languages that wait for who is away, by vendor, `STORAGE` among them.
    """

    lanes: Mapping[Lane, LaneState]
    crowds: Mapping[Lane, Crowd]
    languages: Mapping[str, int]
    spent_today_usd: Mapping[str, Decimal]
    retention_lag_s: Mapping[Reason, float]
    dead_letters: int
    outbox_waiting: int
    stored_bytes: Mapping[str, int]
    connections: int
    most_connections: int
    waiting: Mapping[str, Waits] = field(default_factory=dict)
