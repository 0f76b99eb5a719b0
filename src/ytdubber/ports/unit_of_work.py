"""One short transaction over everything a job is made of."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from ytdubber.domain.job import Job
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.transcript import Transcript


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

    def advance(self, task_id: UUID, progress: float) -> None:
        """Report progress within the stage; it never goes backwards. Cheaper than `save`."""
        ...


class Transcripts(Protocol):
    """The transcript of each job."""

    def save(self, job_id: UUID, transcript: Transcript) -> None:
        """Store or replace it."""
        ...

    def get(self, job_id: UUID) -> Transcript | None:
        """The transcript, or None before there is one."""
        ...


class UnitOfWork(Protocol):
    """A transaction: what is not committed by the end of its `with` is rolled back."""

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

    def commit(self) -> None:
        """Make everything since the beginning last."""
        ...


Transactions = Callable[[], AbstractContextManager[UnitOfWork]]
"""Begins a transaction."""
