"""A user changes lines of a finished dub, and has it made anew."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from ytdubber.app.dub_lines import DubLines, TaskEdits, dub_lines, task_edits
from ytdubber.domain.artifact import Artifact
from ytdubber.domain.errors import (
    BadField,
    JobNotFound,
    LanguageNotComplete,
    LineNotThere,
    LinesChanged,
    LinesNotKept,
    NothingToRender,
    RenderUnderWay,
    RevisionNotThere,
    TooManyRequests,
)
from ytdubber.domain.job import JobState
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.line_edit import LineEdits
from ytdubber.domain.stage import Stage
from ytdubber.domain.voice import Voice, VoiceTier, choose_voice
from ytdubber.log import get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.line_previews import LinePreview
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.revisions import Revision
from ytdubber.ports.service_work import AsService, AsUser, ServiceWork

PREVIEWS_AT_ONCE, PREVIEW_AGAIN_S = 4, 5
"""So many lines a user may wait to hear, and when one of them is likely to be heard."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RevisionFiles:
    """A dub that was made, and its files that are there."""

    revision: Revision
    shown: bool
    files: Sequence[Artifact]


@dataclass(frozen=True, slots=True)
class EditLines:
    """The use cases over their ports.

    Attributes:
        as_user: Begins a user's transaction.
        service: Begins a transaction that puts work before workers.
        media: Where files are kept.
        clock: Tells the time.
        scratch: A folder for a moment.
        voices: The voices of a language in a tier.
    """

    as_user: AsUser
    service: AsService
    media: MediaStore
    clock: Clock
    scratch: Callable[[], AbstractContextManager[Path]]
    voices: Callable[[str, VoiceTier], Sequence[Voice]]

    def lines(self, claims: Claims, job_id: UUID, language: str) -> DubLines:
        """The lines of a language.

        Raises:
            JobNotFound: the user has no such job, or not any more.
            LanguageNotComplete: it was not dubbed into this language, or not yet.
            MediaMissing: its files are gone.
            StorageNotWorking: they cannot be read just now.
        """
        with self.as_user(claims) as work:
            known = self._known(work, _need(work, job_id), language)
        with self.scratch() as scratch:
            return dub_lines(known, self.media, scratch)

    def change(
        self,
        claims: Claims,
        job_id: UUID,
        language: str,
        changes: Mapping[str, Mapping[str, object]],
        version: str | None,
    ) -> DubLines:
        """Have lines be otherwise in the next revision; nothing is spoken yet.

        Args:
            claims: Whose job it is.
            job_id: The job.
            language: The target.
            changes: Fields of `LineEdit` by line, its id or its number; None for what was made.
            version: Of what the user has seen; None where they do not say.

        Raises:
            LineNotThere: there is no such line.
            BadField: a line cannot be so; the field names the line.
            LinesNotKept: what is needed to make them was not kept.
            LinesChanged: they were changed since the user saw them.
            RenderUnderWay: a revision is being made.
            JobNotFound, LanguageNotComplete, MediaMissing, StorageNotWorking: as `lines`.
        """
        before = self.lines(claims, job_id, language)
        ids = {name: line.id for line in before.lines for name in (str(line.number), line.id)}
        with self.as_user(claims) as work:
            state = _need(work, job_id, lock=True)
            known = self._known(work, state, language)
            _need_editable(known, version)
            edits = known.edits
            for name, change in changes.items():
                if name not in ids:
                    raise LineNotThere(line=name, language=language, lines=len(before.lines))
                with _naming(name):
                    self._need_voice(state, known.task.language, change)
                    edits = edits.changed(ids[name], change)
            if edits != known.edits:
                work.revisions.save_edits(known.task.id, edits)
            work.commit()
        return self.lines(claims, job_id, language)

    def begin_preview(
        self,
        claims: Claims,
        job_id: UUID,
        language: str,
        line: str,
        change: Mapping[str, object],
    ) -> UUID:
        """Have one line spoken as it is to be, or as a change that is not kept makes it; returns
        the preview's id. The dub stays as it is.

        Args:
            claims: Whose job it is.
            job_id: The job.
            language: The target.
            line: Its id or its number.
            change: Fields of `LineEdit`; None for what was made.

        Raises:
            TooManyRequests: the user waits for as many as may be.
            LineNotThere, BadField, LinesNotKept, RenderUnderWay, JobNotFound,
            LanguageNotComplete, MediaMissing, StorageNotWorking: as `change`.
        """
        before = self.lines(claims, job_id, language)
        ids = {name: each.id for each in before.lines for name in (str(each.number), each.id)}
        if line not in ids:
            raise LineNotThere(line=line, language=language, lines=len(before.lines))
        with self.as_user(claims) as work:
            state = _need(work, job_id)
            known = self._known(work, state, language)
            _need_editable(known, None)
            if work.previews.under_way(claims.user_id) >= PREVIEWS_AT_ONCE:
                raise TooManyRequests(retry_after_s=PREVIEW_AGAIN_S)
            with _naming(line):
                self._need_voice(state, known.task.language, change)
                edit = known.edits.of(ids[line]).with_changes(change)
            preview = LinePreview(uuid4(), known.task.id, ids[line], edit)
            work.previews.add(preview)
            work.wake()
            work.commit()
        return preview.id

    def preview(self, claims: Claims, preview_id: UUID) -> LinePreview | None:
        """What has come of one; None where it is gone."""
        with self.as_user(claims) as work:
            return work.previews.get(preview_id)

    def render(self, claims: Claims, job_id: UUID, language: str, version: str | None) -> int:
        """Have a new revision made of the lines as they are to be; returns its number.

        Raises:
            NothingToRender: they are so in the dub that is shown.
            LinesNotKept, LinesChanged, RenderUnderWay, JobNotFound, LanguageNotComplete: as
                `change`.
        """
        with self._to_be_made(claims, job_id, language, version) as (work, known):
            if known.edits == known.shown:
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
                `change`.
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
            JobNotFound, LanguageNotComplete: as `lines`.
        """
        with self.as_user(claims) as work:
            state = _need(work, job_id)
            known = self._known(work, state, language)
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
            _need(work, job_id)
        with self.service() as work:
            known = self._known(work, _need(work, job_id, lock=True), language)
            _need_editable(known, version)
            yield work, known

    def _known(self, work: ServiceWork, state: JobState, language: str) -> TaskEdits:
        tasks = [each for each in work.tasks.of_job(state.job.id) if each.language == language]
        if not tasks or not (tasks[0].stage is Stage.COMPLETE or tasks[0].rendering):
            raise LanguageNotComplete(language=language)
        task = tasks[0]
        kept = state.job.options.editable and not state.sources_gone
        return task_edits(work, task, kept=kept)

    def _need_voice(self, state: JobState, language: str, change: Mapping[str, object]) -> None:
        voice = change.get("voice")
        if isinstance(voice, str):
            choose_voice(self.voices(language, state.job.options.voice_tier), voice, language)


@contextmanager
def _naming(line: str) -> Iterator[None]:
    """An error about a field says of which line."""
    try:
        yield
    except BadField as error:
        raise BadField(field=f"line {line}, {error.field}", reason=error.reason) from error


def _need(work: ServiceWork, job_id: UUID, *, lock: bool = False) -> JobState:
    state = work.job_repository.state(job_id, lock=lock)
    if state is None or state.deleted_at is not None or state.submitted_at is None:
        raise JobNotFound
    return state


def _need_editable(known: TaskEdits, version: str | None) -> None:
    if not known.editable:
        raise LinesNotKept
    if known.task.rendering is not None:
        raise RenderUnderWay
    actual = str(known.task.edits_version)
    if version is not None and version != actual:
        raise LinesChanged(expected=version, actual=actual)
