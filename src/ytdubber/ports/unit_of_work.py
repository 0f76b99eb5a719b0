"""One short transaction over everything a job is made of."""

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from ytdubber.domain.job import Job
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.transcript import Transcript
from ytdubber.domain.usage import Receipt


class Jobs(Protocol):
    """Jobs by id."""

    def add(self, job: Job) -> None:
        """Store a new job."""
        ...

    def get(self, job_id: UUID) -> Job:
        """The job; KeyError when there is none."""
        ...


class LanguageTasks(Protocol):
    """Language tasks by id and by job."""

    def add(self, task: LanguageTask) -> None:
        """Store a new task."""
        ...

    def get(self, task_id: UUID) -> LanguageTask:
        """The task; KeyError when there is none."""
        ...

    def of_job(self, job_id: UUID) -> Sequence[LanguageTask]:
        """The tasks of a job in the order they were added."""
        ...

    def save(self, task: LanguageTask) -> None:
        """Replace the stored task with the same id."""
        ...


class Transcripts(Protocol):
    """The transcript of each job."""

    def save(self, job_id: UUID, transcript: Transcript) -> None:
        """Store or replace it."""
        ...

    def get(self, job_id: UUID) -> Transcript | None:
        """The transcript, or None before there is one."""
        ...


class Receipts(Protocol):
    """What was used, attempt by attempt; only ever added to."""

    def add(self, job_id: UUID, task_id: UUID | None, receipt: Receipt) -> None:
        """Record one."""
        ...

    def of_job(self, job_id: UUID) -> Sequence[Receipt]:
        """All of a job, oldest first."""
        ...


class UnitOfWork(Protocol):
    """A transaction: what is not committed inside the `with` is rolled back."""

    @property
    def jobs(self) -> Jobs:
        """Jobs."""
        ...

    @property
    def tasks(self) -> LanguageTasks:
        """Language tasks."""
        ...

    @property
    def transcripts(self) -> Transcripts:
        """Transcripts."""
        ...

    @property
    def receipts(self) -> Receipts:
        """Receipts."""
        ...

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Roll back what was not committed."""
        ...

    def commit(self) -> None:
        """Make everything since the beginning last."""
        ...


Transactions = Callable[[], UnitOfWork]
"""Begins a transaction."""
