"""What may not be kept any longer."""

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from ytdubber.ports.media_store import Stored


class Reason(enum.StrEnum):
    """Why something of a job goes: it was never submitted, its user deleted it, its files have had
    their time, or it has ended and needs its stems no more.
    """

    NEVER_SUBMITTED = "never_submitted"
    DELETED = "deleted"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things are kept.

    Attributes:
        unsubmitted: Uploads that nobody submits, from when they were announced.
        replay_window: Stems of a job in which a language failed, from its end.
        older_than: Instead of every term: what ended, or was announced, longer ago than this goes.
    """

    unsubmitted: timedelta = timedelta(hours=24)
    replay_window: timedelta = timedelta(hours=24)
    older_than: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A job of which something must go.

    `EXPIRED`: the finished files whose keys are given, and the transcript. `ENDED`: every file but
    those, that is its stems and what engines made on the way. Otherwise: everything.
    `seen_at` is when it was found; what ends later is due again.
    """

    job_id: UUID
    reason: Reason
    deliverables: frozenset[str] = frozenset()
    seen_at: datetime | None = None


class StoredFiles(Protocol):
    """What is asked of the storage: a part of `MediaStore`."""

    def keys(self, prefix: str) -> Iterable[str]:
        """The keys in use that begin so."""
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Remove what lies under the keys; those that are not there are no error."""
        ...


class SweptFiles(StoredFiles, Protocol):
    """The same, and what was never whole."""

    def stat(self, key: str) -> Stored | None:
        """What lies under the key, or None."""
        ...

    def sweep(self) -> None:
        """Remove what interrupted writers left; what is being written stays."""
        ...


Strays = Callable[[Sequence[str]], Sequence[str]]
"""Of keys that are in use in storage, those that no row names any more and no job still needs."""


class ExpiryRepository(Protocol):
    """What is due, and the record that it is gone."""

    def due(self, terms: Terms, limit: int) -> Sequence[Due]:
        """Some of what is due, in no certain order, at most so many for each reason."""
        ...

    def give_up(self, due: Due) -> bool:
        """Close the door before files go; false when a job was submitted, or replayed, at the last
        moment.
        """
        ...

    def gone(self, due: Due) -> None:
        """The files are gone from storage: record it, and remove what a user wrote or said, and
        links that led there. Rows for billing and the audit trail stay, without texts.
        """
        ...

    def forget_messages(self) -> None:
        """Remove what the queue tells of jobs whose texts are gone: a worker may have written it
        after them.
        """
        ...
