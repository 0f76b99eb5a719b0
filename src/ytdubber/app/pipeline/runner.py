"""Runs the stages, each between two short transactions: one to enter it, one to record it."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from ytdubber.app.casting.engines import Engines
from ytdubber.app.casting.voices import (
    Cast,
    cast_notes,
    casts,
    spoken_by,
    taken_up,
    voices_of_lines,
)
from ytdubber.app.pipeline.artifacts import Dub, HeardBefore, Prepared, Source, Stem
from ytdubber.app.pipeline.decoding import Decoding
from ytdubber.app.pipeline.export import export
from ytdubber.app.pipeline.kept_mixes import KeptMixes
from ytdubber.app.pipeline.progress import OnProgress, Progress
from ytdubber.app.pipeline.stages.diarize import tell_apart
from ytdubber.app.pipeline.stages.fit import fit
from ytdubber.app.pipeline.stages.mix import mix
from ytdubber.app.pipeline.stages.synthesize import AskShorter, Spoken, synthesize
from ytdubber.app.pipeline.stages.transcribe import transcribe
from ytdubber.app.pipeline.timed import timed
from ytdubber.app.pipeline.translated_script import TranslatedScript, given_script
from ytdubber.app.pipeline.translating import translated_anew, translated_script
from ytdubber.audio import stretch
from ytdubber.domain.casting import Casting
from ytdubber.domain.errors import NoSpeech, VendorError
from ytdubber.domain.job import DubOptions
from ytdubber.domain.keep import keep_of, set_apart
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.provenance import Provenance
from ytdubber.domain.script import Script
from ytdubber.domain.stage import Stage
from ytdubber.domain.transcript import until
from ytdubber.domain.waiting import vendor_name
from ytdubber.engines.middleware.fallback import fall_back
from ytdubber.log import get_logger
from ytdubber.ports.blob_store import BlobSink
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.clock import Clock
from ytdubber.ports.operations import Shorten
from ytdubber.ports.signer import Signer
from ytdubber.ports.unit_of_work import Transactions

_INGEST_SHARE = 0.2  # of the time that ingest and transcribe take together
_SEPARATED = 0.6  # of that time is over when the recording is separated, where it may be
PATIENCE_MS, PATIENCE = 600_000, 4
"""How long a stage asks vendors again that failed: so long, and so many times the recording."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Runner:
    """The pipeline over its ports.

    Attributes:
        engines: Who hears, translates and speaks.
        transactions: Begins a transaction.
        blobs: Where finished files go.
        clock: Tells the time.
        scratch: A folder for intermediate files, emptied by its owner.
        on_progress: Told of progress.
        check: Raises `Cancelled` when the work is no longer wanted.
        cores: Held while this process computes much by itself, where many dubs share its cores.
        waits: Whether the work comes again later when a vendor is away.
        signer: Signs finished files as made by AI, where that is wanted.
    """

    engines: Engines
    transactions: Transactions
    blobs: BlobSink
    clock: Clock
    scratch: Path
    on_progress: OnProgress
    check: Callable[[], None]
    cores: Callable[[CallContext], AbstractContextManager[None]] = lambda _: nullcontext()
    waits: bool = False
    signer: Signer | None = None

    def prepare(
        self,
        job_id: UUID,
        voice: Stem,
        background: Stem | None,
        timings_ms: dict[str, int],
        decoded: Callable[[Source], None] = lambda _: None,
        spoken: Callable[[str], None] = lambda _: None,
        script: Script | None = None,
        original: bool = False,
    ) -> Prepared:
        """Decode the stems and hear what is said: once for all languages of a job.

        Args:
            job_id: The job.
            voice: The voice stem.
            background: The background stem, if there is one.
            timings_ms: Filled with the time each stage took.
            decoded: Told what the stems are; may raise, before anything is heard.
            spoken: Told the language as soon as it is known; may raise, before the rest is heard.
            script: What is said, where a person gives it: it is heard for its times alone.
            original: Whether the original of lines is kept.

        Raises:
            BadInput: a stem cannot be dubbed, or the script is not the recording's.
            VendorError: nobody could hear it.
        """
        with self.transactions() as work:
            job = work.jobs.get(job_id)
            for task in work.tasks.of_job(job_id):
                if not task.stage.final:
                    work.tasks.save(task.enter(Stage.STT, self.clock.now()))
            work.commit()
        with timed(self.clock, "ingest", timings_ms):
            call = self._call(job_id, None, Stage.STT, 0.0, _INGEST_SHARE, 0)
            source = self._decoding.ingest(voice, background, job.options, call, original)
        decoded(source)
        heard_from = _INGEST_SHARE if source.mix is None else _SEPARATED
        if source.mix is not None:
            call = self._call(job_id, None, Stage.STT, _INGEST_SHARE, heard_from, source.total_ms)
            with timed(self.clock, "separate", timings_ms):
                source = self._decoding.separate(source, voice, job.options, call)
        call = self._call(job_id, None, Stage.STT, heard_from, 1.0, source.total_ms)
        with timed(self.clock, "transcribe", timings_ms):
            heard, engine = transcribe(
                source.voice,
                voice.name,
                job.source_language,
                self.engines.speech_to_text,
                self.engines.voice_activity,
                job.options.glossary,
                replace(call, spoken=spoken),
                script,
            )
        with timed(self.clock, "diarize", timings_ms):
            speakers = job.options.speakers
            diarizer = self.engines.diarizer_for(speakers)
            told = tell_apart(heard, source.voice, speakers, diarizer, call)
        transcript = until(told.transcript, source.total_ms)
        if not transcript.utterances:
            raise NoSpeech(file=voice.name)
        transcript, kept = set_apart(transcript, keep_of(job.options.keep), source.total_ms)
        with self.transactions() as work:
            work.transcripts.save(job_id, transcript)
            work.commit()
        ready = Future[Source]()
        ready.set_result(source)
        notes, sounds = (script.notes, script.sounds) if script else ((), ())
        notes, total_ms = (*notes, *told.notes), source.total_ms
        return Prepared(total_ms, transcript, ready, engine, notes, told.engine, kept, sounds)

    def prepare_again(
        self,
        job_id: UUID,
        heard: HeardBefore,
        voice: Stem,
        background: Stem | None,
        decoding: Executor,
        original: bool = False,
    ) -> Prepared:
        """As `prepare` left it: what was said as it is stored, the stems decoded again meanwhile.

        Args:
            job_id: The job.
            heard: What else was found.
            voice: The voice stem.
            background: The background stem, if there is one.
            decoding: Where they are decoded; ended before the scratch folder goes.
            original: Whether parts of the original are kept that were not before.

        Raises:
            KeyError: the job was never prepared.
        """
        with self.transactions() as work:
            options, transcript = work.jobs.get(job_id).options, work.transcripts.get(job_id)
        if transcript is None:
            raise KeyError(job_id)
        transcript = replace(transcript, people=heard.people)
        options = replace(options, separate=heard.separate)
        call = CallContext(job_id, raise_if_cancelled=self.check)
        decoded = decoding.submit(self._decoding, voice, background, options, call, original)
        return Prepared(heard.total_ms, transcript, decoded, kept=heard.kept)

    def prepared(self, job_id: UUID, prepared: Prepared) -> Prepared:
        """What was heard of the same recording before: as `prepare` leaves it."""
        with self.transactions() as work:
            for task in work.tasks.of_job(job_id):
                work.tasks.save(task.enter(Stage.STT, self.clock.now()))
            work.transcripts.save(job_id, prepared.transcript)
            work.commit()
        return prepared

    def dub(
        self,
        task_id: UUID,
        prepared: Prepared,
        given: Script | None = None,
        mixes: KeptMixes | None = None,
    ) -> Dub:
        """One language, from translation to finished files. A stage that was passed before is not
        entered again: what it made is remembered.

        Args:
            task_id: The language.
            prepared: What all languages share.
            given: What to say, where a person gives it: nothing is translated then.
            mixes: How it was mixed before, where that is kept.

        Raises:
            YtDubberError: it failed; other languages can go on.
        """
        with self.transactions() as work:
            task = work.tasks.get(task_id)
            job = work.jobs.get(task.job_id)
        options, language, total_ms = job.options, task.language, prepared.total_ms
        scratch = self.scratch / language
        scratch.mkdir()
        timings: dict[str, int] = {}
        script, found = self._script(task, prepared, given, options, timings)
        prepared = replace(prepared, transcript=script.transcript, kept=script.kept)

        call = self._enter(task, Stage.DUBBING, total_ms)
        with timed(self.clock, "speak", timings):
            cast, spoken, notes = self._speak(task, script, found, options, scratch, call)
        with timed(self.clock, "fit", timings):
            fitted = fit(spoken.lines)

        call = self._enter(task, Stage.MIXING, total_ms)
        prepared.decoded.result()  # before a core is held: decoding may be waiting for one
        with timed(self.clock, "mix", timings), self.cores(call):
            made_by = (script.translator, engine := cast.synthesizer.engine)
            provenance = Provenance(job.title, (language,), job.created_at.date(), made_by)
            mixed = mix(prepared, script, fitted, options, provenance, scratch, call, mixes)

        call = self._enter(task, Stage.EXPORTING, total_ms)
        with timed(self.clock, "export", timings):
            kept = self.blobs, scratch, call, mixes
            exported = export(script, fitted, mixed, options, provenance, self.signer, *kept)
        for pace in spoken.paces:
            self.engines.rates.learn(engine, pace.voice, pace.chars, pace.natural_ms)
        return Dub(
            language,
            cast.voices,
            script.translator,
            engine,
            stretch.engine(),
            fitted,
            exported.captions,
            exported.files,
            timings,
            total_ms,
            script.transcript.uncovered,
            (*script.notes, *notes, *cast_notes(cast, options, language), *exported.notes),
            spoken.around,
            prepared.source.loudness(options.loudness),
        )

    def translate(self, task_id: UUID, prepared: Prepared) -> TranslatedScript:
        """What would be said in one language; nothing is spoken.

        Raises:
            YtDubberError: it failed; other languages can go on.
        """
        with self.transactions() as work:
            task = work.tasks.get(task_id)
            options = work.jobs.get(task.job_id).options
        return self._script(task, prepared, None, options, {})[0]

    def _script(
        self,
        task: LanguageTask,
        prepared: Prepared,
        given: Script | None,
        options: DubOptions,
        timings_ms: dict[str, int],
    ) -> tuple[TranslatedScript, tuple[Cast, ...]]:
        """What to say, translated or as a person gives it, and who could say it."""
        language, transcript, total_ms = task.language, prepared.transcript, prepared.total_ms
        if given is None:
            self.engines.need_pair(transcript.source_for(language) or transcript.language, language)
            found = casts(self.engines, transcript, language, options)
        call = self._enter(task, Stage.TRANSLATING, total_ms)
        with timed(self.clock, "translate", timings_ms):
            asked = (language, options.glossary, call)
            if given is None:
                return translated_script(prepared, self.engines, found[0], *asked), found
            script = given_script(given, prepared, language)
            found = casts(self.engines, script.transcript, language, options)
            return translated_anew(script, self.engines, found[0], *asked), found

    def _speak(
        self,
        task: LanguageTask,
        script: TranslatedScript,
        found: Sequence[Cast],
        options: DubOptions,
        scratch: Path,
        call: CallContext,
    ) -> tuple[Cast, Spoken, list[str]]:
        """Every line by one cast, so that no voice changes within a dub; by the next cast from the
        start when an engine fails. What an interrupted attempt settled on is tried first, and
        stays settled while the work waits for a vendor to come back.
        """
        spoken_in = script.transcript.language
        shorten = None if script.given else self._shorten(spoken_in, task.language, options, call)
        notes: list[str] = []

        def ask(cast: Cast) -> tuple[Cast, Spoken, list[str]]:
            self._settle(task, cast.casting)
            folder = scratch / cast.synthesizer.engine.provider
            folder.mkdir(exist_ok=True)
            spoken = synthesize(
                script.lines,
                script.total_ms,
                voices_of_lines(cast, script.transcript, script.edits),
                cast.synthesizer,
                shorten,
                folder,
                call,
                script.kept_intervals,
                script.edits,
                script.around,
                options.spoken_as,
            )
            return cast, spoken, [f"{note} {spoken_by(cast)}" for note in notes]

        def on_error(error: VendorError) -> None:
            log.info("task.voices_replaced", error=error)
            notes.append(f"{vendor_name(error.provider)} could not speak it.")

        try:
            return fall_back(taken_up(found, task.casting), ask, on_error, waits=call.waits)
        except VendorError as error:
            if not (call.waits and error.fault.retryable):
                self._settle(task, None)
            raise

    def _settle(self, task: LanguageTask, casting: Casting | None) -> None:
        """Record who speaks; a later attempt pays for nothing again."""
        with self.transactions() as work:
            now = work.tasks.get(task.id)
            if now.casting != casting:
                work.tasks.save(now.recast(casting))
                work.commit()

    def _shorten(
        self, source: str, target: str, options: DubOptions, call: CallContext
    ) -> AskShorter | None:
        """Asks for shorter texts, where the translator can."""
        shortener = self.engines.shortener
        if shortener is None:
            return None
        glossary = options.glossary
        return lambda overruns: shortener.run(Shorten(overruns, source, target, glossary), call)

    @property
    def _decoding(self) -> Decoding:
        return Decoding(self.engines, self.scratch, self.cores)

    def _enter(self, task: LanguageTask, stage: Stage, total_ms: int) -> CallContext:
        """Record that a stage begins; the call reports its progress."""
        self.check()
        if task.has_passed(stage):
            call = CallContext(task.job_id, task.id, self.check, waits=self.waits)
            return replace(call, deadline_ms=self._deadline_ms(total_ms))
        with self.transactions() as work:
            work.tasks.save(work.tasks.get(task.id).enter(stage, self.clock.now()))
            work.commit()
        call = self._call(task.job_id, task, stage, 0.0, 1.0, total_ms)
        call.progress(0.0)
        return call

    def _call(
        self,
        job_id: UUID,
        task: LanguageTask | None,
        stage: Stage,
        begin: float,
        end: float,
        total_ms: int,
    ) -> CallContext:
        """A call whose progress fills the stage from `begin` to `end`."""
        language = task.language if task else None

        def progress(fraction: float) -> None:
            done = begin + (end - begin) * min(1.0, fraction)
            self.on_progress(Progress(language, stage, done))

        task_id, deadline_ms = task.id if task else None, self._deadline_ms(total_ms)
        return CallContext(job_id, task_id, self.check, progress, deadline_ms, waits=self.waits)

    def _deadline_ms(self, total_ms: int) -> int:
        return self.clock.monotonic_ms() + PATIENCE_MS + PATIENCE * total_ms
