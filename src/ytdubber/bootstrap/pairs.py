"""Translation models fetched when a dub needs them."""

from contextlib import suppress

from ytdubber.adapters.local.firefox import FirefoxTranslator
from ytdubber.adapters.local.firefox_models import PIVOT
from ytdubber.adapters.models.pairs import names_of
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.domain.errors import PairNotOffered, UnknownModel


def fetch_pair(
    models: LocalModelStore, translator: FirefoxTranslator, source: str, target: str
) -> None:
    """Bring what translates a pair to this machine: one model, or two by way of English.

    Raises:
        ModelMissing: it cannot be fetched, and why; at once where this machine works offline, after
            a few seconds where nothing answers.
        PairNotOffered: nobody delivers it.
    """
    whole = PIVOT in (source, target)
    for half in ((source, target),) if whole else ((source, PIVOT), (PIVOT, target)):
        if not translator.translates(*half):
            _fetch(models, *half)
            translator.look_again()


def _fetch(models: LocalModelStore, source: str, target: str) -> None:
    for name in names_of(source, target):
        with suppress(UnknownModel):
            models.open(name)
            return
    raise PairNotOffered(source=source, target=target)
