"""What workers do: hear a job's recording once, then dub each of its languages."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from ytdubber.app.casting.engines import Engines
from ytdubber.app.casting.pairs import Pairs
from ytdubber.app.dubs.manifest import language_entry
from ytdubber.app.dubs.prepared_facts import PreparedFacts
from ytdubber.app.dubs.room import full_disk_told
from ytdubber.app.dubs.video_of_dub import need_picture
from ytdubber.app.jobs.job_mixes import shown_mixes
from ytdubber.app.jobs.observer import JobObserver, Unobserved
from ytdubber.app.jobs.put_off import PutsOff
from ytdubber.app.jobs.task_progress import TaskProgress
from ytdubber.app.lines.dub_lines import keep_around, script_of
from ytdubber.app.lines.task_edits import TaskEdits, task_edits
from ytdubber.app.pipeline.artifacts import Dub, Stem
from ytdubber.app.pipeline.runner import Runner
from ytdubber.app.uploads.given_texts import cut_as, kept_script, kept_translation
from ytdubber.app.uploads.job_files import JobBlobs, JobResults, artifact_of, fetch_stems
from ytdubber.domain.errors import BadInput, LeaseLost, SameLanguage
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.stage import Stage
from ytdubber.domain.waiting import Patience
from ytdubber.domain.webhook import language_complete
from ytdubber.log import ContextPool, bind, get_logger
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.clock import Clock
from ytdubber.ports.leases import Kind, Lease
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.revisions import Revision
from ytdubber.ports.service_work import AsService, ServiceWork
from ytdubber.ports.signer import Signer
from ytdubber.video.make import look

Fenced = Callable[[Lease], AsService]
"""Transactions that last only while the lease is held, or until somebody else takes it."""

_CANCELLED = "It was cancelled."

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RunJob:
    """The use cases of a worker over its ports.

    Attributes:
        engines: The engines, remembering what they make in a job's own store.
        fenced: Begins transactions under a lease.
        last_word: The same also after the lease was given up, until somebody takes it.
        media: Where stems come from and finished files go.
        clock: Tells the time.
        scratch: A folder for intermediate files that is gone afterwards.
        finish: Ends the job when all its languages have ended.
        cores: Held while this process computes much by itself.
        fetch_pair: Brings what translates a pair to this machine; calls the function meanwhile.
        patience: How long work waits for a vendor or the storage that is away.
        storage: Around each piece of work, so that none begins while the storage is away.
        observer: Told what was made.
        signer: Signs finished files as made by AI, where that is wanted.
    """

    engines: Callable[[ResultStore], Engines]
    fenced: Fenced
    last_word: Fenced
    media: MediaStore
    clock: Clock
    scratch: Callable[[], AbstractContextManager[Path]]
    finish: Callable[[UUID], None]
    cores: Callable[[CallContext], AbstractContextManager[None]] = lambda _: nullcontext()
    fetch_pair: Callable[[str, str, Callable[[], None]], None] = lambda *_: None
    patience: Patience = field(default_factory=Patience)
    storage: Callable[[], AbstractContextManager[None]] = nullcontext
    observer: JobObserver = field(default_factory=Unobserved)
    signer: Signer | None = None

    def prepare(self, lease: Lease, check: Callable[[], None]) -> None:
        """Decode a job's stems and hear what is said; then wake its languages.

        Raises:
            Cancelled: its user wants no more of it; its languages are cancelled.
            BadInput: the recording cannot be dubbed.
            DiskFull: this machine has no room for it just now.
            PairNotFetched: what translates it could not be fetched.
            PutOff: a vendor or the storage is away; the rows say so.
            StorageNotWorking: files cannot be fetched or kept.
            VendorError: an engine could not do it.
        """
        with self._putting_off(lease), self.storage():
            self._prepare(lease, check)

    def dub(self, lease: Lease, check: Callable[[], None]) -> None:
        """One language of a job, from what was heard to finished files.

        Raises:
            Cancelled: its user wants no more of it; the task is cancelled.
            BadInput: it cannot be dubbed.
            DiskFull: this machine has no room for it just now.
            PairNotFetched: what translates it could not be fetched.
            PutOff: a vendor or the storage is away; the row says so.
            StorageNotWorking: files cannot be fetched or kept.
            VendorError: an engine could not do it.
        """
        with self._putting_off(lease), self.storage():
            self._dub(lease, check)

    @contextmanager
    def _room(self) -> Iterator[Path]:
        with self.scratch() as scratch, full_disk_told(scratch):
            yield scratch

    @property
    def _putting_off(self) -> PutsOff:
        return PutsOff(self.fenced, self.clock, self.patience)

    def _prepare(self, lease: Lease, check: Callable[[], None]) -> None:
        job_id, transactions = lease.id, self.fenced(lease)
        with transactions() as work:
            job = work.jobs.get(job_id)
            bind(job_id=job_id, user_id=job.user_id)
            tasks = [t for t in work.tasks.of_job(job_id) if not t.stage.final]
            uploads = work.uploads.of_job(job_id)
        with self._room() as scratch:
            on_progress = TaskProgress(transactions, self.clock, _ids(tasks))
            waits, video = self._putting_off.waits(tasks), job.options.video
            runner = self._runner(lease, job_id, transactions, scratch, on_progress, check, waits)
            timings: dict[str, int] = {}
            voice, background = fetch_stems(self.media, uploads, scratch, check)
            if video is not None:
                need_picture(voice.path, voice.name, video, check)
            pairs = self._pairs(job_id, runner, transactions, voice.name)
            script = kept_script(JobResults(self.media, job_id, scratch), job.options)

            def spoken(language: str) -> None:
                targets = [task.language for task in tasks if task.language != language]
                if targets and not set(targets) & set(job.options.translations):
                    pairs.need_one(targets, language)

            prepared = runner.prepare(
                job_id, voice, background, timings, spoken=spoken, script=script
            )
            film_ms = _film_ms(voice, check) if prepared.source.film else None
        with transactions() as work:
            recognizer = runner.engines.recognizer
            facts = PreparedFacts.of(prepared, timings, recognizer, film_ms)
            work.job_repository.save_prepared(job_id, facts.model_dump(mode="json"))
            work.learn_speed("stt", sum(timings.values()) / prepared.total_ms)
            work.wake()
            work.commit()
        self.observer.heard(timings, prepared.total_ms)
        log.info("job.prepared", total_ms=prepared.total_ms, elapsed_ms=sum(timings.values()))

    def _dub(self, lease: Lease, check: Callable[[], None]) -> None:
        transactions = self.fenced(lease)
        with transactions() as work:
            task = work.tasks.get(lease.id)
            job = work.jobs.get(task.job_id)
            user_id, editable = job.user_id, job.options.editable
            bind(job_id=task.job_id, language=task.language, user_id=user_id)
            uploads = work.uploads.of_job(task.job_id)
            transcript = work.transcripts.get(task.job_id)
            facts = PreparedFacts.model_validate(work.job_repository.prepared(task.job_id))
            known = task_edits(work, task)
        if known.to_make and known.to_make.result is not None:
            self._show(lease, task, known.to_make)
            return
        if transcript is not None and transcript.source_for(task.language) is None:
            raise SameLanguage(foreign_ms=transcript.foreign_ms)
        with self._room() as scratch, ContextPool(1, "decode") as decoding:
            on_progress = TaskProgress(transactions, self.clock, _ids([task]))
            waits = self._putting_off.waits([task])
            runner = self._runner(
                lease, task.job_id, transactions, scratch, on_progress, check, waits
            )
            voice, background = fetch_stems(self.media, uploads, scratch, check)
            pairs = self._pairs(task.job_id, runner, transactions, voice.name)
            results = JobResults(self.media, task.job_id, scratch)
            given = kept_translation(results, job.options, task.language)
            stale = known.to_make is not None and known.to_make.edits.stale
            if transcript is not None and (given is None or stale):
                pairs.need_language(task.language, transcript)
            original = known.to_make is not None and known.to_make.edits.keep_original
            stems = voice, background, decoding, original
            prepared = runner.prepare_again(task.job_id, facts.heard, *stems)
            if known.to_make:
                prepared = cut_as(given, prepared, task.language)
                given = script_of(known, known.to_make, self.media, results, scratch)
            mixes = shown_mixes(known, results, self.media, check) if editable else None
            dub = runner.dub(task.id, prepared, given, mixes)
            if known.to_make is None and editable:
                keep_around(results, task, dub)
        self._complete(lease, known, dub, facts.total_ms)

    def cancelled(self, lease: Lease) -> None:
        """Record that a job's languages, or one of them, are not wanted any more; says whoever
        worked on it last.
        """
        self._end(lease, lambda task: task.cancel(self.clock.now()), _CANCELLED)
        log.info("work.cancelled", kind=lease.kind, row_id=lease.id)

    def failed(self, lease: Lease, code: str, message: str) -> None:
        """Record that a job's languages, or one of them, cannot be made, and why; says whoever
        worked on it last.
        """
        self._end(lease, lambda task: task.fail(code, message, self.clock.now()), message)
        log.info("work.failed", kind=lease.kind, row_id=lease.id, error=code)

    def _end(self, lease: Lease, change: Callable[[LanguageTask], LanguageTask], why: str) -> None:
        """The languages end so; a revision that was being made is given up, and the dub that is
        shown stays.
        """
        try:
            with self.last_word(lease)() as work:
                tasks = _under(lease, work)
                for task in tasks:
                    if task.rendering is not None:
                        self._give_up(work, task, why)
                    elif not task.stage.final:
                        work.tasks.save(change(task))
                work.commit()
        except LeaseLost:
            log.info("work.lost", kind=lease.kind)
            return
        for job_id in {task.job_id for task in tasks}:
            self.finish(job_id)

    def _give_up(self, work: ServiceWork, task: LanguageTask, why: str) -> None:
        now, made = self.clock.now(), task_edits(work, task).to_make
        if made is not None and made.result is None:
            work.revisions.save(task.id, replace(made, finished_at=now, error_message=why))
        data = {"language": task.language, "revision": task.rendering, "message": why}
        work.events.add(task.job_id, "render_failed", data, task)
        work.tasks.save(task.put_back(now))

    def _show(self, lease: Lease, task: LanguageTask, revision: Revision) -> None:
        """Show a revision that was made before: its files are there."""
        with self.fenced(lease)() as work:
            work.artifacts.show(task, revision.number)
            work.results.save(task.id, revision.result or {})
            self._end_stages(work, task)
            work.commit()
        log.info("task.restored", revision=revision.number)
        self.finish(task.job_id)

    def _end_stages(self, work: ServiceWork, task: LanguageTask) -> None:
        now, job = self.clock.now(), work.jobs.get(task.job_id)
        work.tasks.save(work.tasks.get(task.id).enter(Stage.COMPLETE, now))
        if job.user_id is not None:
            event = language_complete(job.id, task.language, now)
            work.webhooks.tell(job.user_id, event, job.options.webhooks)

    def _complete(self, lease: Lease, known: TaskEdits, dub: Dub, total_ms: int) -> None:
        """Files, figures and the end of the task: all in one transaction, or none."""
        now, task, revision = self.clock.now(), known.task, known.to_make
        number = revision.number if revision else 1
        with self.fenced(lease)() as work:
            work.artifacts.show(task, number)
            for file in dub.files:
                work.artifacts.put(artifact_of(task.job_id, file, task, number, lease.owner))
            entry = language_entry(dub, str(task.id)).model_dump(mode="json")
            work.results.save(task.id, entry)
            if revision is not None:
                work.revisions.save(task.id, replace(revision, result=entry, finished_at=now))
            else:
                for stage, elapsed_ms in _by_stage(dub.timings_ms).items():
                    work.learn_speed(stage, elapsed_ms / total_ms)
            self._end_stages(work, task)
            work.commit()
        self.observer.dubbed(dub)
        log.info("task.completed", total_ms=total_ms, elapsed_ms=sum(dub.timings_ms.values()))
        self.finish(task.job_id)

    def _pairs(self, job_id: UUID, runner: Runner, transactions: AsService, file: str) -> Pairs:
        """Who translates; while something is fetched for it, the job's user is told."""

        def tell(kind: str, source: str, target: str) -> None:
            with transactions() as work:
                work.events.add(job_id, kind, {"source": source, "target": target})
                work.commit()

        def fetch(source: str, target: str) -> None:
            tell("fetching", source, target)
            try:
                self.fetch_pair(source, target, runner.check)
            finally:
                tell("fetched", source, target)

        return Pairs(runner.engines, fetch, file)

    def _runner(
        self,
        lease: Lease,
        job_id: UUID,
        transactions: AsService,
        scratch: Path,
        on_progress: TaskProgress,
        check: Callable[[], None],
        waits: bool,
    ) -> Runner:
        return Runner(
            self.engines(JobResults(self.media, job_id, scratch)),
            transactions,
            JobBlobs(self.media, job_id, lease.owner),
            self.clock,
            scratch,
            on_progress,
            check,
            self.cores,
            waits,
            self.signer,
        )


def _under(lease: Lease, work: ServiceWork) -> Sequence[LanguageTask]:
    """The languages that stand or fall with what a lease is on: those of a job until it was heard,
    when each goes on under a lease of its own.
    """
    if lease.kind is Kind.TASK:
        return [work.tasks.get(lease.id)]
    return work.tasks.of_job(lease.id) if work.job_repository.prepared(lease.id) is None else []


def _ids(tasks: Sequence[LanguageTask]) -> dict[str, UUID]:
    return {task.language: task.id for task in tasks}


def _film_ms(voice: Stem, check: Callable[[], None]) -> float | None:
    """How long a film is; None where its header does not say, or cannot be read by itself."""
    with suppress(BadInput):
        length_s = look(voice.path, voice.name, check).length_s
        return length_s and length_s * 1000
    return None


def _by_stage(timings_ms: Mapping[str, int]) -> dict[str, int]:
    """What each public stage took."""
    return {
        "translating": timings_ms["translate"],
        "dubbing": timings_ms["speak"] + timings_ms["fit"],
        "mixing": timings_ms["mix"],
        "exporting": timings_ms["export"],
    }
