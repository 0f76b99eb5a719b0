"""A worker speaks one line of a finished dub, for its user to hear before the dub is made anew."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from ytdubber.app.casting.engines import Engines
from ytdubber.app.casting.voices import casts, taken_up, voices_of_lines
from ytdubber.app.dubs.prepared_facts import PreparedFacts
from ytdubber.app.lines.dub_lines import dub_lines, script_of
from ytdubber.app.lines.task_edits import TaskEdits, task_edits
from ytdubber.app.pipeline.artifacts import Prepared
from ytdubber.app.pipeline.stages.synthesize import speak_one
from ytdubber.app.pipeline.translated_script import TranslatedScript, given_script
from ytdubber.app.pipeline.translating import translated_anew
from ytdubber.app.uploads.given_texts import cut_as, kept_translation
from ytdubber.app.uploads.job_files import JobResults
from ytdubber.audio.files import read_mono
from ytdubber.audio.speech import write
from ytdubber.audio.stretch import stretch
from ytdubber.domain.errors import InternalError, VendorError, YtDubberError, to_user
from ytdubber.domain.job import Job
from ytdubber.domain.line_edit import LineEdits
from ytdubber.domain.media import AudioFile
from ytdubber.domain.schedule import plan_around
from ytdubber.domain.timing import Placement, place
from ytdubber.domain.transcript import Transcript
from ytdubber.log import bind, get_logger
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.clock import Clock
from ytdubber.ports.line_previews import LinePreview
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.revisions import Revision
from ytdubber.ports.service_work import AsService

MIME = "audio/wav"

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known of a preview: its job, what was said there, and the lines as they are to be."""

    preview: LinePreview
    job: Job
    transcript: Transcript
    facts: PreparedFacts
    known: TaskEdits

    @property
    def prepared(self) -> Prepared:
        """What its lines are cut from; the stems are not needed."""
        heard = self.facts.heard
        transcript = replace(self.transcript, people=heard.people)
        return Prepared(heard.total_ms, transcript, Future(), kept=heard.kept)


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """The use case over its ports.

    Attributes:
        engines: The engines, remembering what they make in a job's own store: what was heard is
            not asked for again when the dub is made.
        service: Begins a transaction that sees everything.
        media: Where texts are and the sound goes.
        clock: Tells the time.
        scratch: A folder for a moment.
    """

    engines: Callable[[ResultStore], Engines]
    service: AsService
    media: MediaStore
    clock: Clock
    scratch: Callable[[], AbstractContextManager[Path]]

    def __call__(self, preview_id: UUID) -> None:
        """Speak it, unless somebody else does or nobody waits any more. Whatever comes of it is in
        its row.
        """
        asked = self._taken(preview_id)
        if asked is None:
            return
        bind(job_id=asked.job.id, language=asked.known.task.language)
        try:
            with self.scratch() as scratch:
                made = self._made(asked, scratch)
        except YtDubberError as error:
            log.info("line.not_spoken", error=error)
            told = to_user(error) if isinstance(error, VendorError) else str(error)
            self._failed(preview_id, error.code, told)
        except Exception as error:
            log.exception("line.unexpected_error", error=error)
            self._failed(preview_id, InternalError.code, str(InternalError()))
        else:
            with self.service() as work:
                work.previews.spoken(preview_id, made)
                work.commit()
            log.info("line.spoken", natural_ms=made["natural_ms"])

    def _taken(self, preview_id: UUID) -> _Asked | None:
        with self.service() as work:
            preview = work.previews.take(preview_id)
            if preview is None:
                return None
            task = work.tasks.get(preview.task_id)
            transcript = work.transcripts.get(task.job_id)
            prepared = work.job_repository.prepared(task.job_id)
            if transcript is None or prepared is None:  # its files went meanwhile
                return None
            facts = PreparedFacts.model_validate(prepared)
            asked = _Asked(
                preview, work.jobs.get(task.job_id), transcript, facts, task_edits(work, task)
            )
            work.commit()
        return asked

    def _failed(self, preview_id: UUID, code: str, message: str) -> None:
        with self.service() as work:
            work.previews.failed(preview_id, code, message)
            work.commit()

    def _made(self, asked: _Asked, scratch: Path) -> dict[str, object]:
        job, known, line_id = asked.job, asked.known, asked.preview.line_id
        results = JobResults(self.media, job.id, scratch)
        engines = self.engines(results)
        edits = known.edits.replaced(line_id, asked.preview.edit)
        given = kept_translation(results, job.options, known.task.language)
        wanted = Revision(known.task.revision, edits, None, self.clock.now())
        script = given_script(
            script_of(known, wanted, self.media, results, scratch),
            cut_as(given, asked.prepared, known.task.language),
            known.task.language,
        )
        found = casts(engines, script.transcript, known.task.language, job.options)
        cast = taken_up(found, known.task.casting)[0]
        voice = voices_of_lines(cast, script.transcript, edits)[line_id]
        call = CallContext(job.id, known.task.id)
        glossary, language = job.options.glossary, known.task.language
        script = translated_anew(script, engines, cast, language, glossary, call)
        speech = speak_one(
            line_id,
            script.lines,
            voice,
            cast.synthesizer,
            scratch,
            call,
            script.around,
            job.options.spoken_as,
            edits,
        )
        placement = self._placed(asked, script, speech.audio, edits, scratch)
        self._kept(asked, speech.audio, placement, scratch)
        return {
            "text": script.line(line_id).text,
            "voice": voice.id,
            "natural_ms": placement.natural_ms,
            "spoken_ms": placement.duration_ms,
            "start_ms": placement.start_ms,
            "rate": round(placement.rate, 4),
            "review": list(placement.review),
        }

    def _placed(
        self,
        asked: _Asked,
        script: TranslatedScript,
        audio: AudioFile,
        edits: LineEdits,
        scratch: Path,
    ) -> Placement:
        """Where it goes beside the other lines, as long as they are in the dub that is shown."""
        shown = dub_lines(asked.known, self.media, scratch).lines
        natural_ms = {line.id: line.natural_ms for line in shown}
        line_id = asked.preview.line_id
        natural_ms[line_id] = max(1, round(audio.duration_ms / edits.of(line_id).speed))
        rooms = {line.id: line.slot for line in script.lines}
        lengths_ms = {name: natural_ms.get(name, room.source_ms) for name, room in rooms.items()}
        planned = plan_around(
            [*rooms.values()], lengths_ms, script.total_ms, script.kept_intervals, edits.hurried
        )
        return place(rooms[line_id], planned[line_id], audio.duration_ms)

    def _kept(self, asked: _Asked, audio: AudioFile, placement: Placement, scratch: Path) -> None:
        """Its sound goes where the job's files are, and with them."""
        rate_hz = audio.sample_rate_hz
        samples = stretch(read_mono(audio), placement.duration_ms * rate_hz // 1000, rate_hz)
        path = scratch / "preview.wav"
        write(samples, rate_hz, path)
        self.media.put(preview_key(asked.job.id, asked.preview.id), path, MIME)


def preview_key(job_id: UUID, preview_id: UUID) -> str:
    """Where its sound lies."""
    return f"{job_id}/{preview_id}"
