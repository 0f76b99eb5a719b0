"""Several engines in order: the next is asked when one cannot."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Fault, ModelMissing, PartMissing, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.domain.usage import Receipt
from ytdubber.ports.call import Call
from ytdubber.ports.shortener import Overrun, Shortener
from ytdubber.ports.speech_to_text import SpeechToText, Transcription
from ytdubber.ports.translator import Line, TranslatedLine, Translation, Translator

Engine = TypeVar("Engine")
Made = TypeVar("Made")

Told = Callable[[VendorError], None]
"""Hears why an engine was passed over."""


def _unheard(error: VendorError) -> None:
    del error


@dataclass(frozen=True, slots=True)
class ByLanguage(Generic[Engine]):
    """Engines in order of preference.

    Attributes:
        usual: For every language without an order of its own.
        special: Orders of their own, by language.
    """

    usual: tuple[Engine, ...]
    special: Mapping[str, tuple[Engine, ...]] = field(default_factory=dict)

    def __call__(self, language: str | None) -> tuple[Engine, ...]:
        """The engines for a language."""
        return self.special.get(language or "", self.usual)

    def __iter__(self) -> Iterator[Engine]:
        """Every engine once."""
        seen: set[int] = set()
        for engine in (*self.usual, *(each for row in self.special.values() for each in row)):
            if id(engine) not in seen:
                seen.add(id(engine))
                yield engine


def fall_back(
    engines: Sequence[Engine],
    ask: Callable[[Engine], Made],
    told: Told = _unheard,
    *,
    waits: bool = False,
) -> Made:
    """The answer of the first engine that can give one.

    Args:
        engines: At least one, in order of preference.
        ask: Asks one of them.
        told: Hears why an engine was passed over.
        waits: Whether whoever asks comes again later: what passes by itself is then a failure of
            the whole, and no reason to ask another engine.

    Raises:
        VendorError: the first failure that says more than `unsupported`; at once where another
            engine would not help.
        BadInput: an engine is not whole on this machine, and no other has failed before it.
    """
    errors: list[VendorError] = []
    for engine in engines:
        try:
            return ask(engine)
        except VendorError as error:
            errors.append(error)
            if not error.fault.falls_back or (waits and error.fault.retryable):
                raise
            told(error)
        except (ModelMissing, PartMissing):
            if not any(each.fault is not Fault.UNSUPPORTED for each in errors):
                raise  # else the earlier failure is the one to know of: it may pass by itself
    raise next((each for each in errors if each.fault is not Fault.UNSUPPORTED), errors[-1])


@dataclass(frozen=True, slots=True)
class FallbackSpeechToText:
    """The recognizers of speech for each language, in order, as one."""

    engines: ByLanguage[SpeechToText]
    told: Told = _unheard

    @property
    def engine(self) -> EngineId:
        """The first one's; who really did it is in the receipt."""
        return self.engines.usual[0].engine

    @property
    def languages(self) -> frozenset[str]:
        """What any of them understands."""
        return frozenset().union(*(each.languages for each in self.engines))

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: Call
    ) -> Transcription:
        """As the first that can."""
        return fall_back(
            self.engines(language),
            lambda engine: engine.transcribe(audio, language, glossary, call),
            self.told,
            waits=call.waits,
        )

    def warm_up(self) -> None:
        """Warm up the first: the others may never be needed."""
        self.engines.usual[0].warm_up()

    def close(self) -> None:
        """Close them all."""
        for engine in self.engines:
            engine.close()


@dataclass(frozen=True, slots=True)
class FallbackTranslator:
    """The translators for each target language, in order, as one.

    All lines of a call are one engine's: a text in two manners reads badly.
    """

    engines: ByLanguage[Translator]
    told: Told = _unheard

    def engine(self, source: str, target: str) -> EngineId:
        """The first one's that knows the pair; who really did it is in the receipt."""
        return self._for(source, target)[0].engine(source, target)

    def translates(self, source: str, target: str) -> bool:
        """Whether one of them does."""
        return any(each.translates(source, target) for each in self.engines(target))

    def translate(
        self, lines: Sequence[Line], source: str, target: str, glossary: Sequence[str], call: Call
    ) -> Translation:
        """As the first that can."""
        return fall_back(
            self._for(source, target),
            lambda engine: engine.translate(lines, source, target, glossary, call),
            self.told,
            waits=call.waits,
        )

    def close(self) -> None:
        """Close them all."""
        for engine in self.engines:
            engine.close()

    def _for(self, source: str, target: str) -> tuple[Translator, ...]:
        """Those that know the pair; all, to say so, where none does."""
        every = self.engines(target)
        return tuple(each for each in every if each.translates(source, target)) or every


@dataclass(frozen=True, slots=True)
class FallbackShortener:
    """The shorteners for each target language, in order, as one that never fails for good.

    A dub whose lines stay as long as they were is worth more than none. There may be languages
    that nobody shortens.
    """

    engines: ByLanguage[Shortener]
    told: Told = _unheard

    def engine(self, source: str, target: str) -> EngineId:
        """The first one's; who really did it is in the receipt."""
        able = self.engines(target) or tuple(self.engines)
        return able[0].engine(source, target)

    def shorten(
        self,
        overruns: Sequence[Overrun],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: Call,
    ) -> Translation:
        """As the first that can; the texts as they were where none can."""
        same = tuple(TranslatedLine(each.id, each.text) for each in overruns)
        nothing = Receipt(self.engine(source, target), "shorten", (), 0)
        if not self.engines(target):
            return Translation(same, nothing)
        try:
            return fall_back(
                self.engines(target),
                lambda engine: engine.shorten(overruns, source, target, glossary, call),
                self.told,
                waits=call.waits,
            )
        except VendorError as error:
            if call.waits and error.fault.retryable:
                raise
            self.told(error)
            return Translation(same, error.receipt or nothing)
