"""Runs the stages, each between two short transactions: one to enter it, one to record it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ytdubber.app.engines import Engines
from ytdubber.app.pipeline.artifacts import Dub, DubbedLine, FittedLine, Prepared, Stem
from ytdubber.app.pipeline.stages.caption import caption
from ytdubber.app.pipeline.stages.fit import fit
from ytdubber.app.pipeline.stages.ingest import ingest
from ytdubber.app.pipeline.stages.mix import mix
from ytdubber.app.pipeline.stages.publish import publish
from ytdubber.app.pipeline.stages.speak import Shorten, speak
from ytdubber.app.pipeline.stages.transcribe import transcribe
from ytdubber.app.pipeline.stages.translate import translate
from ytdubber.app.progress import Listener, Progress
from ytdubber.domain.errors import Cancelled, VendorError, YtDubberError
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.stage import Stage
from ytdubber.domain.timing import slots
from ytdubber.domain.usage import Receipt
from ytdubber.ports.blob_store import BlobStore
from ytdubber.ports.call import Call
from ytdubber.ports.clock import Clock
from ytdubber.ports.unit_of_work import Transactions

_INGEST_SHARE = 0.2  # of the time that ingest and transcribe take together


@dataclass(frozen=True, slots=True)
class Runner:
    """The pipeline over its ports.

    Attributes:
        engines: Who hears, translates and speaks.
        transactions: Begins a transaction.
        blobs: Where finished files go.
        clock: Tells the time.
        scratch: A folder for intermediate files, emptied by its owner.
        listener: Told of progress.
        check: Raises `Cancelled` when the work is no longer wanted.
    """

    engines: Engines
    transactions: Transactions
    blobs: BlobStore
    clock: Clock
    scratch: Path
    listener: Listener
    check: Callable[[], None]

    def prepare(
        self, job_id: UUID, voice: Stem, background: Stem | None, timings_ms: dict[str, int]
    ) -> Prepared:
        """Decode the stems and hear what is said: once for all languages of a job.

        Args:
            job_id: The job.
            voice: The voice stem.
            background: The background stem, if there is one.
            timings_ms: Filled with the time each stage took.

        Raises:
            BadInput: a stem cannot be dubbed.
            VendorError: nobody could hear it.
        """
        with self.transactions() as work:
            job = work.jobs.get(job_id)
            for task in work.tasks.of_job(job_id):
                work.tasks.save(task.enter(Stage.STT, self.clock.now()))
            work.commit()
        with self._timed("ingest", timings_ms):
            call = self._call(job_id, None, Stage.STT, 0.0, _INGEST_SHARE)
            source = ingest(voice, background, job.options, self.scratch, call)
        with self._timed("transcribe", timings_ms), self._receipts(job_id, None) as receipts:
            transcript, receipt = transcribe(
                source.voice,
                voice.name,
                job.source_language,
                self.engines.speech_to_text,
                self.engines.voice_activity,
                self._call(job_id, None, Stage.STT, _INGEST_SHARE, 1.0),
            )
            receipts.extend([receipt] if receipt else [])
        with self.transactions() as work:
            work.transcripts.save(job_id, transcript)
            work.commit()
        return Prepared(source, transcript)

    def dub(self, task_id: UUID, prepared: Prepared) -> Dub:
        """One language, from translation to finished files.

        Raises:
            YtDubberError: it failed; the task is marked so, and other languages can go on.
        """
        with self.transactions() as work:
            task = work.tasks.get(task_id)
        try:
            dub = self._stages(task, prepared)
        except Cancelled:
            self._finish(task_id, lambda t: t.cancel(self.clock.now()))
            raise
        except YtDubberError as error:
            code, message = error.code, str(error)
            self._finish(task_id, lambda t: t.fail(code, message, self.clock.now()))
            raise
        self._finish(task_id, lambda t: t.enter(Stage.COMPLETE, self.clock.now()))
        self.listener(Progress(task.language, Stage.COMPLETE, 1.0))
        return dub

    def _stages(self, task: LanguageTask, prepared: Prepared) -> Dub:
        job_id, language, transcript = task.job_id, task.language, prepared.transcript
        with self.transactions() as work:
            options = work.jobs.get(job_id).options
        synthesizer, voice = self.engines.cast(language, options.voice_wish(language))
        self.engines.need_pair(transcript.language, language)
        scratch = self.scratch / language
        scratch.mkdir()
        timings: dict[str, int] = {}

        call = self._enter(task, Stage.TRANSLATING)
        rooms = slots(transcript.utterances, prepared.source.total_ms)
        rate = self.engines.rates.chars_per_second(synthesizer.engine, voice)
        with self._timed("translate", timings), self._receipts(job_id, task.id) as receipts:
            texts, used = translate(
                transcript, rooms, language, rate, self.engines.translator, call
            )
            receipts.append(used)

        call = self._enter(task, Stage.DUBBING)
        with self._timed("speak", timings), self._receipts(job_id, task.id) as receipts:
            spoken = speak(
                rooms,
                [utterance.text for utterance in transcript.utterances],
                texts,
                prepared.source.total_ms,
                voice,
                synthesizer,
                self._shorten(transcript.language, language, call),
                scratch,
                receipts,
                call,
            )
        with self._timed("fit", timings):
            fitted = fit(spoken.lines)

        call = self._enter(task, Stage.MIXING)
        with self._timed("mix", timings):
            mastered = mix(prepared, fitted, options, scratch, call)

        self._enter(task, Stage.EXPORTING)
        with self._timed("export", timings):
            captions = caption(fitted, language, prepared.source.total_ms, scratch)
            lines = _lines(prepared, fitted)
            self.check()
            files = publish(language, mastered, captions.files, lines, self.blobs, scratch)
        self.engines.rates.learn(synthesizer.engine, voice, spoken.chars, spoken.natural_ms)
        translator = self.engines.translator.engine(transcript.language, language)
        return Dub(language, voice, translator, synthesizer.engine, lines, captions, files, timings)

    def _shorten(self, source: str, target: str, call: Call) -> Shorten | None:
        """Asks for shorter texts, where the translator can."""
        shortener = self.engines.shortener
        if shortener is None:
            return None
        return lambda overruns: shortener.shorten(overruns, source, target, (), call)

    def _enter(self, task: LanguageTask, stage: Stage) -> Call:
        """Record that a stage begins; the call reports its progress."""
        self.check()
        with self.transactions() as work:
            work.tasks.save(work.tasks.get(task.id).enter(stage, self.clock.now()))
            work.commit()
        call = self._call(task.job_id, task, stage, 0.0, 1.0)
        call.progress(0.0)
        return call

    def _finish(self, task_id: UUID, change: Callable[[LanguageTask], LanguageTask]) -> None:
        with self.transactions() as work:
            work.tasks.save(change(work.tasks.get(task_id)))
            work.commit()

    def _call(
        self, job_id: UUID, task: LanguageTask | None, stage: Stage, begin: float, end: float
    ) -> Call:
        """A call whose progress fills the stage from `begin` to `end`."""
        language = task.language if task else None

        def progress(fraction: float) -> None:
            done = begin + (end - begin) * min(1.0, fraction)
            self.listener(Progress(language, stage, done))

        return Call(job_id, task.id if task else None, self.check, progress)

    @contextmanager
    def _timed(self, name: str, timings_ms: dict[str, int]) -> Iterator[None]:
        begin = self.clock.monotonic_ms()
        yield
        timings_ms[name] = self.clock.monotonic_ms() - begin

    @contextmanager
    def _receipts(self, job_id: UUID, task_id: UUID | None) -> Iterator[list[Receipt]]:
        """Record the receipts collected inside, and the one an error carries: it was spent."""
        receipts: list[Receipt] = []
        try:
            yield receipts
        except VendorError as error:
            receipts += [error.receipt] if isinstance(error.receipt, Receipt) else []
            raise
        finally:
            with self.transactions() as work:
                for receipt in receipts:
                    work.receipts.add(job_id, task_id, receipt)
                work.commit()


def _lines(prepared: Prepared, fitted: Sequence[FittedLine]) -> tuple[DubbedLine, ...]:
    return tuple(
        DubbedLine(utterance, line.text, line.slot, line.placement)
        for utterance, line in zip(prepared.transcript.utterances, fitted, strict=True)
    )
