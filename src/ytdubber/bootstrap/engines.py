"""The engines at hand, by the settings in force."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.adapters.filesystem.speaking_rates import FileSpeakingRates
from ytdubber.adapters.local.campplus import CampplusDiarizer
from ytdubber.adapters.local.device import Devices, devices
from ytdubber.adapters.local.espeak import EspeakSynthesizer
from ytdubber.adapters.local.firefox import FirefoxTranslator
from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.local.memory import keep_little
from ytdubber.adapters.local.silero import SileroVoiceActivity
from ytdubber.adapters.local.spleeter import SpleeterSeparator
from ytdubber.adapters.local.whisper import WhisperSpeechToText
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.app.casting.engines import Engines
from ytdubber.app.casting.remembered_rates import RememberedRates
from ytdubber.bootstrap.engine_client import EngineClient, InProcess, MakeClient
from ytdubber.bootstrap.vendors import Vendors, bare_vendors
from ytdubber.domain.errors import BadSetting, PartMissing, VendorError
from ytdubber.engines.direct import Direct, Port
from ytdubber.engines.keyed_lock import ThreadKeyedLock
from ytdubber.engines.middleware.base import Around, nothing_around
from ytdubber.engines.middleware.batch import Batched
from ytdubber.engines.middleware.cache import Cache
from ytdubber.engines.middleware.fallback import ByLanguage, Fallback
from ytdubber.engines.middleware.limit import ConcurrencyLimit
from ytdubber.engines.middleware.split import SplitText
from ytdubber.engines.remote.protocol import Target
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.engines.vendor import registry
from ytdubber.engines.vendor.plugin import Use
from ytdubber.log import get_logger
from ytdubber.ports.engine import Engine
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.semaphores import Semaphores
from ytdubber.ports.speaking_rates import SpeakingRates
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText
from ytdubber.ports.voice_separator import VoiceSeparator
from ytdubber.settings import LOCAL_VOICES, EngineOrder, Settings, VendorSettings

Choice = TypeVar("Choice")

log = get_logger(__name__)


def espeak_installed() -> bool:
    """Whether the optional extra `espeak` is there: its voices and Kokoro's phonemes."""
    return find_spec("espeakng_loader") is not None


def local_models(settings: Settings, check: Callable[[], None] = lambda: None) -> LocalModelStore:
    """The models of this machine; `check` raises to stop what is being fetched."""
    return LocalModelStore(
        settings.models, settings.translation_folders, offline=settings.offline, check=check
    )


@dataclass(frozen=True, slots=True)
class Local:
    """Engines on local models, by name; each loads when it is first used."""

    speech_to_text: SpeechToText
    separator: VoiceSeparator
    translator: FirefoxTranslator
    synthesizers: Mapping[str, SpeechSynthesizer]
    diarizer: CampplusDiarizer

    def close(self) -> None:
        """Give back every model's memory."""
        self.speech_to_text.close()
        self.separator.close()
        self.diarizer.close()
        self.translator.close()
        for synthesizer in self.synthesizers.values():
            synthesizer.close()


def local(settings: Settings, models: LocalModelStore) -> Local:
    """The engines of this machine; no voices where `espeak` is not installed."""
    keep_little()
    used = used_devices(settings)
    synthesizers: dict[str, SpeechSynthesizer] = {}
    if espeak_installed():
        synthesizers = {
            "kokoro": KokoroSynthesizer(models, used.kokoro),
            "espeak": EspeakSynthesizer(),
        }
    threads = settings.threads or os.cpu_count() or 1
    speech_to_text = WhisperSpeechToText(models, threads=threads, device=used.whisper)
    separator = SpleeterSeparator(models, threads)
    diarizer = CampplusDiarizer(models, threads)
    return Local(speech_to_text, separator, FirefoxTranslator(models), synthesizers, diarizer)


def used_devices(settings: Settings) -> Devices:
    """What local engines compute on.

    Raises:
        BadSetting: a graphics card is asked for that cannot be used.
    """
    used = devices(settings.device)
    if settings.device == "cuda" and used.missing:
        reason = f"cuda cannot be used here: {'; '.join(used.missing)}. Set it to auto or cpu."
        raise BadSetting(variable="YTDUBBER_DEVICE", reason=reason)
    return used


@dataclass(frozen=True, slots=True)
class EngineRouting:
    """Which engines are asked, in which order.

    Attributes:
        listen: To hear.
        translate: To translate.
        speak: To speak.
        premium_speak: To speak in jobs of the premium tier; nobody where there are no vendors.
    """

    listen: EngineOrder
    translate: EngineOrder
    speak: EngineOrder
    premium_speak: EngineOrder

    @property
    def vendors(self) -> frozenset[str]:
        """The vendors that may be asked."""
        every = (self.listen, self.translate, self.speak, self.premium_speak)
        return frozenset(name for order in every for name in order) - {"local", *LOCAL_VOICES}


def engine_routing(settings: VendorSettings) -> EngineRouting:
    """As they are set; vendors that are set up before the engines of this machine where they are
    not.
    """

    def usual(use: Use) -> tuple[str, ...]:
        return tuple(name for name in registry.usual(use) if name in settings.able(use))

    return EngineRouting(
        settings.listen.or_else((*usual("listen"), "local")),
        settings.translate.or_else((*usual("translate"), "local")),
        settings.speak.or_else((*usual("speak"), "local")),
        settings.premium_speak.or_else(usual("premium_speak")),
    )


@dataclass(frozen=True, slots=True)
class EngineDependencies:
    """What engines are used with.

    Attributes:
        rates: How fast voices speak.
        vendors: The vendors that have a key.
        client: How they are asked.
        cores: What is put around the engines of this machine.
    """

    rates: SpeakingRates
    vendors: Vendors
    client: MakeClient
    cores: Around = nothing_around


CORES = "cores"
"""What those take permits of who compute on this machine."""


def on_cores(settings: Settings, slots: Semaphores) -> tuple[Around, int]:
    """What is put around engines of this machine, and how many of them may compute at once."""
    count = settings.cores or os.cpu_count() or 1
    return lambda engine: ConcurrencyLimit(engine, slots, CORES, count), count


def results_folder(settings: Settings) -> Path:
    """What the engines of a machine of one's own made."""
    return settings.cache / "results"


def own_rates(settings: Settings) -> SpeakingRates:
    """How fast voices speak, as a machine of one's own found out."""
    return FileSpeakingRates(settings.cache / "speaking-rates.json")


def catalogue(settings: Settings) -> Engines:
    """The engines for whoever only looks at what they can do: a call would leave no record."""
    made = bare_vendors(settings.vendors)
    dependencies = EngineDependencies(
        own_rates(settings), made, partial(InProcess, made, ThreadKeyedLock())
    )
    results = FolderResultStore(results_folder(settings))
    return EngineFactory(settings, local_models(settings), dependencies).engines(results)


class EngineFactory:
    """The engines of a process, one of each.

    Args:
        settings: The settings in force.
        models: The models of this machine.
        dependencies: What the engines are used with.

    Raises:
        PartMissing: something the settings name is not installed.
    """

    def __init__(
        self, settings: Settings, models: LocalModelStore, dependencies: EngineDependencies
    ) -> None:
        _need_voices(settings.vendors)
        self.vendors = dependencies.vendors
        self.routing = engine_routing(settings.vendors)
        self._local = local(settings, models)
        self._dependencies = dependencies
        self._activity = SileroVoiceActivity()
        self._passed_over = _PassedOver()

    def engines(self, results: ResultStore) -> Engines:
        """The engines, none of which makes anything twice that is in this store."""
        client = self._dependencies.client(results)
        translators = self._translators(client, results)
        shorteners = {name: row for name, row in translators.items() if name != "local"}
        synthesizers = self._synthesizers(client, results)
        standard = _by_language(self.routing.speak, synthesizers)
        shortening = _by_language(self.routing.translate, shorteners)
        return Engines(
            speech_to_text=Fallback(
                _by_language(self.routing.listen, self._transcribers(client, results)),
                self._passed_over,
            ),
            voice_activity=self._activity,
            translator=Fallback(
                _by_language(self.routing.translate, translators), self._passed_over
            ),
            synthesizers=standard.usual,
            rates=RememberedRates(self._dependencies.rates, results),
            shortener=Fallback(shortening, self._passed_over) if any(shortening) else None,
            special=standard.special,
            premium=_by_language(self.routing.premium_speak, synthesizers),
            # Whoever separates holds a core meanwhile, for what is done around it, too.
            separator=Cache(Direct(self._local.separator), results),
        )

    def worker_engines(self, results: ResultStore) -> Engines:
        """The same for a worker: where vendors transcribe, this machine tells speakers apart only
        when it is asked to.
        """
        order = self.routing.listen
        here = any(names[:1] == ("local",) for names in (order.usual, *order.special.values()))
        return replace(
            self.engines(results), diarizer=self.diarizer(results), diarizes_unasked=here
        )

    def diarizer(self, results: ResultStore) -> Engine:
        """What tells speakers apart on this machine."""
        return self._here(self._local.diarizer, results)

    @property
    def own_translator(self) -> FirefoxTranslator:
        """The one on this machine."""
        return self._local.translator

    def close(self) -> None:
        """Give back models and connections."""
        self.vendors.close()
        self._local.close()

    def _transcribers(
        self, client: EngineClient, results: ResultStore
    ) -> dict[str, tuple[Engine, ...]]:
        made: dict[str, tuple[Engine, ...]] = {
            "local": (self._here(self._local.speech_to_text, results),)
        }
        for name in self.vendors.speech_to_text:
            made[name] = (client.engine(Target("transcribe", name)),)
        return made

    def _translators(
        self, client: EngineClient, results: ResultStore
    ) -> dict[str, tuple[Engine, ...]]:
        """Those of vendors shorten, too."""
        here = self._here(self._local.translator, results)
        made: dict[str, tuple[Engine, ...]] = {"local": (here,)}
        for name, row in self.vendors.translators.items():
            made[name] = tuple(
                Batched(client.engine(Target("translate", name, place)))
                for place in range(len(row))
            )
        return made

    def _synthesizers(
        self, client: EngineClient, results: ResultStore
    ) -> dict[str, tuple[Synthesizer, ...]]:
        made: dict[str, tuple[Synthesizer, ...]] = {
            name: (Synthesizer(port, self._here(port, results)),)
            for name, port in self._local.synthesizers.items()
        }
        made["local"] = tuple(each for row in made.values() for each in row)
        for name, vendor in self.vendors.synthesizers.items():
            asked = SplitText(client.engine(Target("synthesize", name)), vendor.port.capabilities)
            made[name] = (Synthesizer(vendor.port, asked),)
        return made

    def _here(self, port: Port, results: ResultStore) -> Engine:
        """An engine of this machine."""
        return Cache(self._dependencies.cores(Direct(port)), results)


def _by_language(order: EngineOrder, made: Mapping[str, tuple[Choice, ...]]) -> ByLanguage[Choice]:
    """The engines in this order; names that stand for none here are passed over."""

    def row(names: tuple[str, ...]) -> tuple[Choice, ...]:
        found = [engine for name in names for engine in made.get(name, ())]
        return tuple({id(engine): engine for engine in found}.values())

    return ByLanguage(row(order.usual), {k: row(names) for k, names in order.special.items()})


def _need_voices(settings: VendorSettings) -> None:
    """Make sure that local voices are here where they are named."""
    for variable, order in (
        ("YTDUBBER_SPEAK", settings.speak),
        ("YTDUBBER_PREMIUM_SPEAK", settings.premium_speak),
    ):
        if not espeak_installed() and {"local", *LOCAL_VOICES} & set(order):
            raise PartMissing(
                part="espeak-ng", purpose=variable, command="pip install 'ytdubber[espeak]'"
            )


class _PassedOver:
    """Tells of an engine in whose place another is asked, once for each reason."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str]] = set()

    def __call__(self, error: VendorError) -> None:
        """Another engine is asked."""
        new = (error.provider, error.fault) not in self._told
        self._told.add((error.provider, error.fault))
        say = log.warning if new else log.debug
        say("engine.passed_over", error=error)
