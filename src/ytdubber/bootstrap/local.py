"""A machine of one's own: local models, an output folder, no account."""

import importlib
import logging
import os
import platform
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from importlib.metadata import version
from pathlib import Path
from threading import Event
from uuid import uuid4

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.adapters.filesystem.recordings import FolderRecordingStore
from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.adapters.filesystem.workspace import expect_writable, need_room, settle, workspace
from ytdubber.adapters.local import espeak_library, firefox, kokoro
from ytdubber.adapters.local.firefox import FirefoxTranslator
from ytdubber.adapters.memory.semaphores import MemorySemaphores
from ytdubber.adapters.memory.unit_of_work import MemoryDatabase
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.casting.engines import Engines
from ytdubber.app.dubs.evaluate import Evaluate
from ytdubber.app.dubs.manifest import Manifest, read_manifest
from ytdubber.app.local.dub_recording import DubRecording
from ytdubber.app.local.dub_request import DubRequest
from ytdubber.app.local.edits import Edits
from ytdubber.app.local.kept_recordings import KeptRecordings
from ytdubber.audio import stretch
from ytdubber.bootstrap import local_vendor_process
from ytdubber.bootstrap.engine_client import EngineClient, InAnotherProcess
from ytdubber.bootstrap.engines import (
    EngineDependencies,
    EngineFactory,
    espeak_installed,
    on_cores,
    own_rates,
    results_folder,
    used_devices,
)
from ytdubber.bootstrap.findings import Finding
from ytdubber.bootstrap.pairs import fetch_pair
from ytdubber.bootstrap.prices import price_book
from ytdubber.bootstrap.remote_storage import place, storage_origin
from ytdubber.bootstrap.signing import examined, signer
from ytdubber.bootstrap.vendor_process import vendor_process
from ytdubber.bootstrap.vendors import Vendors, bare_vendors, free_checks
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.voice import VoiceTier
from ytdubber.engines.remote.client import STARTS, VendorProcess
from ytdubber.engines.vendor.registry import vendor
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.semaphores import Semaphores
from ytdubber.settings import Settings, load_settings

ESPEAK_REMEDY = "Install more voices with: pip install 'ytdubber[espeak]'."
_KEY_REMEDY = "Look at the account, and whether {key} is a key of it."
_AWAY_REMEDY = "Work waits until it is back (docs/runbooks/vendor-outage.md); try again."
STRETCH_REMEDY = (
    "Dubs are made all the same, in rougher sound where a line is made shorter. No wheel of"
    " python-stretch is built for this machine; with a C++ compiler: pip install python-stretch."
)
HEARING_MODEL = "whisper-base"
SPEECH_MODELS = ("kokoro-82m", "kokoro-voices")

OWN_VOICES = frozenset({kokoro.PROVIDER, espeak_library.PROVIDER})
OWN_VOICES_AT_ONCE = 1
"""Speaking and mixing each use all of a small machine: two at once take as long and more memory."""


def _ignore(*_: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class ProgressReporter:
    """Who is told what happens outside a job's own stages.

    Attributes:
        say: Told sentences worth showing.
        fetching: Told a model's name, bytes here and bytes in all, while it is fetched.
        check: Raises to stop.
    """

    say: Callable[[str], None] = _ignore
    fetching: Callable[[str, int, int], None] = _ignore
    check: Callable[[], None] = _ignore


@dataclass(frozen=True, slots=True)
class LocalRuntime:
    """This machine with its models and engines; engines load when first used.

    Attributes:
        settings: The settings in force.
        models: The models here.
        engines: Those of this machine, and of vendors that are set up.
        vendors: The vendors that may be asked, by name, sorted.
        spent_usd: What vendors have charged so far, by the price book.
        semaphores: Where permits are taken.
        own_translator: The one of this machine.
        results: What engines made.
        recordings: What was decoded and heard.
    """

    settings: Settings
    models: LocalModelStore
    engines: Engines
    vendors: tuple[str, ...]
    spent_usd: Callable[[], Decimal]
    semaphores: Semaphores
    own_translator: FirefoxTranslator
    results: FolderResultStore
    recordings: FolderRecordingStore

    @contextmanager
    def folder(self, out: Path) -> Iterator[Path]:
        """The output folder, locked; gives a scratch folder."""
        with workspace(out) as scratch:
            yield scratch

    def dub_recording(self, out: Path) -> DubRecording:
        """The use case that dubs into the folder `out`.

        Raises:
            FolderNotWritable: nothing can be written there.
        """
        expect_writable(out)
        return DubRecording(
            engines=self.engines,
            transactions=MemoryDatabase().begin,
            blobs=FolderBlobStore(out),
            clock=SystemClock(),
            models=self.models.hashes,
            fetch_pair=partial(fetch_pair, self.models, self.own_translator),
            whole_pair=self._whole_pair,
            need_room=partial(need_room, out),
            permit=self._permit,
            cores=partial(self.semaphores.acquire, "mixing", 1),
            signer=signer(self.settings),
            recordings=KeptRecordings(self.recordings, self.engines),
            results=self.results,
        )

    def as_set(self, request: DubRequest) -> DubRequest:
        """A request with what the settings say where it leaves that to them."""
        options = request.options
        if options.watermark is None:
            options = replace(options, watermark=self.settings.watermark)
        return replace(request, options=options)

    def _whole_pair(self, source: str, target: str) -> bool:
        engine = self.engines.translated_by(source, target)
        return engine.provider != firefox.PROVIDER or self.own_translator.whole(source, target)

    def _permit(self, engine: EngineId, call: CallContext) -> AbstractContextManager[None]:
        """One of as many as a worker has in hand at once; fewer where this machine speaks."""
        if engine.provider in OWN_VOICES:
            return self.semaphores.acquire("own voices", OWN_VOICES_AT_ONCE, call)
        return self.semaphores.acquire("vendors' voices", self.settings.worker_threads, call)

    def fetch_needed(self, targets: tuple[str, ...], tier: VoiceTier = VoiceTier.STANDARD) -> None:
        """Fetch the models that hearing, and speaking the targets, will certainly need.

        Raises:
            ModelMissing: one is not here and cannot be fetched.
        """
        for name in self.needed(targets, tier):
            if not self.models.present(name):
                self.models.open(name)

    def needed(
        self, targets: tuple[str, ...], tier: VoiceTier = VoiceTier.STANDARD
    ) -> tuple[str, ...]:
        """The models of the engines that are asked first."""
        hearing = self.engines.recognizer.provider == "faster-whisper"
        speakers = {
            self.engines.cast(language, None, tier)[0].engine.provider for language in targets
        }
        speaking = SPEECH_MODELS if "kokoro" in speakers else ()
        return (*((HEARING_MODEL,) if hearing else ()), *speaking)


@contextmanager
def local_runtime(reporter: ProgressReporter | None = None) -> Iterator[LocalRuntime]:
    """This machine, by the settings in force.

    Raises:
        BadSetting: a setting is wrong.
        PartMissing: something the settings name is not installed.
    """
    reporter = reporter or ProgressReporter()
    settings = load_settings()
    price_book(settings.money)
    models = LocalModelStore(
        settings.models,
        settings.translation_folders,
        offline=settings.offline,
        say=reporter.say,
        progress=reporter.fetching,
        check=reporter.check,
    )
    results = FolderResultStore(results_folder(settings))
    recordings = FolderRecordingStore(settings.cache / "recordings")
    results.prune()
    recordings.prune()
    made = bare_vendors(settings.vendors)
    semaphores = MemorySemaphores()
    cores, _ = on_cores(settings, semaphores)
    with _calls(settings, made) as (client, spent_usd):
        dependencies = EngineDependencies(own_rates(settings), made, lambda _: client, cores)
        factory = EngineFactory(settings, models, dependencies)
        asked = tuple(sorted(factory.routing.vendors))
        try:
            yield LocalRuntime(
                settings,
                models,
                replace(factory.engines(results), diarizer=factory.diarizer(results)),
                asked,
                spent_usd,
                semaphores,
                factory.own_translator,
                results,
                recordings,
            )
        finally:
            factory.close()


@contextmanager
def _calls(
    settings: Settings, made: Vendors
) -> Iterator[tuple[EngineClient, Callable[[], Decimal]]]:
    """How vendors are asked, and what they have charged so far."""
    if not STARTS:
        with local_vendor_process.calls_here(settings, Event()) as (here, ledger):
            yield here, ledger.spent_usd
        return
    # What goes wrong there is told here, or by the command that finds it stored.
    process = vendor_process(local_vendor_process.MODULE, drops=False, level=logging.CRITICAL)
    try:
        yield InAnotherProcess(made, process), partial(_spent_usd, process)
    finally:
        process.close()


def _spent_usd(process: VendorProcess) -> Decimal:
    if not process.started:
        return Decimal(0)
    spent_usd: Decimal = process.ask(None, None, CallContext(uuid4()))
    return spent_usd


def open_dub(folder: Path) -> tuple[Manifest | None, FolderBlobStore]:
    """The dub in a folder: its manifest, if there is one, and its files.

    Raises:
        DubUnfinished: its files are being replaced.
    """
    settle(folder)
    blobs = FolderBlobStore(folder)
    return read_manifest(blobs), blobs


def edits_in(folder: Path) -> Edits:
    """The lines of the dub in a folder, to be read.

    Raises:
        DubUnfinished: its files are being replaced.
    """
    return Edits(folder, open_dub(folder)[1])


@contextmanager
def editing(folder: Path) -> Iterator[tuple[Edits, Path]]:
    """The lines of the dub in a folder, which is locked; gives a scratch folder besides.

    Raises:
        FolderInUse: another process works in it.
        NoDubToEdit: there is no finished dub.
    """
    edits_in(folder).languages()
    with workspace(folder) as scratch:
        yield Edits(folder, FolderBlobStore(folder)), scratch


@contextmanager
def evaluation(check: Callable[[], None]) -> Iterator[Evaluate]:
    """The use case that scores finished dubs, with an encrypted scratch folder of its own.

    Raises:
        FolderNotWritable: there is no place for scratch in the data folder.
    """
    data = load_settings().data
    expect_writable(data)
    with closing(ScratchFolders(data / "scratch")) as folders, folders.folder() as scratch:
        yield Evaluate(scratch, check, settle)


def examine() -> list[Finding]:
    """What this machine has of all a local dub depends on, and how the service is that the settings
    name.
    """
    settings = load_settings()
    findings = [
        Finding("python", True, True, platform.python_version()),
        Finding("media libraries", True, True, f"PyAV {version('av')}"),
        _time_stretch(),
        _device(settings),
        examined(settings),
    ]
    with local_runtime() as machine:
        findings += _vendors(settings)
        findings += _local(machine)
    folders = {"models folder": settings.models, "results folder": settings.cache}
    if settings.database_url is not None:
        folders["data folder"] = settings.data
    for what, folder in folders.items():
        base = next(p for p in (folder, *folder.parents) if p.exists())
        free_gb = shutil.disk_usage(base).free / 1e9
        writable = os.access(base, os.W_OK)
        enough = writable and free_gb > 1.0
        detail = f"{folder}, {free_gb:.0f} GB free" + ("" if writable else ", not writable")
        findings.append(Finding(what, enough, True, detail, "Make room, or choose another folder."))
    return [*findings, *_service(settings)]


def _vendors(settings: Settings) -> Iterator[Finding]:
    """Those that have a key, asked for what costs nothing; Stripe has only its keys looked at."""
    for name, check in free_checks(settings.vendors).items():
        key = next(iter(vendor(name).secrets()), name)
        try:
            check()
        except VendorError as error:
            refused = error.fault in (ErrorKind.AUTH, ErrorKind.QUOTA)
            remedy = _KEY_REMEDY.format(key=key) if refused else _AWAY_REMEDY
            yield Finding(name, False, refused, str(error), remedy)
        else:
            yield Finding(name, True, False, "answers, and knows the key")
    if settings.money.stripe_secret_key is not None:
        yield Finding("stripe", True, False, "set up; it is not asked")


def _service(settings: Settings) -> Iterable[Finding]:
    """The service, where its database or its storage is named and it can run: a dub does without,
    and nothing of the service is loaded for one.
    """
    named = settings.database_url is not None or storage_origin(settings) is not None
    if not (named and hasattr(os, "fork")):
        return [Finding("service's files", True, False, place(settings))]
    module = importlib.import_module("ytdubber.bootstrap.deployment")
    findings: Iterable[Finding] = module.deployment(settings)
    return findings


def _time_stretch() -> Finding:
    engine = stretch.engine()
    detail = f"{engine.provider} {engine.model} {engine.version}"
    return Finding("time-stretch", not stretch.IS_OWN, False, detail, STRETCH_REMEDY)


def _device(settings: Settings) -> Finding:
    """What local engines compute on, and why not by CUDA."""
    used = used_devices(settings)
    detail = f"speech recognition on {used.whisper}, Kokoro's voices on {used.kokoro}"
    if settings.device == "cpu":
        return Finding("device", True, False, f"{detail}: YTDUBBER_DEVICE is cpu")
    why = f" (not cuda: {'; '.join(used.missing)})" if used.missing else ""
    return Finding("device", True, False, detail + why)


def _local(machine: LocalRuntime) -> list[Finding]:
    """Voices and models of this machine; needed are those that no vendor goes before."""
    there = espeak_installed()
    detail = "espeak-ng and Kokoro's phonemes" if there else "not installed"
    alone = not machine.settings.vendors.able("speak") & set(machine.vendors)
    findings = [Finding("local voices", there, alone, detail, ESPEAK_REMEDY)]
    needed = machine.needed(tuple(machine.engines.spoken()))
    for status in machine.models.list():
        findings.append(
            Finding(
                f"model {status.name}",
                status.present,
                status.name in needed,
                str(status.path) if status.present else "not here; a dub fetches it",
                f"Fetch it now with: ytdubber models pull {status.name}",
            )
        )
    return findings
