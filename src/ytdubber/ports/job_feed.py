"""News of jobs, as they happen."""

from collections.abc import AsyncIterator
from typing import Protocol
from uuid import UUID


class JobFeed(Protocol):
    """One stream of news for the whole process."""

    def news(self) -> AsyncIterator[UUID | None]:
        """The ids of jobs of which something changed, as it happens, without end.

        None says that news may have been missed: everything watched is to be looked at again.
        """
        ...
