"""One language of a job on its way from queued to complete."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from .casting import Casting
from .errors import BadTransition
from .stage import WORKING, Stage
from .waiting import Waiting


@dataclass(frozen=True, slots=True)
class LanguageTask:
    """The state of one language; every change gives a new value.

    Attributes:
        id: The task.
        job_id: The job it belongs to.
        language: The target.
        stage: Where it is.
        progress: The fraction of the stage done, 0 to 1.
        entered_at: When each stage was entered, in UTC.
        error_code: Why it failed, for programs.
        error_message: Why it failed, for people.
        casting: Who speaks it, once that is settled: another attempt goes on with the same voices.
        waiting: What it waits for, until there is progress again.
        revision: Which of its dubs is shown, from 1.
        rendering: Which one is being made, or made the one that is shown, after it was complete.
        edits_version: Counts the changes to its lines.
    """

    id: UUID
    job_id: UUID
    language: str
    stage: Stage = Stage.QUEUED
    progress: float = 0.0
    entered_at: dict[Stage, datetime] = field(default_factory=dict)
    error_code: str | None = None
    error_message: str | None = None
    casting: Casting | None = None
    waiting: Waiting | None = None
    revision: int = 1
    rendering: int | None = None
    edits_version: int = 0

    def enter(self, stage: Stage, at: datetime) -> "LanguageTask":
        """Go on to a later working stage; to enter the one it is in again changes nothing.

        Raises:
            BadTransition: the task has ended, or the stage lies behind it.
        """
        if self.stage.final or stage not in WORKING or _place(stage) < _place(self.stage):
            raise BadTransition(before=self.stage, after=stage)
        if stage is self.stage and stage in self.entered_at:
            return self
        stamps = self.entered_at | {stage: at}
        entered = replace(self, stage=stage, progress=0.0, entered_at=stamps, waiting=None)
        return entered._completed(self.rendering) if stage is Stage.COMPLETE else entered

    def has_passed(self, stage: Stage) -> bool:
        """Whether it is in a later working stage."""
        return self.stage in WORKING and _place(stage) < _place(self.stage)

    def advance(self, progress: float) -> "LanguageTask":
        """Report progress within the stage; it never goes backwards."""
        return replace(self, progress=min(1.0, max(self.progress, progress)))

    def recast(self, casting: Casting | None) -> "LanguageTask":
        """Settle who speaks it, or leave that open again."""
        return replace(self, casting=casting)

    def wait(self, waiting: Waiting) -> "LanguageTask":
        """Put it off until a vendor, or the storage, is back."""
        return replace(self, waiting=waiting)

    def fail(self, code: str, message: str, at: datetime) -> "LanguageTask":
        """End it with an error.

        Raises:
            BadTransition: the task has ended.
        """
        failed = self._end(Stage.FAILED, at)
        return replace(failed, error_code=code, error_message=message)

    def cancel(self, at: datetime) -> "LanguageTask":
        """End it because nobody wants it any more.

        Raises:
            BadTransition: the task has ended.
        """
        return self._end(Stage.CANCELLED, at)

    def render(self, revision: int, at: datetime) -> "LanguageTask":
        """Begin again after it was complete, for another revision; the one that is shown stays.

        Raises:
            BadTransition: it is not complete.
        """
        if self.stage is not Stage.COMPLETE:
            raise BadTransition(before=self.stage, after=Stage.QUEUED)
        stamps = {Stage.QUEUED: at}
        return replace(
            self, stage=Stage.QUEUED, progress=0.0, entered_at=stamps, rendering=revision
        )

    def put_back(self, at: datetime) -> "LanguageTask":
        """Give up a revision that is being made: complete, with the one that is shown.

        Raises:
            BadTransition: none is being made.
        """
        if self.rendering is None or self.stage.final:
            raise BadTransition(before=self.stage, after=Stage.COMPLETE)
        stamps = self.entered_at | {Stage.COMPLETE: at}
        back = replace(self, stage=Stage.COMPLETE, entered_at=stamps, waiting=None)
        return back._completed(None)

    def _completed(self, revision: int | None) -> "LanguageTask":
        return replace(self, progress=1.0, revision=revision or self.revision, rendering=None)

    def _end(self, stage: Stage, at: datetime) -> "LanguageTask":
        if self.stage.final:
            raise BadTransition(before=self.stage, after=stage)
        return replace(self, stage=stage, entered_at=self.entered_at | {stage: at}, waiting=None)


def _place(stage: Stage) -> int:
    return WORKING.index(stage)
