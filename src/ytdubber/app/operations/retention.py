"""What may not be kept any longer goes: first from storage, then from the records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ytdubber.domain.errors import StorageNotWorking
from ytdubber.log import get_logger
from ytdubber.ports.retention import Due, ExpiryRepository, Reason, StoredFiles, Terms

JOBS_AT_ONCE = 100
KEYS_AT_ONCE = 100
FAILURES_IN_A_ROW = 5
"""After so many the storage is taken to be down; the next round tries again."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Purged:
    """What went.

    Attributes:
        jobs: Jobs of which something went.
        files: Files that were removed from storage.
        failures: Jobs whose files the storage did not remove; they stay due.
    """

    jobs: int = 0
    files: int = 0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """What would go of one job."""

    due: Due
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retention:
    """Removes what is due. Whatever is interrupted is due again, and nothing is removed twice.

    Attributes:
        expiry: What is due.
        files: Where they are stored.
    """

    expiry: ExpiryRepository
    files: StoredFiles

    def __call__(self, terms: Terms, limit: int = JOBS_AT_ONCE) -> Purged:
        """Remove what is due of some jobs, at most `limit` for each reason."""
        jobs = removed = failures = in_a_row = 0
        for due in self.expiry.due(terms, limit):
            if in_a_row == FAILURES_IN_A_ROW:
                break
            try:
                removed += self._remove(due)
            except StorageNotWorking as error:
                log.info("retention.files_stay", job_id=due.job_id, error=error)
                failures, in_a_row = failures + 1, in_a_row + 1
            else:
                jobs, in_a_row = jobs + 1, 0
        self.expiry.forget_messages()
        if jobs or failures:
            log.info("retention.purged", jobs=jobs, files=removed, failures=failures)
        return Purged(jobs, removed, failures)

    def preview(self, terms: Terms, limit: int = JOBS_AT_ONCE) -> Sequence[Planned]:
        """What `__call__` would remove.

        Raises:
            StorageNotWorking: the storage cannot tell what it holds.
        """
        return [
            Planned(due, tuple(sorted(self._keys(due)))) for due in self.expiry.due(terms, limit)
        ]

    def _remove(self, due: Due) -> int:
        if not self.expiry.give_up(due):
            return 0
        keys = iter(self._keys(due))
        removed = 0
        while batch := list(islice(keys, KEYS_AT_ONCE)):
            self.files.delete(batch)
            removed += len(batch)
        self.expiry.gone(due)
        return removed

    def _keys(self, due: Due) -> Iterator[str]:
        if due.reason is Reason.EXPIRED:
            yield from due.deliverables
            return
        found = list(self.files.keys(f"{due.job_id}/"))
        yield from (key for key in found if key not in due.deliverables)
