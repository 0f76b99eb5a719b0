"""Which workers live, and how much they take."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from ytdubber.domain.fair_share import Lane


class Workers(Protocol):
    """Those that are to be given work."""

    def beat(self, worker: UUID, threads: Mapping[Lane, int]) -> None:
        """It lives and has so many threads for each lane it serves."""
        ...

    def gone(self, worker: UUID) -> None:
        """It takes no more work."""
        ...
