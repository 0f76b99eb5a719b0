"""Dub one recording into several languages: what the command line does."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from uuid import uuid4

from ytdubber.app.casting.engines import Engines
from ytdubber.app.casting.pairs import FetchPair, Pairs
from ytdubber.app.casting.voices import need_voices
from ytdubber.app.casting.warm_up import warm_up
from ytdubber.app.dubs.heard import Heard, Inputs
from ytdubber.app.dubs.manifest import (
    Manifest,
    intact,
    read_manifest,
)
from ytdubber.app.dubs.prepared_facts import PreparedFacts
from ytdubber.app.dubs.room import full_disk_told, needed_bytes
from ytdubber.app.local.dub_bundle import DubBundle, bundle_there, need_bundle
from ytdubber.app.local.dub_languages import DubLanguages, MadeFiles, Permit
from ytdubber.app.local.dub_outcome import DubOutcome, error_of, need_one, outcome_of
from ytdubber.app.local.dub_request import DubRequest, fingerprint
from ytdubber.app.local.dub_videos import DubVideos, need_video, needed_for_videos, videos_there
from ytdubber.app.local.finished_dub import FinishedDub
from ytdubber.app.local.kept_recordings import KeptRecordings
from ytdubber.app.local.kept_texts import KeptTexts
from ytdubber.app.pipeline.artifacts import Prepared, Source, Stem
from ytdubber.app.pipeline.file_entry import FileEntry
from ytdubber.app.pipeline.kept_mixes import KeptMixes
from ytdubber.app.pipeline.progress import OnProgress
from ytdubber.app.pipeline.runner import Runner
from ytdubber.domain.caption_variant import CaptionVariant, variants_of
from ytdubber.domain.errors import (
    BadInput,
    NothingToDub,
    PairNotFetched,
)
from ytdubber.domain.job import Job
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.printable import printable
from ytdubber.ports.blob_store import BlobSink, BlobStore
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.clock import Clock
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.signer import Signer
from ytdubber.ports.unit_of_work import Transactions


@dataclass(frozen=True, slots=True)
class Begun:
    """A dub whose recording was heard.

    Attributes:
        runner: What makes the rest of it.
        prepared: What all languages share.
        tasks: Each language.
        timings_ms: What each stage took so far.
    """

    runner: Runner
    prepared: Prepared
    tasks: Sequence[LanguageTask]
    timings_ms: dict[str, int]


@dataclass(frozen=True, slots=True)
class DubRecording:
    """The use case over its ports.

    Attributes:
        engines: Who hears, translates and speaks.
        transactions: Begins a transaction.
        blobs: The output folder.
        clock: Tells the time.
        models: The pinned hashes of the models in use: model -> file -> SHA-256.
        fetch_pair: Brings what translates a pair to this machine, or says why it cannot.
        whole_pair: Whether what translates a pair on this machine is here with all its files.
        need_room: Makes sure that so many bytes can be written.
        permit: How many languages are made at once.
        cores: Held while stems are decoded or a language is mixed.
        signer: Signs finished files as made by AI, where that is wanted.
        recordings: What was heard of recordings before, where that is kept.
        results: Where it is kept how files were mixed and what texts were written, with that.
    """

    engines: Engines
    transactions: Transactions
    blobs: BlobStore
    clock: Clock
    models: Callable[[], dict[str, dict[str, str]]]
    fetch_pair: FetchPair = lambda *_: None
    whole_pair: Callable[[str, str], bool] = lambda *_: True
    need_room: Callable[[int], None] = lambda _: None
    permit: Permit = lambda *_: nullcontext()
    cores: Callable[[CallContext], AbstractContextManager[None]] = lambda _: nullcontext()
    signer: Signer | None = None
    recordings: KeptRecordings | None = None
    results: ResultStore | None = None

    def validate(self, request: DubRequest) -> None:
        """Refuse what cannot be done before any work is begun; fetch what translates, if need be.

        Raises:
            BadInput: a format, language, voice, pair or file is not to be had.
        """
        request.check()
        need_video(request)
        need_bundle(request)
        source, options = request.source_language, request.options
        targets = [language for language in request.target_languages if language != source]
        if not targets:
            raise NothingToDub(file=request.voice, language=source)
        for language in targets:
            need_voices(self.engines, language, options)
        for language in targets if source else ():
            if language in request.translations:
                continue
            self._pairs(request).need(source or "", language)

    def finished(self, request: DubRequest, inputs: Inputs) -> DubOutcome | None:
        """The dub that is already there, when all of it is what this request would make."""
        manifest = read_manifest(self.blobs)
        if manifest is None:
            return None
        if not self._same_source(manifest, request, inputs):
            return None
        source = manifest.source
        targets = [t for t in request.target_languages if not _skipped(manifest, t)]
        if not targets:
            raise NothingToDub(
                file=request.voice, language=source.language, foreign_ms=source.foreign_ms
            )
        for language in targets:
            entry = manifest.languages.get(language)
            wanted = self._fingerprint(request, inputs, manifest.source.language)(language)
            if entry is None or entry.status != "complete" or entry.fingerprint != wanted:
                return None
            if not intact(entry.files, self.blobs):
                return None
        if not (
            _texts_there(request, manifest)
            and intact(manifest.texts, self.blobs)
            and videos_there(request, manifest, self.blobs)
            and bundle_there(request, manifest, self.blobs)
        ):
            return None
        return DubOutcome(manifest, tuple(targets))

    def __call__(
        self,
        request: DubRequest,
        inputs: Inputs,
        scratch: Path,
        on_progress: OnProgress,
        check: Callable[[], None],
    ) -> DubOutcome:
        """Make the dub. A language that is already there as asked is kept.

        Args:
            request: What to dub.
            inputs: Its files, as they are now.
            scratch: An empty folder on the output folder's file system.
            on_progress: Told of progress.
            check: Raises `Cancelled` to stop.

        Raises:
            BadInput: the request cannot be carried out.
            AllLanguagesFailed: no language is complete.
            DiskFull: there was no room to go on.
        """
        with full_disk_told(scratch):
            return self._dub(request, inputs, scratch, on_progress, check)

    def _dub(
        self,
        request: DubRequest,
        inputs: Inputs,
        scratch: Path,
        on_progress: OnProgress,
        check: Callable[[], None],
    ) -> DubOutcome:
        before = read_manifest(self.blobs)
        made = MadeFiles()
        key = self.recordings.key(request, inputs) if self.recordings else None
        begun = self.begin(request, scratch, made, on_progress, check, key)
        runner, prepared = begun.runner, begun.prepared
        spoken = prepared.transcript.language
        facts = PreparedFacts.of(prepared, begun.timings_ms, self.engines.recognizer)
        heard = Heard(prepared.transcript, facts, inputs)
        texts = self._texts(request, heard, key, before, scratch)
        now, asked = self.clock.now(), request.source_language
        manifest = heard.manifest(asked, texts, self.models(), now, {})
        dub = FinishedDub(self.blobs, scratch, manifest, before)
        languages = DubLanguages(
            runner,
            made,
            prepared,
            request.options,
            dub,
            self._fingerprint(request, inputs, spoken),
            self.permit,
            request.translations,
            partial(self._mixes, key, before),
        )
        ended = languages(begun.tasks)
        need_one(ended)
        videos = DubVideos(request, dub, self.blobs, scratch, on_progress, check, self.signer)
        bundle = DubBundle(request, dub, self.blobs, scratch, check)
        video_error = error_of(lambda: videos(prepared.source)) or error_of(bundle)
        if self.recordings and key and "transcribe" in begun.timings_ms:
            self.recordings.save(key, prepared)
        outcome = outcome_of(ended, dub, whole=video_error is None)
        if video_error is not None:
            raise video_error
        return outcome

    def begin(
        self,
        request: DubRequest,
        scratch: Path,
        blobs: BlobSink,
        on_progress: OnProgress,
        check: Callable[[], None],
        key: str | None = None,
    ) -> Begun:
        """Decode the stems, hear what is said, and make sure that it can be translated; what was
        heard before and is kept under the key is taken as it was heard.

        Raises:
            BadInput: the request cannot be carried out.
        """
        runner = Runner(
            self.engines,
            self.transactions,
            blobs,
            self.clock,
            scratch,
            on_progress,
            check,
            self.cores,
            signer=self.signer and self.signer.with_parent(request.voice),
        )
        kept = self.recordings.load(key) if self.recordings and key else None
        tier = request.options.voice_tier
        warm_up(self.engines, request.target_languages, tier, hearing=kept is None)
        job = self._submit(request)
        timings: dict[str, int] = {}

        def decoded(source: Source) -> None:
            files = needed_bytes(source, request.options, len(request.target_languages))
            self.need_room(files + needed_for_videos(request, source))

        if kept is not None:
            decoded(kept.source)
            prepared = runner.prepared(job.id, kept)
        else:
            background = request.background
            prepared = runner.prepare(
                job.id,
                Stem(request.voice, printable(str(request.voice))),
                Stem(background, printable(str(background))) if background else None,
                timings,
                decoded,
                partial(self._need_spoken, request),
                request.script,
                request.keep_original,
            )
        self.engines.speech_to_text.close()
        with self._unless_given(request):
            self._pairs(request).need_heard(request.untranslated, prepared.transcript)
        with self.transactions() as work:
            return Begun(runner, prepared, tuple(work.tasks.of_job(job.id)), timings)

    def _texts(
        self,
        request: DubRequest,
        heard: Heard,
        key: str | None,
        before: Manifest | None,
        scratch: Path,
    ) -> Sequence[FileEntry]:
        """The recording's texts, written into scratch where they are not there already."""
        known = None
        if self.results is not None and key is not None:
            known = KeptTexts(self.results, key, variants_of(request.options.captions))
        if known and before and known.there(before.texts, self.blobs):
            return before.texts
        texts = heard.texts(printable(request.voice.stem), request.options)
        for text in texts:
            (scratch / text.path).write_bytes(text.data)
        entries = [text.entry for text in texts]
        if known:
            known.keep(entries)
        return entries

    def _mixes(self, key: str | None, before: Manifest | None, language: str) -> KeptMixes | None:
        """How the language that is there was mixed."""
        if self.results is None or key is None:
            return None
        entry = before.languages.get(language) if before else None
        files = entry.files if entry else []
        shown = {PurePath(each.path).name: each.sha256 for each in files}

        def fetch(name: str, _: Path) -> Path:
            return self.blobs.path(f"{language}/{name}")

        return KeptMixes(self.results, key, shown, fetch)

    def _need_spoken(self, request: DubRequest, spoken: str) -> None:
        """Make sure that at least one language can be made of what is spoken."""
        with self._unless_given(request):
            self._pairs(request).need_one(request.untranslated, spoken)

    @contextmanager
    def _unless_given(self, request: DubRequest) -> Iterator[None]:
        """What cannot be translated fails by itself where other languages are given by a person, or
        where none is asked for.
        """
        try:
            yield
        except (BadInput, PairNotFetched):
            if request.untranslated and not request.translations:
                raise

    def _pairs(self, request: DubRequest) -> Pairs:
        return Pairs(self.engines, self.fetch_pair, request.voice, self.whole_pair)

    def _fingerprint(
        self, request: DubRequest, inputs: Inputs, spoken: str
    ) -> Callable[[str], str]:
        """A hash, by target, of everything a language's files depend on."""
        signed = self.signer is not None
        return partial(fingerprint, self.engines, request, inputs, signed, spoken)

    def _submit(self, request: DubRequest) -> Job:
        job = Job(
            id=uuid4(),
            source_language=request.source_language,
            target_languages=request.target_languages,
            created_at=self.clock.now(),
            options=request.options,
            title=printable(request.voice.stem),
        )
        with self.transactions() as work:
            work.jobs.add(job)
            for language in request.target_languages:
                work.tasks.add(LanguageTask(uuid4(), job.id, language))
            work.commit()
        return job

    def _same_source(self, manifest: Manifest, request: DubRequest, inputs: Inputs) -> bool:
        had = Inputs(manifest.source.voice, manifest.source.background)
        return (
            had.hashes == inputs.hashes
            and manifest.source.language_requested == request.source_language
        )


def _skipped(manifest: Manifest, language: str) -> bool:
    """Whether a finished run had nothing to dub into this language."""
    entry = manifest.languages.get(language)
    return language == manifest.source.language and (entry is None or entry.status == "skipped")


def _texts_there(request: DubRequest, manifest: Manifest) -> bool:
    """Whether the recording's captions are there that are asked for."""
    wanted = {"captions"}
    if CaptionVariant.SDH in request.options.captions:
        wanted.add(CaptionVariant.SDH.kind)
    return {file.kind for file in manifest.captions} == wanted
