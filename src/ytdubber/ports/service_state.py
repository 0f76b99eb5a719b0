"""The service as its database has it now, for whoever watches over it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from ytdubber.domain.errors import ErrorKind
from ytdubber.domain.fair_share import Lane
from ytdubber.domain.stage import Stage
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


@dataclass(frozen=True, slots=True)
class VendorState:
    """A vendor, or the storage, by what work on jobs met lately.

    Attributes:
        name: The provider, as in `EngineId`, or `domain.waiting.STORAGE`.
        waiting: How many languages wait until it is back.
        since: When the first of them began to; None where none waits.
        again_at: When the first of them is tried again.
        calls: How many calls to it were begun within ten minutes.
        failed: How many of them failed.
        fault: Why the last of these did.
    """

    name: str
    waiting: int = 0
    since: datetime | None = None
    again_at: datetime | None = None
    calls: int = 0
    failed: int = 0
    fault: ErrorKind | None = None


@dataclass(frozen=True, slots=True)
class OpenPiece:
    """A piece of work that is in hand or waits: a recording to hear, or a language to dub.

    Attributes:
        job_id: The job.
        user_id: Whose it is.
        language: The language; None for the recording.
        lane: The kind of work.
        stage: How far it is.
        progress: How much of the stage is done, 0 to 1.
        retries: How often it failed before.
        since: Since when it is in hand or, of one that waits, it could be begun.
        again_at: Until when it is put off; None where it is not.
        waits_for: The vendor, or the storage, that was away when it was last tried.
    """

    job_id: UUID
    user_id: UUID
    language: str | None
    lane: Lane
    stage: Stage
    progress: float
    retries: int
    since: datetime
    again_at: datetime | None = None
    waits_for: str | None = None


@dataclass(frozen=True, slots=True)
class WorkerState:
    """A worker that was heard of within the hour.

    Attributes:
        id: The worker's; None for one that holds work and is not known any more.
        threads: What it works on at once, by lane.
        heard_at: When it last said that it lives.
        lives: Whether that was so lately that it counts.
        in_hand: What it works on.
    """

    id: UUID | None
    threads: Mapping[Lane, int]
    heard_at: datetime | None
    lives: bool
    in_hand: Sequence[OpenPiece]


@dataclass(frozen=True, slots=True)
class Ended:
    """How languages ended.

    Attributes:
        stage: Complete, failed or cancelled.
        code: The error's, of those that failed.
        hour: How many within the hour.
        half_hour: How many of them within half an hour.
        last_at: When the last did.
    """

    stage: Stage
    code: str | None
    hour: int
    half_hour: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A dead letter without what its user wrote: an error's text may hold it.

    Attributes:
        id: The letter's.
        job_id: The job.
        user_id: Whose it is.
        language: The language; None where the recording was not heard.
        failed_at: When it was given up.
        attempts: How often it was tried.
        error: The class of the error; None where it is not known any more.
        code: What its user was told, as a code; None where the row is not failed any more.
        vendor: Whose call failed last, where one did.
        fault: Why that did.
    """

    id: UUID
    job_id: UUID
    user_id: UUID
    language: str | None
    failed_at: datetime
    attempts: int
    error: str | None
    code: str | None
    vendor: str | None
    fault: ErrorKind | None


@dataclass(frozen=True, slots=True)
class ServiceDetail:
    """What stands behind the figures of a `ServiceState`. Lists are cut off at `MOST`; the figures
    say how much there is.

    Attributes:
        vendors: Those that work met lately.
        workers: Those that live, and those that were lost within the hour.
        waiting: What waits, the longest first.
        ended: How languages ended within the hour.
        given_up: Dead letters, newest first.
    """

    vendors: Sequence[VendorState]
    workers: Sequence[WorkerState]
    waiting: Sequence[OpenPiece]
    ended: Sequence[Ended]
    given_up: Sequence[GivenUp]


MOST = 50
"""How much of a list is shown."""
