"""News of jobs, as they happen."""

from collections.abc import AsyncIterator, Callable, Collection
from typing import Literal, Protocol
from uuid import UUID


class JobFeed(Protocol):
    """One stream of news for the whole process."""

    @property
    def mode(self) -> Literal["listen", "poll"]:
        """Whether news are told as they happen, or looked for again and again."""
        ...

    def news(self, watched: Callable[[], Collection[UUID]]) -> AsyncIterator[UUID | None]:
        """The ids of jobs of which something changed, as it happens, without end; those of jobs
        that nobody watches may be left out.

        None says that news may have been missed: everything watched is to be looked at again.
        """
        ...
