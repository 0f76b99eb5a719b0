"""Users' prepaid credit, within a transaction."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from ytdubber.domain.credit import CreditEntry

from .paging import Place


class Credits(Protocol):
    """A book that is only added to."""

    def balance_cents(self, user_id: UUID) -> int:
        """What a user has."""
        ...

    def hold(self, user_id: UUID) -> int:
        """What a user has; whoever else holds it waits until this transaction ends."""
        ...

    def add(self, entry: CreditEntry) -> bool:
        """Write an entry down; False, and nothing happens, where one with its key is there."""
        ...

    def find(self, key: str) -> CreditEntry | None:
        """The entry with a key, or None."""
        ...

    def history(
        self, user_id: UUID, limit: int, after: Place | None = None
    ) -> Sequence[CreditEntry]:
        """A user's latest entries, newest first; those after a place, where one is given."""
        ...
