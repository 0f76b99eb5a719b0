from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from ytdubber.adapters.memory.unit_of_work import MemoryDatabase
from ytdubber.domain.job import Job
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.stage import Stage
from ytdubber.domain.transcript import Transcript

NOW = datetime(2026, 1, 1, tzinfo=UTC)
JOB = Job(uuid4(), None, ("pt",), NOW)


def test_what_is_committed_is_there_and_what_is_not_is_not() -> None:
    database = MemoryDatabase()
    with database.begin() as work:
        work.jobs.add(JOB)
    with database.begin() as work, pytest.raises(KeyError):
        work.jobs.get(JOB.id)
    with database.begin() as work:
        work.jobs.add(JOB)
        work.commit()
    with database.begin() as work:
        assert work.jobs.get(JOB.id) == JOB


def test_an_error_rolls_back() -> None:
    database = MemoryDatabase()
    task = LanguageTask(uuid4(), JOB.id, "pt")
    with database.begin() as work:
        work.tasks.add(task)
        work.commit()
    with suppress(ZeroDivisionError), database.begin() as work:
        work.tasks.save(task.enter(Stage.STT, NOW))
        raise ZeroDivisionError
    with database.begin() as work:
        assert work.tasks.of_job(JOB.id) == [task]


def test_rows_of_every_kind() -> None:
    database = MemoryDatabase()
    with database.begin() as work:
        work.transcripts.save(JOB.id, Transcript("en", ()))
        work.commit()
    with database.begin() as work:
        assert work.transcripts.get(JOB.id) == Transcript("en", ())
        assert work.transcripts.get(uuid4()) is None
        with pytest.raises(KeyError):
            work.tasks.save(LanguageTask(uuid4(), JOB.id, "pt"))
