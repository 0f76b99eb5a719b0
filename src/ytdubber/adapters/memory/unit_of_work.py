"""A unit of work over dictionaries: what the command line uses, which has nothing to keep."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from uuid import UUID

from ytdubber.domain.job import Job
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.transcript import Transcript


@dataclass
class _Rows:
    jobs: dict[UUID, Job] = field(default_factory=dict)
    tasks: dict[UUID, LanguageTask] = field(default_factory=dict)
    transcripts: dict[UUID, Transcript] = field(default_factory=dict)

    def copy(self) -> "_Rows":
        return _Rows(dict(self.jobs), dict(self.tasks), dict(self.transcripts))


class MemoryDatabase:
    """Rows that outlive a transaction; transactions follow one another."""

    def __init__(self) -> None:
        self.rows = _Rows()
        self.lock = threading.RLock()

    def begin(self) -> "MemoryUnitOfWork":
        """A transaction, to be used in a `with`."""
        return MemoryUnitOfWork(self)


class _Jobs:
    def __init__(self, rows: _Rows) -> None:
        self._rows = rows

    def add(self, job: Job) -> None:
        self._rows.jobs[job.id] = job

    def get(self, job_id: UUID) -> Job:
        return self._rows.jobs[job_id]


class _Tasks:
    def __init__(self, rows: _Rows) -> None:
        self._rows = rows

    def add(self, task: LanguageTask) -> None:
        self._rows.tasks[task.id] = task

    def get(self, task_id: UUID) -> LanguageTask:
        return self._rows.tasks[task_id]

    def of_job(self, job_id: UUID) -> Sequence[LanguageTask]:
        return [task for task in self._rows.tasks.values() if task.job_id == job_id]

    def save(self, task: LanguageTask) -> None:
        if task.id not in self._rows.tasks:
            raise KeyError(task.id)
        self._rows.tasks[task.id] = task

    def advance(self, task_id: UUID, progress: float) -> None:
        self._rows.tasks[task_id] = self._rows.tasks[task_id].advance(progress)


class _Transcripts:
    def __init__(self, rows: _Rows) -> None:
        self._rows = rows

    def save(self, job_id: UUID, transcript: Transcript) -> None:
        self._rows.transcripts[job_id] = transcript

    def get(self, job_id: UUID) -> Transcript | None:
        return self._rows.transcripts.get(job_id)


class MemoryUnitOfWork:
    """A transaction over a `MemoryDatabase`; holds its lock from begin to end."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._bind(_Rows())

    def _bind(self, rows: _Rows) -> None:
        self._rows = rows
        self.jobs = _Jobs(rows)
        self.tasks = _Tasks(rows)
        self.transcripts = _Transcripts(rows)

    def __enter__(self) -> Self:
        self._database.lock.acquire()
        self._bind(self._database.rows.copy())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.lock.release()

    def commit(self) -> None:
        self._database.rows = self._rows.copy()
