"""The queue wakes workers: a message names a row that somebody is to look at, and no more.

What waits, in which order, and since when, stands in the rows. A message that is lost is missed by
nobody for longer than a minute, and one that comes twice finds the row taken or done.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from ytdubber.domain.fair_share import Lane

from .leases import Kind

QUEUES = {Lane.IO: "ytdubber", Lane.CPU: "ytdubber.cpu"}
"""The broker's name for each lane."""

PREVIEW_QUEUES = {Lane.IO: "ytdubber.preview", Lane.CPU: "ytdubber.preview.cpu"}
"""The same for lines that somebody sits and waits for: they do not stand behind whole dubs."""

ACTORS = {Kind.JOB: "prepare", Kind.TASK: "dub", Kind.PREVIEW: "preview"}
"""What is done with a row of each kind. The message's one argument is the row's id, as text."""

KINDS = {actor: kind for kind, actor in ACTORS.items()}

Transaction_contra = TypeVar("Transaction_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Wake:
    """Have a worker look at a row.

    Attributes:
        kind: What the row is.
        row_id: The row.
        lane: Whose threads are to do it.
    """

    kind: Kind
    row_id: UUID
    lane: Lane

    @property
    def queue(self) -> str:
        """The broker's name for where its message goes."""
        return (PREVIEW_QUEUES if self.kind is Kind.PREVIEW else QUEUES)[self.lane]


class JobQueue(Protocol[Transaction_contra]):
    """A broker. Those that keep messages in the service's database take part in its transactions;
    of others the messages leave when the transaction is committed.
    """

    def send(self, transaction: Transaction_contra, wakes: Sequence[Wake]) -> Callable[[], None]:
        """Send messages with a transaction, in this order; what is returned is to be called once
        it is committed.

        Raises:
            QueueAway: what is returned does, when the broker cannot be reached.
        """
        ...

    def waiting(self, transaction: Transaction_contra) -> set[UUID]:
        """The rows that have a message which nobody has taken.

        Raises:
            QueueAway: the broker cannot be reached.
        """
        ...

    def check(self, transaction: Transaction_contra) -> None:
        """Raise when the broker does not answer."""
        ...
