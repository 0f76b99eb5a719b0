"""What the records know of the lines of a user's dub, and whether they can be changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ytdubber.domain.artifact import Artifact
from ytdubber.domain.errors import (
    JobNotFound,
    LanguageNotComplete,
    LinesChanged,
    LinesNotKept,
    RenderUnderWay,
)
from ytdubber.domain.job import JobState
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.line_edit import LineEdits
from ytdubber.domain.stage import Stage
from ytdubber.ports.revisions import Revision
from ytdubber.ports.service_work import ServiceWork


@dataclass(frozen=True, slots=True)
class TaskEdits:
    """What the records know of a language's lines.

    Attributes:
        task: The language.
        edits: How lines are to be.
        revisions: The dubs that were made.
        files: Those that are there, of every revision.
        editable: Whether what is needed to change lines is there.
    """

    task: LanguageTask
    edits: LineEdits
    revisions: Sequence[Revision]
    files: Sequence[Artifact]
    editable: bool

    @property
    def to_make(self) -> Revision | None:
        """The revision that is being made, or made the one that is shown."""
        return next((r for r in self.revisions if r.number == self.task.rendering), None)

    @property
    def shown(self) -> LineEdits:
        """How they were to be in the dub that is shown."""
        numbered = {each.number: each.edits for each in self.revisions}
        return numbered.get(self.task.revision, LineEdits())


def task_edits(work: ServiceWork, task: LanguageTask, *, kept: bool = True) -> TaskEdits:
    """What they know of one; `kept` says whether the recording is."""
    files = work.artifacts.of_task(task)
    revisions = work.revisions.of_task(task.id)
    return TaskEdits(task, work.revisions.edits(task.id), revisions, files, kept and bool(files))


def need_job(work: ServiceWork, job_id: UUID, *, lock: bool = False) -> JobState:
    """A job that was submitted and is there.

    Raises:
        JobNotFound: it is not, or it is another user's.
    """
    state = work.job_repository.state(job_id, lock=lock)
    if state is None or state.deleted_at is not None or state.submitted_at is None:
        raise JobNotFound
    return state


def need_edits(work: ServiceWork, state: JobState, language: str) -> TaskEdits:
    """The lines of a dub that is complete.

    Raises:
        LanguageNotComplete: it was not dubbed into this language, or not yet.
    """
    tasks = [each for each in work.tasks.of_job(state.job.id) if each.language == language]
    if not tasks or not (tasks[0].stage is Stage.COMPLETE or tasks[0].rendering):
        raise LanguageNotComplete(language=language)
    task = tasks[0]
    return task_edits(work, task, kept=state.job.options.editable and not state.sources_gone)


def need_editable(known: TaskEdits, version: str | None) -> None:
    """Make sure that lines can be changed, by whoever has seen a version of them.

    Raises:
        LinesNotKept: what is needed to make them was not kept.
        LinesChanged: they were changed since.
        RenderUnderWay: a revision is being made.
    """
    if not known.editable:
        raise LinesNotKept
    if known.task.rendering is not None:
        raise RenderUnderWay
    actual = str(known.task.edits_version)
    if version is not None and version != actual:
        raise LinesChanged(expected=version, actual=actual)
