"""Links that let somebody without an account hear a dub."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A link to one language of a job.

    Attributes:
        id: Its row.
        job_id: The job.
        language: The one language that it plays.
        created_at: Since when it does.
        expires_at: Until when.
    """

    id: UUID
    job_id: UUID
    language: str
    created_at: datetime
    expires_at: datetime


class ShareLinks(Protocol):
    """Those of users, in a transaction; a user's own see only theirs."""

    def add(self, link: ShareLink, user_id: UUID, token_sha256: str) -> None:
        """There is one more, found by the hash of its token."""
        ...

    def of_job(self, job_id: UUID, now: datetime) -> Sequence[ShareLink]:
        """Those of a job whose time is not over, the oldest first."""
        ...

    def of_token(self, token_sha256: str, now: datetime) -> ShareLink | None:
        """The one with this token, unless its time is over."""
        ...

    def remove(self, job_id: UUID, share_id: UUID) -> bool:
        """It plays nothing any more; False when there was none."""
        ...
