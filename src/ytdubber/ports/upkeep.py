"""What is looked after while workers come, go and die."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from .leases import Kind

Alone = Callable[[str], AbstractContextManager[bool]]
"""Inside the `with` nobody else on the database does what is named; false: somebody does now."""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A job that is being prepared, or one of its languages."""

    kind: Kind
    id: UUID


class Upkeep(Protocol):
    """Rows that need somebody to look at them. The time is the database's."""

    def unwanted(self) -> Sequence[WorkRow]:
        """What was cancelled while nobody worked on it."""
        ...

    def overdue(self) -> Sequence[WorkRow]:
        """What has not ended by its job's deadline."""
        ...

    def exhausted(self, claims: int) -> Sequence[WorkRow]:
        """What was begun so often and is in nobody's hands."""
        ...

    def revoke(self, row: WorkRow) -> None:
        """Take the lease from whoever holds it; nothing they write lasts from now on."""
        ...

    def unfinished(self) -> Sequence[UUID]:
        """Jobs whose languages have all ended, and which nobody finished."""
        ...

    def wake(self) -> int:
        """Send a message for everything that waits and has none, at most one a minute for each;
        returns how many.
        """
        ...

    def settle_unknown(self) -> int:
        """Record that nobody knows what came of calls whose worker died."""
        ...
