"""Where a page of a list begins."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Place:
    """After the row of this moment and id: lists are by moment, then id, the newest first."""

    at: datetime
    id: UUID
