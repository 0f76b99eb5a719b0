"""What is looked after while workers come, go and die."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from .leases import Lease

TaskLock = Callable[[str], AbstractContextManager[bool]]
"""Inside the `with` nobody else on the database does what is named; false: somebody does now."""


class Reaper(Protocol):
    """Rows that need somebody to look at them. The time is the database's.

    What is to be ended is taken first: whoever held it writes nothing any more, and nobody else
    begins with it for a while.
    """

    def cancelled(self) -> Sequence[Lease]:
        """Take what was cancelled while nobody worked on it."""
        ...

    def past_deadline(self) -> Sequence[Lease]:
        """Take what has not ended by its job's deadline, from whoever works on it."""
        ...

    def attempts_exceeded(self, claims: int) -> Sequence[Lease]:
        """Take what was begun so often and is in nobody's hands."""
        ...

    def release(self, lease: Lease) -> None:
        """Give up what was taken."""
        ...

    def unfinished(self) -> Sequence[UUID]:
        """Jobs whose languages have all ended, and which nobody finished."""
        ...

    def recall(self) -> int:
        """Let what lost its message wait again, a minute after it was sent; returns how many.

        Raises:
            QueueAway: nobody knows what has a message.
        """
        ...

    def settle_unknown(self) -> int:
        """Record that nobody knows what came of calls whose worker died."""
        ...
