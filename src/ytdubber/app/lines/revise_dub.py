"""A user has a dub made anew of its lines as they are to be, or an earlier one shown again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from ytdubber.app.lines.task_edits import TaskEdits, need_editable, need_edits, need_job
from ytdubber.domain.artifact import Artifact
from ytdubber.domain.errors import NothingToRender, RevisionNotThere
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.line_edit import LineEdits
from ytdubber.log import get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.revisions import Revision
from ytdubber.ports.service_work import AsService, AsUser, ServiceWork

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RevisionFiles:
    """A dub that was made, and its files that are there."""

    revision: Revision
    shown: bool
    files: Sequence[Artifact]


@dataclass(frozen=True, slots=True)
class ReviseDub:
    """The use cases over their ports.

    Attributes:
        as_user: Begins a user's transaction.
        service: Begins a transaction that puts work before workers.
        clock: Tells the time.
    """

    as_user: AsUser
    service: AsService
    clock: Clock

    def render(self, claims: Claims, job_id: UUID, language: str, version: str | None) -> int:
        """Have a new revision made of the lines as they are to be; returns its number.

        Raises:
            NothingToRender: they are so in the dub that is shown.
            LinesNotKept, LinesChanged, RenderUnderWay, JobNotFound, LanguageNotComplete: as
                `EditLines.change`.
        """
        with self._to_be_made(claims, job_id, language, version) as (work, known):
            if known.edits.heard == known.shown.heard:
                raise NothingToRender
            numbers = [each.number for each in known.revisions]
            now = self.clock.now()
            if not numbers:
                result = work.results.of_job(job_id)[known.task.language]
                work.revisions.save(known.task.id, Revision(1, LineEdits(), result, now, now))
            number = max(numbers, default=1) + 1
            work.revisions.save(known.task.id, Revision(number, known.edits, None, now))
            self._begin(work, known.task, number)
        return number

    def restore(
        self, claims: Claims, job_id: UUID, language: str, number: int, version: str | None
    ) -> None:
        """Show an earlier revision again, and have the lines as they were in it. Its files are the
        same, bit for bit.

        Raises:
            RevisionNotThere: there is none, or it was never made.
            NothingToRender: it is the one that is shown, and no line is to be otherwise.
            LinesNotKept, LinesChanged, RenderUnderWay, JobNotFound, LanguageNotComplete: as
                `EditLines.change`.
        """
        with self._to_be_made(claims, job_id, language, version) as (work, known):
            made = {each.number: each for each in known.revisions if each.result is not None}
            if number not in made and number != known.task.revision:
                raise RevisionNotThere(number=number, language=language)
            edits = made[number].edits if number in made else LineEdits()
            if number == known.task.revision and edits == known.edits:
                raise NothingToRender
            work.revisions.save_edits(known.task.id, edits)
            if number != known.task.revision:
                self._begin(work, work.tasks.get(known.task.id), number)
            else:
                work.commit()

    def revisions(self, claims: Claims, job_id: UUID, language: str) -> Sequence[RevisionFiles]:
        """Every dub of a language that was made or begun, by number.

        Raises:
            JobNotFound, LanguageNotComplete: as `EditLines.lines`.
        """
        with self.as_user(claims) as work:
            state = need_job(work, job_id)
            known = need_edits(work, state, language)
        first = state.finished_at or self.clock.now()
        every = known.revisions or [Revision(1, LineEdits(), {}, first, first)]
        return [
            RevisionFiles(
                each,
                each.number == known.task.revision,
                [file for file in known.files if file.revision == each.number],
            )
            for each in every
        ]

    def _begin(self, work: ServiceWork, task: LanguageTask, number: int) -> None:
        now = self.clock.now()
        work.tasks.save(task.render(number, now))
        work.job_repository.resume(task.job_id, now)
        data = {"language": task.language, "revision": number}
        work.events.add(task.job_id, "render", data, task)
        work.wake()
        work.commit()
        log.info("task.rendered", job_id=task.job_id, language=task.language, revision=number)

    @contextmanager
    def _to_be_made(
        self, claims: Claims, job_id: UUID, language: str, version: str | None
    ) -> Iterator[tuple[ServiceWork, TaskEdits]]:
        """A transaction that holds the job, of a language whose lines can be changed."""
        with self.as_user(claims) as work:
            need_job(work, job_id)
        with self.service() as work:
            known = need_edits(work, need_job(work, job_id, lock=True), language)
            need_editable(known, version)
            yield work, known
