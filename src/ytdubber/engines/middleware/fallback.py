"""Several engines in order: the next is asked when one cannot."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, ModelMissing, PartMissing, VendorError
from ytdubber.domain.usage import Receipt
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Engine, Operation, Result

Choice = TypeVar("Choice")
Made = TypeVar("Made")

OnError = Callable[[VendorError], None]
"""Hears why an engine was passed over."""


def _ignored(error: VendorError) -> None:
    del error


@dataclass(frozen=True, slots=True)
class ByLanguage(Generic[Choice]):
    """Engines in order of preference.

    Attributes:
        usual: For every language without an order of its own.
        special: Orders of their own, by language.
    """

    usual: tuple[Choice, ...]
    special: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)

    def __call__(self, language: str | None) -> tuple[Choice, ...]:
        """The engines for a language."""
        return self.special.get(language or "", self.usual)

    def __iter__(self) -> Iterator[Choice]:
        """Every engine once."""
        seen: set[int] = set()
        for engine in (*self.usual, *(each for row in self.special.values() for each in row)):
            if id(engine) not in seen:
                seen.add(id(engine))
                yield engine


def fall_back(
    engines: Sequence[Choice],
    ask: Callable[[Choice], Made],
    on_error: OnError = _ignored,
    *,
    waits: bool = False,
) -> Made:
    """The answer of the first engine that can give one.

    Args:
        engines: At least one, in order of preference.
        ask: Asks one of them.
        on_error: Hears why an engine was passed over.
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
            on_error(error)
        except (ModelMissing, PartMissing):
            if not any(each.fault is not ErrorKind.UNSUPPORTED for each in errors):
                raise  # else the earlier failure is the one to know of: it may pass by itself
    raise next((each for each in errors if each.fault is not ErrorKind.UNSUPPORTED), errors[-1])


@dataclass(frozen=True, slots=True)
class Fallback:
    """The engines for each language, in order, as one `Engine`.

    All of an operation is one engine's: a text in two manners reads badly.

    Attributes:
        engines: At least one in all; there may be languages that nobody serves, for operations
            that can do without.
        on_error: Hears why an engine was passed over.
    """

    engines: ByLanguage[Engine]
    on_error: OnError = _ignored

    def describe(self, operation: Operation[Any]) -> EngineId:
        """The first one that can; who really did it is in the receipt."""
        able = self._able(operation) or tuple(self.engines)
        return able[0].describe(operation)

    def supports(self, operation: Operation[Any]) -> bool:
        """Whether one of them can."""
        return any(each.supports(operation) for each in self.engines(operation.routing_language))

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the first that can; what does otherwise, where none can."""
        able = self._able(operation)
        nothing = Receipt(self.describe(operation), operation.name, (), 0)
        if not able and (instead := operation.otherwise(nothing)) is not None:
            return instead
        try:
            return fall_back(
                able, lambda engine: engine.run(operation, call), self.on_error, waits=call.waits
            )
        except VendorError as error:
            waits = call.waits and error.fault.retryable
            instead = None if waits else operation.otherwise(error.receipt or nothing)
            if instead is None:
                raise
            self.on_error(error)
            return instead

    def warm_up(self) -> None:
        """Warm up the first: the others may never be needed."""
        self.engines.usual[0].warm_up()

    def close(self) -> None:
        """Close them all."""
        for engine in self.engines:
            engine.close()

    def _able(self, operation: Operation[Any]) -> tuple[Engine, ...]:
        """Those that can; all, to say so, where none can."""
        every = self.engines(operation.routing_language)
        return tuple(each for each in every if each.supports(operation)) or every
