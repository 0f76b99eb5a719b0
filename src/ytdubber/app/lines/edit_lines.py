"""A user changes lines of a finished dub, and hears how they would be."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

from ytdubber.app.lines.dub_lines import DubLine, DubLines, dub_lines
from ytdubber.app.lines.task_edits import TaskEdits, need_editable, need_edits, need_job
from ytdubber.domain import line_cuts
from ytdubber.domain.edited_transcript import words_within
from ytdubber.domain.errors import BadField, LineNotThere, TooManyRequests
from ytdubber.domain.job import JobState
from ytdubber.domain.line_edit import ADDED, LineEdits
from ytdubber.domain.pronunciation import spoken_in
from ytdubber.domain.transcript import Transcript
from ytdubber.domain.voice import Voice, VoiceTier, choose_voice
from ytdubber.ports.identity import Claims
from ytdubber.ports.line_previews import LinePreview
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.service_work import AsUser

PREVIEWS_AT_ONCE, PREVIEW_AGAIN_S = 4, 5
"""So many lines a user may wait to hear, and when one of them is likely to be heard."""


@dataclass(frozen=True, slots=True)
class _Editing:
    """A language whose lines are being changed, in a transaction that holds its job.

    Attributes:
        state: Its job.
        known: What the records know of its lines.
        lines: They, as they are to be.
        heard: What is said in the recording.
    """

    state: JobState
    known: TaskEdits
    lines: Sequence[DubLine]
    heard: Transcript | None

    def find(self, name: str) -> DubLine:
        """The line of an id or a number.

        Raises:
            LineNotThere: there is none.
        """
        for line in self.lines:
            if name in (line.id, str(line.number)):
                return line
        raise LineNotThere(line=name, language=self.known.task.language, lines=len(self.lines))

    def after(self, line: DubLine) -> DubLine:
        """The line that is said after another.

        Raises:
            BadField: it is the last.
        """
        said = [each for each in self.lines if not each.edit.removed]
        at = said.index(line) + 1 if line in said else len(said)
        if at == len(said):
            raise BadField(field="line", reason="there is none after it")
        return said[at]


_Change = Callable[[_Editing], LineEdits]
"""Gives the edits as they are to be from now on."""


@dataclass(frozen=True, slots=True)
class EditLines:
    """The use cases over their ports.

    Attributes:
        as_user: Begins a user's transaction.
        media: Where files are kept.
        scratch: A folder for a moment.
        voices: The voices of a language in a tier.
    """

    as_user: AsUser
    media: MediaStore
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
            state = need_job(work, job_id)
            known = need_edits(work, state, language)
        spoken_as = spoken_in(state.job.options.spoken_as, language)
        with self.scratch() as scratch:
            return replace(dub_lines(known, self.media, scratch), spoken_as=spoken_as)

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

        def changed(editing: _Editing) -> LineEdits:
            edits = editing.known.edits
            for name, change in changes.items():
                edits = self._changed(editing, edits, name, change)
            return edits

        return self._edit(claims, job_id, language, version, changed)

    def split(
        self,
        claims: Claims,
        job_id: UUID,
        language: str,
        name: str,
        at: int,
        version: str | None,
    ) -> DubLines:
        """Have a line be two, the text of the first so many letters long. It raises as `change`."""

        def cut(editing: _Editing) -> LineEdits:
            line = editing.find(name)
            heard = editing.heard
            words = [word for each in heard.utterances for word in each.words] if heard else []
            within = words_within(words, line.source_start_ms, line.source_end_ms)
            with _naming(name):
                return line_cuts.split(
                    editing.known.edits,
                    line.as_it_is,
                    at,
                    within,
                    _new_id(),
                    heard.language if heard else language,
                )

        return self._edit(claims, job_id, language, version, cut)

    def merge(
        self, claims: Claims, job_id: UUID, language: str, name: str, version: str | None
    ) -> DubLines:
        """Have a line and the next be one. It raises as `change`."""

        def joined(editing: _Editing) -> LineEdits:
            line = editing.find(name)
            source = editing.heard.language if editing.heard else language
            with _naming(name):
                following = editing.after(line)
                return line_cuts.merged(
                    editing.known.edits, line.as_it_is, following.as_it_is, source, language
                )

        return self._edit(claims, job_id, language, version, joined)

    def add(
        self,
        claims: Claims,
        job_id: UUID,
        language: str,
        text: str,
        start_ms: int,
        end_ms: int,
        version: str | None,
    ) -> DubLines:
        """Have something said where nobody heard a line; by whoever speaks before it, or after it
        where nobody does. It raises as `change`.
        """

        def added(editing: _Editing) -> LineEdits:
            before = [each for each in editing.lines if each.source_start_ms <= start_ms]
            nearest = (before[-1:] or editing.lines[:1])[0]
            return line_cuts.added(
                editing.known.edits, _new_id(), text, start_ms, end_ms, nearest.speaker
            )

        return self._edit(claims, job_id, language, version, added)

    def previewed(
        self,
        claims: Claims,
        job_id: UUID,
        language: str,
        line: str,
        change: Mapping[str, object],
    ) -> DubLine:
        """One line as it is to be, or as a change that is not kept makes it. It raises as
        `begin_preview`, and asks nobody to speak.
        """
        lines = self.lines(claims, job_id, language).lines
        with self.as_user(claims) as work:
            state = need_job(work, job_id)
            known = need_edits(work, state, language)
        need_editable(known, None)
        editing = _Editing(state, known, lines, None)
        found, edits = editing.find(line), self._changed(editing, known.edits, line, change)
        with self.scratch() as scratch:
            after = dub_lines(replace(known, edits=edits), self.media, scratch).lines
        return next(each for each in after if each.id == found.id)

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
        lines = self.lines(claims, job_id, language).lines
        with self.as_user(claims) as work:
            state = need_job(work, job_id)
            known = need_edits(work, state, language)
            need_editable(known, None)
            editing = _Editing(state, known, lines, None)
            found = editing.find(line)
            if work.previews.under_way(claims.user_id) >= PREVIEWS_AT_ONCE:
                raise TooManyRequests(retry_after_s=PREVIEW_AGAIN_S)
            edit = self._changed(editing, known.edits, line, change).of(found.id)
            if not edit.said:
                reason = "it is not said" if edit.removed else "the original is kept there"
                raise BadField(field=f"line {line}", reason=reason)
            preview = LinePreview(uuid4(), known.task.id, found.id, edit)
            work.previews.add(preview)
            work.wake()
            work.commit()
        return preview.id

    def preview(self, claims: Claims, preview_id: UUID) -> LinePreview | None:
        """What has come of one; None where it is gone."""
        with self.as_user(claims) as work:
            return work.previews.get(preview_id)

    def _edit(
        self,
        claims: Claims,
        job_id: UUID,
        language: str,
        version: str | None,
        change: _Change,
    ) -> DubLines:
        """The lines after a change; what it raises leaves them as they were."""
        lines = self.lines(claims, job_id, language).lines
        with self.as_user(claims) as work:
            state = need_job(work, job_id, lock=True)
            known = need_edits(work, state, language)
            need_editable(known, version)
            edits = change(_Editing(state, known, lines, work.transcripts.get(job_id)))
            if edits != known.edits:
                work.revisions.save_edits(known.task.id, edits)
                data = {"language": language, "version": known.task.edits_version + 1}
                work.events.add(job_id, "lines", data, known.task)
            work.commit()
        return self.lines(claims, job_id, language)

    def _changed(
        self, editing: _Editing, edits: LineEdits, name: str, change: Mapping[str, object]
    ) -> LineEdits:
        """With one line changed; what is wrong with it names the line."""
        line, task = editing.find(name), editing.known.task
        with _naming(name):
            voice = change.get("voice")
            if isinstance(voice, str):
                tier = editing.state.job.options.voice_tier
                choose_voice(self.voices(task.language, tier), voice, task.language)
            changed = edits.changed(line.id, change)
            edit = changed.of(line.id)
            start_ms = line.heard.start_ms if edit.start_ms is None else edit.start_ms
            end_ms = line.heard.end_ms if edit.end_ms is None else edit.end_ms
            if edit.placed and end_ms - start_ms < line_cuts.SHORTEST_MS:
                raise BadField(field="end_ms", reason=line_cuts.TOO_SHORT)
            if edit.text is None and not (line.translated or edit.source or edit.removed):
                raise BadField(field="text", reason="nobody heard this line: give what it says")
        return changed


def _new_id() -> str:
    """Of a line that nobody heard as one."""
    return f"{ADDED}{uuid4().hex[:8]}"


@contextmanager
def _naming(line: str) -> Iterator[None]:
    """An error about a field says of which line."""
    try:
        yield
    except BadField as error:
        raise BadField(field=f"line {line}, {error.field}", reason=error.reason) from error
