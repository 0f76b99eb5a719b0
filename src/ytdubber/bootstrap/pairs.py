"""Translation models fetched when a dub needs them, and which there are to fetch."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from ytdubber.adapters.local.firefox import FirefoxTranslator
from ytdubber.adapters.local.firefox_models import PIVOT
from ytdubber.adapters.models.pairs import names_of
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.adapters.models.transfer import SourceFailed
from ytdubber.bootstrap.engines import local_models
from ytdubber.domain.errors import (
    BadInput,
    ModelCorrupt,
    ModelMissing,
    PairNotFetched,
    PairNotOffered,
    UnknownModel,
)
from ytdubber.domain.languages import target as language
from ytdubber.log import get_logger
from ytdubber.settings import Settings

Pair = tuple[str, str]

FRESH_S = 3_600.0
"""How long the catalogue is believed."""
AGAIN_S = 60.0
"""After so long it is asked for again where it could not be read."""

log = get_logger(__name__)


def fetch_pair(
    models: LocalModelStore, translator: FirefoxTranslator, source: str, target: str
) -> None:
    """Bring what translates a pair to this machine: one model, or two by way of English.

    Raises:
        ModelMissing: it cannot be fetched, and why; at once where this machine works offline, after
            a few seconds where nothing answers.
        ModelCorrupt: what is here of it is not what it should be.
        PairNotOffered: nobody delivers it.
    """
    for half in legs(source, target):
        if not translator.whole(*half):
            _fetch(models, *half)
            translator.look_again()


def fetch_for_service(
    settings: Settings,
    translator: FirefoxTranslator,
    source: str,
    target: str,
    check: Callable[[], None],
) -> None:
    """The same for a job of somebody who can do nothing about this machine. Hosts that did not
    answer before are asked again.

    Raises:
        PairNotFetched: it cannot be fetched now; never where this machine works offline.
        PairNotOffered: nobody delivers it.
    """
    translator.look_again()  # another process may have fetched it
    if settings.offline:
        return
    try:
        fetch_pair(local_models(settings, check), translator, source, target)
    except (ModelMissing, ModelCorrupt) as error:
        log.warning("pair.not_fetched", source=source, target=target, error=error)
        raise PairNotFetched(source=source, target=target) from error


def legs(source: str, target: str) -> tuple[Pair, ...]:
    """What is gone through from one language to the other: every model has English on one side."""
    whole = PIVOT in (source, target)
    return ((source, target),) if whole else ((source, PIVOT), (PIVOT, target))


def _fetch(models: LocalModelStore, source: str, target: str) -> None:
    for name in names_of(source, target):
        with suppress(UnknownModel):
            models.open(name)
            return
    raise PairNotOffered(source=source, target=target)


class Offered:
    """The pairs that can be fetched, by our codes; read when first asked for, and now and then.

    Args:
        models: Opens the store of this machine.
        now_s: Tells the time, in seconds from any moment.
    """

    def __init__(
        self, models: Callable[[], LocalModelStore], now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._models = models
        self._now_s = now_s
        self._lock = threading.Lock()
        self._pairs: frozenset[Pair] | None = None
        self._due_s = now_s()
        self._reading: threading.Thread | None = None

    def pairs(self, wait_s: float | None = None) -> frozenset[Pair] | None:
        """As they were read last; None where they could not be read, or not within `wait_s`."""
        with self._lock:
            if self._reading is None and self._now_s() >= self._due_s:
                self._reading = threading.Thread(target=self._read, name="catalogue", daemon=True)
                self._reading.start()
            reading = self._reading
        if reading is not None:
            reading.join(wait_s)
        return self._pairs

    def __call__(self, source: str, target: str, translates: Callable[[str, str], bool]) -> bool:
        """Whether what is not here of a pair can be fetched; False where that is not known.

        Raises:
            PairNotOffered: it cannot, as the catalogue says.
        """
        pairs = self.pairs()
        if pairs is None:
            return False
        if all(leg in pairs or translates(*leg) for leg in legs(source, target)):
            return True
        raise PairNotOffered(source=source, target=target)

    def _read(self) -> None:
        found: frozenset[Pair] | None = None
        try:
            found = _by_our_codes(self._models().offered())
        except SourceFailed as error:
            log.warning("pair.catalogue_unknown", reason=str(error))
        with self._lock:
            self._pairs = found if found is not None else self._pairs
            self._due_s = self._now_s() + (AGAIN_S if found is None else FRESH_S)
            self._reading = None


def _by_our_codes(offered: frozenset[Pair]) -> frozenset[Pair]:
    """The pairs of languages that we know, as long as they are found under those names."""
    found = set()
    for theirs in offered:
        with suppress(BadInput):  # a language, or a way of writing one, that is not made here
            ours = (language(theirs[0]), language(theirs[1]))
            if "firefox-{}-{}".format(*theirs) in names_of(*ours):
                found.add(ours)
    return frozenset(found)
