"""Who works on what: a lease in the row itself, so that a message delivered twice runs once."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID, uuid4

from ytdubber.domain.origin import NO_REQUEST, Origin


class Kind(enum.StrEnum):
    """What a row is that a worker looks at."""

    JOB = "job"
    TASK = "task"
    PREVIEW = "preview"


LEASED = (Kind.JOB, Kind.TASK)
"""What there are leases on."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a row, until another worker takes it over.

    Attributes:
        kind: What the row is.
        id: The row's.
        owner: The worker that holds it.
        attempt: The how-manieth holder it is; writes of earlier ones are refused.
        retries: How often the work failed before and was tried again.
        job_id: The job that the row is of; None where whoever made the lease did not say.
        origin: What that job came from.
    """

    kind: Kind
    id: UUID
    owner: UUID
    attempt: int
    retries: int = 0
    job_id: UUID | None = None
    origin: Origin = NO_REQUEST

    @property
    def ids(self) -> Mapping[str, object]:
        """What lines about it carry."""
        return {
            "request_id": self.origin.request_id,
            "job_id": self.job_id,
            f"{self.kind}_id": self.id,
        }


@dataclass(frozen=True, slots=True)
class Later:
    """The work goes on after a while.

    Attributes:
        after_s: How long nobody takes it up.
        failed: Whether it failed, which is counted.
    """

    after_s: float = 0.0
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Beat:
    """What a heartbeat learned."""

    held: bool
    cancel_requested: bool


def new_owner(worker: UUID) -> UUID:
    """A fresh owner for one claim of a worker's, recognizable as the worker's."""
    return UUID(bytes=worker.bytes[:8] + uuid4().bytes[8:])


def owners_of(worker: UUID) -> tuple[UUID, UUID]:
    """The least and the greatest owner that is the worker's."""
    return UUID(bytes=worker.bytes[:8] + bytes(8)), UUID(bytes=worker.bytes[:8] + b"\xff" * 8)


class Leases(Protocol):
    """Leases on jobs (while they are prepared, and while they are ended) and on language tasks."""

    def claim(self, kind: Kind, row_id: UUID, owner: UUID) -> Lease | None:
        """Take the lease; None when somebody has it, or there is nothing left to do on the row."""
        ...

    def claim_end(self, job_id: UUID, owner: UUID) -> Lease | None:
        """Take the lease on a job whose languages have all ended; None when somebody has it, or the
        job has ended, too.
        """
        ...

    def beat(self, lease: Lease) -> Beat:
        """Renew it, and hear whether the work is still wanted."""
        ...

    def release(self, lease: Lease, later: Later = Later()) -> None:  # frozen
        """Give it up, so that the next worker need not wait longer than is said."""
        ...
