"""Dub one recording into several languages: what the command line does."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

from ytdubber import __version__
from ytdubber.app.engines import Engines
from ytdubber.app.manifest import (
    NAME,
    FileEntry,
    InputFile,
    LanguageEntry,
    Manifest,
    SourceEntry,
    engine_entry,
    file_entry,
    intact,
    language_entry,
    read_manifest,
    uncovered_entry,
)
from ytdubber.app.pipeline.artifacts import OutputFile, Prepared, Stem
from ytdubber.app.pipeline.runner import Runner
from ytdubber.app.pipeline.texts import transcript_json
from ytdubber.app.progress import Listener, Progress
from ytdubber.app.warm_up import warm_up
from ytdubber.audio.profiles import PROFILES, AudioFormat
from ytdubber.domain.errors import (
    AllLanguagesFailed,
    BadInput,
    BadSetting,
    Cancelled,
    EmptyFile,
    FileNotReadable,
    NothingToDub,
    UnknownFormat,
    YtDubberError,
)
from ytdubber.domain.job import DubOptions, Job
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.stage import Stage
from ytdubber.domain.transcript import Transcript
from ytdubber.ports.blob_store import BlobStore
from ytdubber.ports.clock import Clock
from ytdubber.ports.unit_of_work import Transactions


@dataclass(frozen=True, slots=True)
class DubRequest:
    """What a person asked for; languages are normalized codes."""

    voice: Path
    background: Path | None
    source_language: str | None
    target_languages: tuple[str, ...]
    options: DubOptions


@dataclass(frozen=True, slots=True)
class DubOutcome:
    """What came of it."""

    manifest: Manifest
    reused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Inputs:
    voice: InputFile
    background: InputFile | None

    @property
    def hashes(self) -> list[str | None]:
        return [self.voice.sha256, self.background.sha256 if self.background else None]


@dataclass(frozen=True, slots=True)
class DubRecording:
    """The use case over its ports.

    Attributes:
        engines: Who hears, translates and speaks.
        transactions: Begins a transaction.
        blobs: The output folder.
        clock: Tells the time.
        models: The pinned hashes of the models in use: model -> file -> SHA-256.
    """

    engines: Engines
    transactions: Transactions
    blobs: BlobStore
    clock: Clock
    models: Callable[[], dict[str, dict[str, str]]]

    def validate(self, request: DubRequest) -> None:
        """Refuse what cannot be done before any work is begun.

        Raises:
            BadInput: a format, language, voice, pair or file is not to be had.
        """
        known = [each.value for each in AudioFormat]
        for name in request.options.formats:
            if name not in known:
                raise UnknownFormat(format=name, formats=", ".join(known))
        if request.options.loudness not in PROFILES:
            reason = f"'{request.options.loudness}' is not one of {', '.join(PROFILES)}."
            raise BadSetting(variable="--loudness", reason=reason)
        source = request.source_language
        for language in request.target_languages:
            if language == source:
                continue
            options = request.options
            self.engines.cast(language, options.voice_wish(language), options.voice_tier)
            if source:
                self.engines.need_pair(source, language)
        if set(request.target_languages) == {source}:
            raise NothingToDub(file=request.voice, language=source)
        for path in filter(None, (request.voice, request.background)):
            _readable(path)

    def finished(self, request: DubRequest) -> DubOutcome | None:
        """The dub that is already there, when all of it is what this request would make."""
        manifest = read_manifest(self.blobs)
        if manifest is None:
            return None
        inputs = _inputs(request)
        if not self._same_source(manifest, request, inputs):
            return None
        targets = [t for t in request.target_languages if t != manifest.source.language]
        if not targets:
            raise NothingToDub(file=request.voice, language=manifest.source.language)
        for language in targets:
            entry = manifest.languages.get(language)
            wanted = self._fingerprint(request, inputs, manifest.source.language, language)
            if entry is None or entry.status != "complete" or entry.fingerprint != wanted:
                return None
            if not intact(entry.files, self.blobs):
                return None
        if not intact([manifest.transcript], self.blobs):
            return None
        return DubOutcome(manifest, tuple(targets))

    def __call__(
        self, request: DubRequest, scratch: Path, listener: Listener, check: Callable[[], None]
    ) -> DubOutcome:
        """Make the dub. A language that is already there as asked is kept.

        Args:
            request: What to dub.
            scratch: An empty folder on the output folder's file system.
            listener: Told of progress.
            check: Raises `Cancelled` to stop.

        Raises:
            BadInput: the request cannot be carried out.
            AllLanguagesFailed: no language is complete.
        """
        inputs = _inputs(request)
        before = read_manifest(self.blobs)
        runner = Runner(
            self.engines, self.transactions, self.blobs, self.clock, scratch, listener, check
        )
        warm_up(self.engines, request.target_languages, request.options.voice_tier)
        job = self._submit(request)
        timings: dict[str, int] = {}
        background = request.background
        prepared = runner.prepare(
            job.id,
            Stem(request.voice, str(request.voice)),
            Stem(background, str(background)) if background else None,
            timings,
        )
        self.engines.speech_to_text.close()
        spoken = prepared.transcript.language
        if set(request.target_languages) == {spoken}:
            raise NothingToDub(file=request.voice, language=spoken)
        manifest = self._manifest(request, inputs, prepared, timings, scratch)
        if before is not None and before.source == manifest.source:
            kept = {k: v for k, v in before.languages.items() if intact(v.files, self.blobs)}
            manifest = manifest.model_copy(update={"languages": kept})
        return self._dub_all(request, inputs, runner, job, prepared, manifest, before)

    def _dub_all(
        self,
        request: DubRequest,
        inputs: _Inputs,
        runner: Runner,
        job: Job,
        prepared: Prepared,
        manifest: Manifest,
        before: Manifest | None,
    ) -> DubOutcome:
        """Every language after the other; the manifest always names what is there."""
        with self.transactions() as work:
            tasks = {task.language: task for task in work.tasks.of_job(job.id)}
        reused, errors = list[str](), list[YtDubberError]()
        for language, task in tasks.items():
            fingerprint = self._fingerprint(request, inputs, prepared.transcript.language, language)
            entry = manifest.languages.get(language)
            if entry and entry.status == "complete" and entry.fingerprint == fingerprint:
                reused.append(language)
                continue
            try:
                entry = self._dub_one(runner, task, prepared, fingerprint, job.options.loudness)
            except Cancelled:
                raise
            except YtDubberError as error:
                errors.append(error)
                entry = LanguageEntry(
                    status="failed",
                    fingerprint=fingerprint,
                    loudness=request.options.loudness,
                    error_code=error.code,
                    error_message=str(error),
                )
            languages = manifest.languages | {language: entry}
            manifest = manifest.model_copy(update={"languages": languages})
            if entry.status == "complete":
                manifest = self._save(manifest, runner.scratch, before)
                before = manifest
        if len(errors) == len(tasks):
            raise next(
                (e for e in errors if isinstance(e, BadInput)), AllLanguagesFailed.because(errors)
            )
        return DubOutcome(self._save(manifest, runner.scratch, before), tuple(reused))

    def _dub_one(
        self,
        runner: Runner,
        task: LanguageTask,
        prepared: Prepared,
        fingerprint: str,
        loudness: str,
    ) -> LanguageEntry:
        if task.language == prepared.transcript.language:
            return LanguageEntry(
                status="skipped",
                fingerprint=fingerprint,
                loudness=loudness,
                error_code="same_language",
                error_message="The recording is spoken in this language already.",
            )
        try:
            dub = runner.dub(task.id, prepared)
        except Cancelled:
            self._end(task.id, lambda t: t.cancel(self.clock.now()))
            raise
        except YtDubberError as error:
            code, message = error.code, str(error)
            self._end(task.id, lambda t: t.fail(code, message, self.clock.now()))
            raise
        self._end(task.id, lambda t: t.enter(Stage.COMPLETE, self.clock.now()))
        runner.listener(Progress(task.language, Stage.COMPLETE, 1.0))
        return language_entry(dub, fingerprint, loudness)

    def _end(self, task_id: UUID, change: Callable[[LanguageTask], LanguageTask]) -> None:
        with self.transactions() as work:
            work.tasks.save(change(work.tasks.get(task_id)))
            work.commit()

    def _submit(self, request: DubRequest) -> Job:
        job = Job(
            id=uuid4(),
            source_language=request.source_language,
            target_languages=request.target_languages,
            created_at=self.clock.now(),
            options=request.options,
        )
        with self.transactions() as work:
            work.jobs.add(job)
            for language in request.target_languages:
                work.tasks.add(LanguageTask(uuid4(), job.id, language))
            work.commit()
        return job

    def _manifest(
        self,
        request: DubRequest,
        inputs: _Inputs,
        prepared: Prepared,
        timings_ms: dict[str, int],
        scratch: Path,
    ) -> Manifest:
        """A manifest with no language in it yet; writes `transcript.json` into scratch."""
        source = prepared.source
        voice = inputs.voice.model_copy(update={"duration_ms": source.voice_ms})
        background = inputs.background and inputs.background.model_copy(
            update={"duration_ms": source.background_ms}
        )
        length_ms = source.voice_ms if source.background_ms is None else source.background_ms
        return Manifest(
            schema_version=1,
            generator=f"ytdubber {__version__}",
            created_at=self.clock.now(),
            source=SourceEntry(
                voice=voice,
                background=background,
                language=prepared.transcript.language,
                language_requested=request.source_language,
                samples=source.total_samples,
                sample_rate_hz=source.sample_rate_hz,
                duration_ms=round(source.total_samples * 1000 / source.sample_rate_hz, 3),
                stem_difference_ms=source.voice_ms - length_ms,
                uncovered=uncovered_entry(prepared.transcript),
            ),
            transcript=_write_transcript(prepared.transcript, scratch),
            engines={
                "speech_to_text": engine_entry(
                    prepared.engine or self.engines.speech_to_text.engine
                )
            },
            models=self.models(),
            timings_ms=timings_ms,
            languages={},
        )

    def _save(self, manifest: Manifest, scratch: Path, before: Manifest | None) -> Manifest:
        """Put manifest and transcript in place; remove the files only the one before named."""
        transcript = scratch / manifest.transcript.path
        if transcript.exists():
            self.blobs.put(manifest.transcript.path, transcript)
        path = scratch / NAME
        path.write_bytes(manifest.to_json())
        self.blobs.put(NAME, path)
        for key in sorted(_paths(before) - _paths(manifest)) if before else ():
            self.blobs.delete(key)
        return manifest

    def _same_source(self, manifest: Manifest, request: DubRequest, inputs: _Inputs) -> bool:
        had = _Inputs(manifest.source.voice, manifest.source.background)
        return (
            had.hashes == inputs.hashes
            and manifest.source.language_requested == request.source_language
        )

    def _fingerprint(self, request: DubRequest, inputs: _Inputs, source: str, target: str) -> str:
        """A hash of everything a language's files depend on."""
        options = request.options
        parts: list[object] = [__version__, inputs.hashes, request.source_language, source, target]
        if source != target and self.engines.translator.translates(source, target):
            wish, tier = options.voice_wish(target), options.voice_tier
            synthesizer, voice = self.engines.cast(target, wish, tier)
            engines = (
                self.engines.speech_to_text.engine,
                self.engines.translator.engine(source, target),
                synthesizer.engine,
            )
            parts += [voice.id, [asdict(engine) for engine in engines]]
        parts.append(asdict(replace(options, voices={}, formats=tuple(sorted(options.formats)))))
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _readable(path: Path) -> None:
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise EmptyFile(file=path)
    except OSError as error:
        raise FileNotReadable(file=path, reason=error.strerror or error) from None


def _inputs(request: DubRequest) -> _Inputs:
    return _Inputs(
        _input(request.voice), _input(request.background) if request.background else None
    )


def _input(path: Path) -> InputFile:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileNotReadable(file=path, reason=error.strerror or error) from None
    return InputFile(name=path.name, bytes=path.stat().st_size, sha256=digest, duration_ms=0)


def _write_transcript(transcript: Transcript, scratch: Path) -> FileEntry:
    data, name = transcript_json(transcript), "transcript.json"
    (scratch / name).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return file_entry(OutputFile(name, "transcript", "json", len(data), digest))


def _paths(manifest: Manifest) -> set[str]:
    files = [file.path for entry in manifest.languages.values() for file in entry.files]
    return {manifest.transcript.path, *files}
