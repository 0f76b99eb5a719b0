"""Translation by Firefox's models, through fxtranslate."""

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import TYPE_CHECKING

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Fault, VendorError
from ytdubber.ports.call import Call
from ytdubber.ports.model_store import ModelStore
from ytdubber.ports.translator import Line, TranslatedLine, Translation

from .firefox_lines import continues, groups, part, spaced, with_case_of
from .firefox_models import FirefoxModels, Pair
from .receipts import Meter

if TYPE_CHECKING:
    import fxtranslate

PROVIDER = "firefox"

KNOWN = ("firefox-en-pt", "firefox-pt-en")
"""The models a store can fetch from a package, where Mozilla's own hub cannot be reached."""


class FirefoxTranslator:
    """Small models that translate hundreds of sentences a second, by way of English if need be.

    They know neither glossaries nor lengths: both wishes are left to other engines. All work is
    done by one thread, since fxtranslate binds a model to the thread that loaded it.

    Args:
        models: Where models are; a user's folders win over the store.
        known: Names of models the store can fetch, `firefox-<source>-<target>`.
    """

    def __init__(self, models: ModelStore, known: Iterable[str] = KNOWN) -> None:
        self._models = FirefoxModels(models, known)
        self._lock = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._loaded = threading.local()

    def engine(self, source: str, target: str) -> EngineId:
        """The pairs gone through, the library's version and the hashes of the models."""
        route = self._route(source, target)
        return EngineId(
            PROVIDER,
            "+".join("-".join(pair) for pair in route),
            "+".join([version("fxtranslate"), *map(self._models.version, route)]),
        )

    def translates(self, source: str, target: str) -> bool:
        """Whether there is a model for the pair, or two by way of English."""
        return bool(self._models.route(source, target))

    def translate(
        self, lines: Sequence[Line], source: str, target: str, glossary: Sequence[str], call: Call
    ) -> Translation:
        """Every line, translated together with the lines it makes a clause with."""
        route = self._route(source, target)
        engine = self.engine(source, target)
        meter = Meter(engine, "translate", "characters")
        translated: dict[int, str] = {}
        before: Line | None = None
        parts = groups(lines)
        for done, group in enumerate(parts):
            call.check()
            texts = self._translate_group(group, route)
            for line, text in zip(group, texts, strict=True):
                kept = continues(before, line)
                translated[id(line)] = (
                    with_case_of(line.text.strip(), text, target) if kept else text
                )
                before = line
            call.progress((done + 1) / len(parts))
        return Translation(
            lines=tuple(TranslatedLine(line.id, translated.get(id(line), "")) for line in lines),
            receipt=meter.receipt(sum(len(line.text) for line in lines)),
        )

    def close(self) -> None:
        """Give back the models' memory; calling again loads them again."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.shutdown(wait=True)

    def _route(self, source: str, target: str) -> tuple[Pair, ...]:
        route = self._models.route(source, target)
        if not route:
            raise VendorError(PROVIDER, Fault.UNSUPPORTED, f"no model for {source}-{target}")
        return route

    def _translate_group(self, group: Sequence[Line], route: Sequence[Pair]) -> list[str]:
        """The translation of lines that belong together, one text a line, none of them empty."""
        texts = [line.text.strip() for line in group]
        if len(texts) == 1:
            return [self._translate_text(texts[0], route)]
        whole = self._translate_text(" ".join(texts), route)
        parted = part(whole, [len(text) for text in texts], route[-1][1])
        return parted or [self._translate_text(text, route) for text in texts]

    def _translate_text(self, text: str, route: Sequence[Pair]) -> str:
        """The translation; the text itself where it holds no letters or nothing comes back."""
        if not any(map(str.isalpha, text)):
            return text
        for pair in route:
            text = self._worker().submit(self._run, pair, text).result() or text
        return text

    def _worker(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="firefox")
            return self._thread

    def _run(self, pair: Pair, text: str) -> str:
        """Translate in the worker's own thread, whose models end with it."""
        loaded: dict[Pair, fxtranslate.Translator] = self._loaded.__dict__.setdefault("models", {})
        if pair not in loaded:
            loaded[pair] = self._load(pair)
        try:
            return spaced(loaded[pair].translate_long(text))
        except ValueError as error:
            raise VendorError(PROVIDER, Fault.BAD_OUTPUT, str(error)) from error

    def _load(self, pair: Pair) -> "fxtranslate.Translator":
        import fxtranslate

        try:
            files = self._models.open(pair)
            return fxtranslate.Translator(
                files.model.read_bytes(),
                files.source_vocabulary.read_bytes(),
                files.target_vocabulary.read_bytes(),
            )
        except (LookupError, OSError, ValueError) as error:
            raise VendorError(
                PROVIDER, Fault.UNAVAILABLE, f"the model {'-'.join(pair)} does not load: {error}"
            ) from error
