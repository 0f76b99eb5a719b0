"""Language tasks; a job's own stage follows from them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, null, select, update
from sqlalchemy.sql.elements import Null as SqlNull

from ytdubber.adapters.db.jobs.history import SqlEvents
from ytdubber.adapters.db.schema.tables import dubbing_jobs, language_tasks
from ytdubber.domain.casting import Casting
from ytdubber.domain.engine import EngineId
from ytdubber.domain.job import job_stage
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.stage import Stage
from ytdubber.domain.waiting import Waiting


class SqlTasks:
    """`LanguageTasks` in their table; every change of stage is an event."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, task: LanguageTask) -> None:
        owner = select(dubbing_jobs.c.user_id).where(dubbing_jobs.c.id == task.job_id)
        position = select(func.count()).where(language_tasks.c.job_id == task.job_id)
        self._connection.execute(
            insert(language_tasks).values(
                id=task.id,
                job_id=task.job_id,
                user_id=owner.scalar_subquery(),
                position=position.scalar_subquery(),
                language=task.language,
                stage=task.stage.value,
                progress=task.progress,
                entered_at=_stamps(task),
            )
        )

    def get(self, task_id: UUID) -> LanguageTask:
        query = select(language_tasks).where(language_tasks.c.id == task_id)
        row = self._connection.execute(query).first()
        if row is None:
            raise KeyError(task_id)
        return _task(row)

    def of_job(self, job_id: UUID) -> Sequence[LanguageTask]:
        query = select(language_tasks).where(language_tasks.c.job_id == job_id)
        rows = self._connection.execute(query.order_by(language_tasks.c.position))
        return [_task(row) for row in rows]

    def save(self, task: LanguageTask) -> None:
        lock = select(dubbing_jobs.c.stage).where(dubbing_jobs.c.id == task.job_id)
        self._connection.execute(lock.with_for_update())
        before = self.get(task.id)
        values: dict[str, object] = {
            "stage": task.stage.value,
            "entered_at": _stamps(task),
            "error_code": task.error_code,
            "error_message": task.error_message,
            "casting": _casting_json(task.casting),
            "waiting": _waiting_json(task.waiting),
            "updated_at": func.now(),
            **_revised(before, task),
        }
        if task.progress != before.progress:
            values["progress"] = task.progress
        self._connection.execute(
            update(language_tasks).where(language_tasks.c.id == task.id).values(**values)
        )
        if before.stage is not task.stage:
            self._entered(task)

    def advance(self, task_id: UUID, progress: float) -> None:
        self._connection.execute(
            update(language_tasks)
            .where(language_tasks.c.id == task_id, language_tasks.c.progress < progress)
            .values(progress=min(1.0, progress), waiting=null(), updated_at=func.now())
        )

    def _entered(self, task: LanguageTask) -> None:
        stages = [each.stage for each in self.of_job(task.job_id)]
        self._connection.execute(
            update(dubbing_jobs)
            .where(dubbing_jobs.c.id == task.job_id)
            .values(stage=job_stage(stages).value, updated_at=func.now())
        )
        data: dict[str, object] = {"language": task.language, "stage": task.stage.value}
        if task.error_code:
            data |= {"error": task.error_code, "message": task.error_message}
        SqlEvents(self._connection).add(task.job_id, "stage", data, task)


def _revised(before: LanguageTask, task: LanguageTask) -> dict[str, object]:
    """What of its revisions changed: a user may not write it."""
    names = ("revision", "rendering")
    return {n: value for n in names if (value := getattr(task, n)) != getattr(before, n)}


def _stamps(task: LanguageTask) -> dict[str, str]:
    return {stage.value: at.isoformat() for stage, at in task.entered_at.items()}


def _casting_json(casting: Casting | None) -> dict[str, Any] | SqlNull:
    if casting is None:
        return null()
    voices = [{"speaker": who, "voice": voice} for who, voice in casting.voices.items()]
    return {"engine": asdict(casting.engine), "voices": voices}


def _casting(stored: dict[str, Any] | None) -> Casting | None:
    if stored is None:
        return None
    voices = {each["speaker"]: each["voice"] for each in stored["voices"]}
    return Casting(EngineId(**stored["engine"]), voices)


def _waiting_json(waiting: Waiting | None) -> dict[str, Any] | SqlNull:
    if waiting is None:
        return null()
    times = {"since": waiting.since.isoformat(), "again_at": waiting.again_at.isoformat()}
    return asdict(waiting) | times


def _waiting(stored: dict[str, Any] | None) -> Waiting | None:
    if stored is None:
        return None
    times = {name: datetime.fromisoformat(stored[name]) for name in ("since", "again_at")}
    return Waiting(**stored | times)


def _task(row: Row[Any]) -> LanguageTask:
    return LanguageTask(
        id=row.id,
        job_id=row.job_id,
        language=row.language,
        stage=Stage(row.stage),
        progress=row.progress,
        entered_at={Stage(name): datetime.fromisoformat(at) for name, at in row.entered_at.items()},
        error_code=row.error_code,
        error_message=row.error_message,
        casting=_casting(row.casting),
        waiting=_waiting(row.waiting),
        revision=row.revision,
        rendering=row.rendering,
        edits_version=row.edits_version,
    )
