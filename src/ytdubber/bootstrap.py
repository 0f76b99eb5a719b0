"""Puts settings and adapters together; nothing else knows both."""

import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.filesystem.speaking_rates import FileSpeakingRates
from ytdubber.adapters.filesystem.workspace import workspace
from ytdubber.adapters.local.espeak import EspeakSynthesizer
from ytdubber.adapters.local.firefox import FirefoxTranslator
from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.local.silero import SileroVoiceActivity
from ytdubber.adapters.local.whisper import WhisperSpeechToText
from ytdubber.adapters.memory.unit_of_work import MemoryDatabase
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.dub_recording import DubRecording
from ytdubber.app.engines import Engines
from ytdubber.app.evaluate import Evaluate
from ytdubber.app.manifest import Manifest, read_manifest
from ytdubber.app.remembered import (
    RememberedSpeechToText,
    RememberedSynthesizer,
    RememberedTranslator,
)
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer
from ytdubber.settings import Settings, load_settings

ESPEAK_REMEDY = "Install more voices with: pip install 'ytdubber[espeak]'."
SPEECH_MODELS = ("kokoro-82m", "kokoro-voices")


def _ignore(*_: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Watcher:
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
class Machine:
    """This machine with its models and engines; engines load when first used."""

    settings: Settings
    models: LocalModelStore
    engines: Engines

    @contextmanager
    def folder(self, out: Path) -> Iterator[Path]:
        """The output folder, locked; gives a scratch folder."""
        with workspace(out) as scratch:
            yield scratch

    def dub_recording(self, out: Path) -> DubRecording:
        """The use case that dubs into the folder `out`."""
        return DubRecording(
            engines=self.engines,
            transactions=MemoryDatabase().begin,
            blobs=FolderBlobStore(out),
            clock=SystemClock(),
            models=self.models.hashes,
        )

    def fetch_needed(self, targets: tuple[str, ...]) -> None:
        """Fetch the models that hearing, and speaking the targets, will certainly need.

        Raises:
            ModelMissing: one is not here and cannot be fetched.
        """
        wanted = ["whisper-base"]
        speakers = {self.engines.cast(language, None)[0].engine.provider for language in targets}
        if "kokoro" in speakers:
            wanted += SPEECH_MODELS
        for name in wanted:
            if not self.models.present(name):
                self.models.open(name)

    def close(self) -> None:
        """Close every engine."""
        self.engines.close()


@contextmanager
def local_machine(watcher: Watcher | None = None) -> Iterator[Machine]:
    """Everything local, by the settings in force.

    Raises:
        BadSetting: a setting is wrong.
    """
    watcher = watcher or Watcher()
    settings = load_settings()
    models = LocalModelStore(
        settings.models,
        settings.translation_folders,
        offline=settings.offline,
        say=watcher.say,
        progress=watcher.fetching,
        check=watcher.check,
    )
    results = FolderResultStore(settings.home / "results")
    results.prune()
    threads = settings.threads or os.cpu_count() or 1
    spoken: list[SpeechSynthesizer] = []
    if espeak_installed():
        spoken = [KokoroSynthesizer(models), EspeakSynthesizer()]
    engines = Engines(
        speech_to_text=RememberedSpeechToText(
            WhisperSpeechToText(models, threads=threads), results
        ),
        voice_activity=SileroVoiceActivity(),
        translator=RememberedTranslator(FirefoxTranslator(models), results),
        synthesizers=tuple(RememberedSynthesizer(each, results) for each in spoken),
        rates=FileSpeakingRates(settings.home / "speaking-rates.json"),
        speaking_remedy="" if spoken else ESPEAK_REMEDY,
    )
    machine = Machine(settings, models, engines)
    try:
        yield machine
    finally:
        machine.close()


def espeak_installed() -> bool:
    """Whether the optional extra `espeak` is there: its voices and Kokoro's phonemes."""
    return find_spec("espeakng_loader") is not None


def open_dub(folder: Path) -> tuple[Manifest | None, FolderBlobStore]:
    """The dub in a folder: its manifest, if there is one, and its files."""
    blobs = FolderBlobStore(folder)
    return read_manifest(blobs), blobs


@contextmanager
def evaluation(check: Callable[[], None]) -> Iterator[Evaluate]:
    """The use case that scores finished dubs, with a scratch folder of its own."""
    with tempfile.TemporaryDirectory(prefix="ytdubber-") as scratch:
        yield Evaluate(Path(scratch), check)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a dub depends on."""

    what: str
    ok: bool
    needed: bool
    detail: str
    remedy: str = ""


def examine() -> list[Finding]:
    """What this machine has of all a local dub depends on."""
    settings = load_settings()
    findings = [
        Finding("python", True, True, platform.python_version()),
        Finding("media libraries", True, True, f"PyAV {version('av')}"),
        Finding(
            "local voices",
            espeak_installed(),
            True,
            "espeak-ng and Kokoro's phonemes" if espeak_installed() else "not installed",
            ESPEAK_REMEDY,
        ),
    ]
    with local_machine() as machine:
        for status in machine.models.list():
            findings.append(
                Finding(
                    f"model {status.name}",
                    status.present,
                    status.name in ("whisper-base", *SPEECH_MODELS),
                    str(status.path) if status.present else "not here; a dub fetches it",
                    f"Fetch it now with: ytdubber models pull {status.name}",
                )
            )
    for what, folder in (("models folder", settings.models), ("results folder", settings.home)):
        base = next(p for p in (folder, *folder.parents) if p.exists())
        free_gb = shutil.disk_usage(base).free / 1e9
        writable = os.access(base, os.W_OK)
        enough = writable and free_gb > 1.0
        detail = f"{folder}, {free_gb:.0f} GB free" + ("" if writable else ", not writable")
        findings.append(Finding(what, enough, True, detail, "Make room, or choose another folder."))
    return findings
